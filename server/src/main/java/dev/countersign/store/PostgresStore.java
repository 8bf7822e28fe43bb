package dev.countersign.store;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A store in a PostgreSQL database, for any number of nodes.
///
/// A write is one transaction on a connection of a small pool: serializable, or read committed when its work guards
/// itself. One that the database takes back because another came between is run again.
public final class PostgresStore implements Store {
    private static final int WAITING = 8_192;

    /// How often a work is run at most before whoever asked hears that too much happens at once.
    private static final int ATTEMPTS = 60;

    /// How often it is run again for a unique value that is taken, or a connection that went before the commit.
    private static final int LOOKS_AGAIN = 3;

    /// How old a write may be when it is committed. Its entry says when it began, and times in the ledger must not
    /// go back by more than what clocks differ: one whose process was stopped in its midst is run again, as of now.
    private static final Duration OLDEST = Duration.ofSeconds(5);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final StoreAddress.Postgres address;
    private final PatientSource source;
    private final HikariDataSource writers;
    private final HikariDataSource readers;
    private final InstantSource clock;
    private final Vitals vitals;
    private final Pulse pulse;
    private final Notices notices;
    private final Semaphore places = new Semaphore(WAITING);
    private final AtomicLong transactions = new AtomicLong();
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    private PostgresStore(StoreAddress.Postgres address, InstantSource clock, boolean watchesClock) {
        this.address = address;
        this.clock = clock;
        this.vitals = new Vitals();
        this.source = PostgresPools.pooled(address);
        this.writers = PostgresPools.writers(source);
        this.readers = PostgresPools.readers(source);
        this.pulse = new Pulse(PostgresPools.asking(address), clock, vitals, watchesClock);
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
        return run(writers, Isolation.SERIALIZABLE, work);
    }

    @Override
    public <T extends @Nullable Object> T writeGuarded(Work<T> work) {
        return run(writers, Isolation.GUARDED, work);
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        return run(readers, Isolation.SNAPSHOT, work);
    }

    @Override
    public <T extends @Nullable Object> T look(Work<T> work) {
        return run(readers, Isolation.STATEMENT, work);
    }

    private enum Isolation {
        SERIALIZABLE,
        GUARDED,
        SNAPSHOT,
        STATEMENT;

        boolean writes() {
            return this == SERIALIZABLE || this == GUARDED;
        }
    }

    private <T extends @Nullable Object> T run(HikariDataSource pool, Isolation isolation, Work<T> work) {
        if (inside.get()) {
            throw new IllegalStateException("a work asked the store for another work: use the Tx it was given");
        }
        if (!places.tryAcquire()) {
            throw new Overloaded(WAITING);
        }
        inside.set(true);
        try {
            for (int attempt = 1; ; attempt++) {
                pulse.refuse(isolation.writes());
                try {
                    return once(pool, isolation, work, attempt <= LOOKS_AGAIN);
                } catch (CameBetween another) {
                    if (attempt == ATTEMPTS) {
                        throw new StoreFailed("too many others changed the same at once", another);
                    }
                    pause(attempt);
                }
            }
        } finally {
            inside.remove();
            places.release();
        }
    }

    /// Another transaction came between: nothing of this one is kept, and it may be run again.
    private static final class CameBetween extends Exception {
        private static final long serialVersionUID = 1;

        CameBetween(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    /// Longer from time to time, and never as long as the others that were in the way.
    private static void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE_NANOS, 200_000L << Math.min(attempt, 12));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }

    private <T extends @Nullable Object> T once(
            HikariDataSource pool, Isolation isolation, Work<T> work, boolean looksAgain) throws CameBetween {
        try (var connection = pool.getConnection();
                var session = new PostgresSession(connection)) {
            connection.setAutoCommit(isolation == Isolation.STATEMENT);
            if (isolation == Isolation.SERIALIZABLE) {
                session.run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            }
            long number = isolation.writes() ? transactions.incrementAndGet() : 0;
            var job = new Job<T>(work);
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            job.run(new Tx(session, now, number));
            var failure = job.failure();
            boolean again = false;
            if (failure == null && isolation.writes() && isOld(now)) {
                failure = new StoreFailed("it took too long to be told as of when it began");
                rollBack(connection, failure);
                again = looksAgain;
            } else if (failure == null) {
                failure = end(connection, isolation);
            } else {
                if (isolation != Isolation.STATEMENT) {
                    rollBack(connection, failure);
                }
                again = looksAgain && (Trouble.isTaken(failure) || Trouble.isGone(failure));
            }
            if (failure != null) {
                job.rolledBack();
                if (again || Trouble.cameBetween(failure)) {
                    throw new CameBetween(failure);
                }
                suffered(failure);
                job.failedWith(failure);
            } else {
                vitals.good();
            }
            job.tell();
            return job.outcome();
        } catch (SQLException unreachable) {
            suffered(unreachable);
            throw Job.failed(unreachable);
        }
    }

    private void suffered(Throwable failure) {
        if (Trouble.of(failure) != Trouble.NONE) {
            vitals.suffered(failure);
            pulse.doubt();
        }
    }

    private boolean isOld(Instant began) {
        return clock.instant().isAfter(began.plus(OLDEST));
    }

    /// Commits, or lets go of a snapshot. What it gives back is why that failed: then nobody knows whether it was kept.
    private static @Nullable Throwable end(Connection connection, Isolation isolation) {
        try {
            switch (isolation) {
                case SERIALIZABLE, GUARDED -> {
                    Failpoint.pass("commit.before");
                    connection.commit();
                    Failpoint.pass("commit.after");
                }
                case SNAPSHOT -> connection.rollback();
                case STATEMENT -> {}
            }
            return null;
        } catch (SQLException failure) {
            return failure;
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
        }
    }

    @Override
    public Health health() {
        return pulse.trouble().<Health>map(Health.Paused::new).orElseGet(vitals::health);
    }

    @Override
    public int waiting() {
        return WAITING - places.availablePermits();
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
