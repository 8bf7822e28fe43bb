package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A store in one SQLite file, for one node.
///
/// Whoever calls [#write] or [#read] waits without a lock and without a connection, so a virtual thread may. All
/// writes go through one thread, which commits what waits in groups.
public final class SqliteStore implements Store {
    private static final int WAITING_WRITES = 8_192;
    private static final int WAITING_READS = 8_192;
    private static final int READERS = Math.clamp(Runtime.getRuntime().availableProcessors(), 4, 16);

    private static final Logger log = LoggerFactory.getLogger(Store.class);

    private final Path file;
    private final SqliteSession session;
    private final Vitals vitals = new Vitals();
    private final Checkpointer checkpointer;
    private final Writer writer;
    private final Readers readers;
    private boolean closed;

    private SqliteStore(Path file, SqliteSession session, InstantSource clock, int waitingWrites) {
        this.file = file;
        this.session = session;
        this.checkpointer = new Checkpointer(file, vitals);
        this.writer = new Writer(session, clock, vitals, checkpointer, waitingWrites);
        this.readers = new Readers(file, clock, vitals, READERS, WAITING_READS);
    }

    /// Opens the store in this file, or makes one where there is none.
    ///
    /// @throws StoreRefused when it would not be safe to work with: not ours, damaged, too new, read-only
    public static SqliteStore open(Path file, InstantSource clock) {
        return open(file, clock, WAITING_WRITES);
    }

    static SqliteStore open(Path file, InstantSource clock, int waitingWrites) {
        StoreFile.prepare(file);
        var store = new SqliteStore(file, Opening.of(file), clock, waitingWrites);
        store.checkpointer.start();
        store.writer.start();
        store.readers.start();
        return store;
    }

    @Override
    public <T extends @Nullable Object> T write(Work<T> work) {
        StoreThread.refuseHere();
        var job = new Job<T>(work);
        writer.add(job);
        return job.outcome();
    }

    /// One thread writes, so this is [#write].
    @Override
    public <T extends @Nullable Object> T writeGuarded(Work<T> work) {
        return write(work);
    }

    @Override
    public <T extends @Nullable Object> T read(Work<T> work) {
        StoreThread.refuseHere();
        var job = new Job<T>(work);
        readers.add(job);
        return job.outcome();
    }

    @Override
    public Health health() {
        return vitals.health();
    }

    @Override
    public int waiting() {
        return writer.waiting();
    }

    @Override
    public List<String> check() {
        return alone("store-check", () -> {
            try (var session = Connections.reader(file)) {
                var found = new ArrayList<>(session.texts("PRAGMA integrity_check"));
                found.remove("ok");
                session.texts("PRAGMA foreign_key_check")
                        .forEach(it -> found.add("a row of " + it + " points nowhere"));
                return List.copyOf(found);
            }
        });
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public void backup(Path target) {
        alone("store-backup", () -> {
            Backups.backup(file, target);
            return true;
        });
    }

    /// Puts a backup where a store belongs. A store that stands there is kept beside it, and must not be in use.
    ///
    /// @param replace whether there may be a store already
    /// @throws StoreRefused when the backup is not ours, damaged or too new, or the store is there or in use
    public static void restore(Path backup, Path store, boolean replace, InstantSource clock) {
        restore(backup, store, replace, _ -> {}, clock);
    }

    /// The same with a copy that is changed before it has the store's name, so that nobody meets it unchanged.
    public static void restore(Path backup, Path store, boolean replace, Consumer<Path> prepare, InstantSource clock) {
        Backups.restore(backup, store, replace, prepare, clock.instant());
    }

    /// Finishes what waits and lets go of the file.
    @Override
    public synchronized void close() {
        StoreThread.refuseHere();
        if (closed) {
            return;
        }
        closed = true;
        try {
            readers.close();
            writer.close();
            checkpointer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailed("interrupted while the store was closing", e);
        }
        try (session) {
            session.pragma("optimize");
        } catch (SQLException e) {
            log.warn("the store did not close in order; what was told done is on the disk all the same", e);
        }
    }

    /// Long work on a thread of its own, so that no other waits behind it.
    private static <T> T alone(String name, Callable<T> work) {
        StoreThread.refuseHere();
        var task = new FutureTask<>(work);
        new StoreThread(name, task).start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailed("interrupted; it goes on all the same", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case Error error -> throw error;
                case RuntimeException thrown -> thrown;
                case null -> Job.failed(e);
                case Throwable thrown -> Job.failed(thrown);
            };
        }
    }
}
