package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that takes SQLite's write-ahead log into the database while others are written. Left to whoever commits,
/// as SQLite has it, this holds up all that wait for some tens of milliseconds each time.
///
/// What it copies is on the disk already, so it changes nothing of what is durable, and it waits for nobody. But the
/// log
/// begins anew only at a moment when nothing is left to be taken in, which never comes by itself while others write. So
/// the last little of a long log is for the writer, between two groups.
final class Checkpointer {
    private static final Logger log = LoggerFactory.getLogger(Store.class);

    /// After so many works the thread looks again.
    private static final int WORKS = 1_000;

    /// 16 MiB: a log that should begin anew.
    private static final int LONG_PAGES = 4_000;

    /// What the writer can take in without anybody noticing.
    private static final int LITTLE_PAGES = 400;

    private final Path file;
    private final Vitals vitals;
    private final Semaphore calls = new Semaphore(0);
    private final StoreThread thread = new StoreThread("store-checkpointer", this::loop);
    private int works; // touched by the writer alone
    private volatile boolean littleLeft;
    private volatile boolean closing;

    Checkpointer(Path file, Vitals vitals) {
        this.file = file;
        this.vitals = vitals;
    }

    void start() {
        thread.start();
    }

    /// The writer has committed so many works.
    void wrote(int more) {
        works += more;
        if (works >= WORKS) {
            works = 0;
            calls.release();
        }
    }

    /// For the writer, when it has no transaction. It comes back each time until the log has begun anew, which whoever
    /// reads at that moment may prevent.
    void finish(SqliteSession writing) {
        if (littleLeft) {
            littleLeft = isLittleLeft(writing);
        }
    }

    private void loop() {
        @Nullable SqliteSession session = null;
        while (called()) {
            try {
                if (session == null) {
                    session = Connections.checkpointing(file);
                }
                littleLeft = isLittleLeft(session);
            } catch (SQLException | RuntimeException failure) {
                log.warn("the store's log grows until it can be taken in", failure);
            }
        }
        Readers.discard(session);
    }

    private boolean called() {
        calls.acquireUninterruptibly();
        calls.drainPermits();
        return !closing;
    }

    /// Takes in what there is. True when a long log has so little left that the writer should take that.
    private boolean isLittleLeft(SqliteSession session) {
        try {
            var wal = session.checkpoint();
            return wal.pages() >= LONG_PAGES && wal.pages() - wal.taken() <= LITTLE_PAGES;
        } catch (SQLException failure) {
            // What is committed is safe in the log. A disk that is full is the writer's to tell of, when it fails.
            if (Trouble.of(failure) == Trouble.LASTING) {
                vitals.stop(failure);
            } else {
                log.warn("the store's log could not be taken in and grows", failure);
            }
            return false;
        }
    }

    void close() throws InterruptedException {
        closing = true;
        calls.release();
        thread.join();
    }
}
