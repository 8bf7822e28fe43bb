package dev.countersign.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.countersign.store.PostgresTransactions.Isolation;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store in a PostgreSQL database, for any number of nodes.
///
/// A write is one transaction on a connection of a small pool: serializable, or read committed when its work guards
/// itself. One that the database takes back because another came between is run again.
public final class PostgresStore implements Store {
    private static final int WAITING = 8_192;

    private final StoreAddress.Postgres address;
    private final PatientSource source;
    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final PostgresThreads writing = new PostgresThreads("store-writer", PostgresPools.WRITERS, WAITING);
    private final PostgresThreads reading = new PostgresThreads("store-reader", PostgresPools.READERS, WAITING);
    private final Vitals vitals = new Vitals();
    private final Pulse pulse;
    private final PostgresTransactions transactions;
    private final Notices notices;

    private PostgresStore(StoreAddress.Postgres address, InstantSource clock, boolean watchesClock) {
        this.address = address;
        this.source = PostgresPools.pooled(address);
        this.writers = PostgresPools.writers(source);
        this.readers = PostgresPools.readers(source);
        this.pulse = new Pulse(PostgresPools.asking(address), clock, vitals, watchesClock);
        this.transactions = new PostgresTransactions(clock, vitals, pulse);
        this.notices = new Notices(address);
    }

    /// Opens the store in this database, and makes its tables where there are none.
    ///
    /// @throws StoreRefused when it would not be safe to work with: not ours, too new, too old a PostgreSQL, one
    ///     that does not wait for the disk, or a clock that is not ours
    static PostgresStore open(StoreAddress.Postgres address, InstantSource clock) {
        // Only the system's clock is anybody's idea of the time.
        return open(address, clock, clock.equals(InstantSource.system()));
    }

    /// @param watchesClock whether the clock must go like the database's
    static PostgresStore open(StoreAddress.Postgres address, InstantSource clock, boolean watchesClock) {
        new PostgresOpening(address).prepare();
        var store = new PostgresStore(address, clock, watchesClock);
        try {
            store.pulse.start();
        } catch (RuntimeException refused) {
            store.close();
            throw refused;
        }
        return store;
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        return run(Isolation.SERIALIZABLE, work);
    }

    @Override
    public <T extends @Nullable Object> T writeGuarded(Work<T> work) {
        return run(Isolation.GUARDED, work);
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        return run(Isolation.SNAPSHOT, work);
    }

    @Override
    public <T extends @Nullable Object> T look(Work<T> work) {
        return run(Isolation.STATEMENT, work);
    }

    private <T extends @Nullable Object> T run(Isolation isolation, Work<T> work) {
        pulse.refuse(isolation.writes());
        var threads = isolation.writes() ? writing : reading;
        var pool = isolation.writes() ? writers : readers;
        return threads.run(new Job<>(work), job -> transactions.run(pool, isolation, job));
    }

    @Override
    public Health health() {
        return pulse.trouble().<Health>map(Health.Paused::new).orElseGet(vitals::health);
    }

    @Override
    public int waiting() {
        return writing.waiting() + reading.waiting();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Subscription subscribe(String channel, Runnable heard) {
        return notices.subscribe(channel, heard);
    }

    /// PostgreSQL keeps its own constraints and checksums; nothing here could look deeper.
    @Override
    public List<String> check() {
        return List.of();
    }

    @Override
    public void backup(Path target) {
        throw new StoreRefused("a PostgreSQL store is backed up with PostgreSQL's own tools, pg_dump or a base backup"
                + " with WAL archiving: see docs/how-to/run-on-postgresql.md");
    }

    @Override
    public void close() {
        notices.close();
        writing.close();
        reading.close();
        pulse.close();
        source.close();
        writers.close();
        readers.close();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
