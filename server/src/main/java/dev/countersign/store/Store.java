package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The store: one SQLite file, in which everything that must survive stands.
///
/// Whoever calls [#write] or [#read] waits without a lock and without a connection, so a virtual thread may. All writes
/// go
/// through one thread, which commits what waits in groups; a write returns when it is on the disk, and not before.
public final class Store implements AutoCloseable {
    private static final int WAITING_WRITES = 8_192;
    private static final int WAITING_READS = 8_192;
    private static final int READERS = Math.clamp(Runtime.getRuntime().availableProcessors(), 4, 16);

    private final Session session;
    private final Vitals vitals = new Vitals();
    private final Writer writer;
    private final Readers readers;

    private Store(Path file, Session session, InstantSource clock, int waitingWrites) {
        this.session = session;
        this.writer = new Writer(session, clock, vitals, waitingWrites);
        this.readers = new Readers(file, clock, vitals, READERS, WAITING_READS);
    }

    /// Opens the store in this file, or makes one where there is none.
    ///
    /// @throws StoreRefused when it would not be safe to work with: not ours, damaged, too new, read-only
    public static Store open(Path file, InstantSource clock) {
        return open(file, clock, WAITING_WRITES);
    }

    static Store open(Path file, InstantSource clock, int waitingWrites) {
        StoreFile.prepare(file);
        var store = new Store(file, Opening.of(file), clock, waitingWrites);
        store.writer.start();
        store.readers.start();
        return store;
    }

    /// Does the work and returns once it is on the disk. Its exception takes it back and is thrown here.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it could not be made durable; nothing may be told done
    public <T extends @Nullable Object> T write(Work<T> work) {
        StoreThread.refuseHere();
        var job = new Job<T>(work);
        writer.add(job);
        return job.outcome();
    }

    /// Does work that only reads, on one snapshot of all that was committed before.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it cannot be read
    public <T extends @Nullable Object> T read(Work<T> work) {
        StoreThread.refuseHere();
        var job = new Job<T>(work);
        readers.add(job);
        return job.outcome();
    }

    /// How the store is.
    public Health health() {
        return vitals.health();
    }

    /// Finishes what waits and lets go of the file.
    @Override
    public void close() {
        try {
            readers.close();
            writer.close();
            session.pragma("optimize");
            session.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailed("interrupted while the store was closing", e);
        } catch (SQLException e) {
            throw Job.failed(e);
        }
    }
}
