package dev.countersign.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes. It takes whatever waits as one group, commits once, and only then tells anybody
/// anything: one fsync carries them all.
///
/// Nearly always all works of a group succeed, so they are run without a savepoint each. When one does not, the whole
/// group goes back and is run again, each work in a savepoint of its own: a work may run more than once.
final class Writer {
    private static final Logger log = LoggerFactory.getLogger(Writer.class);

    /// So many works share a commit at most, so that none waits long for those behind it.
    private static final int GROUP = 512;

    private static final Duration OPTIMIZE_EVERY = Duration.ofHours(24);

    private final SqliteSession session;
    private final InstantSource clock;
    private final Vitals vitals;
    private final Checkpointer checkpointer;
    private final int capacity;
    private final BlockingQueue<Job<?>> queue;
    private final StoreThread thread = new StoreThread("store-writer", this::loop);
    private final Job<@Nullable Void> last = new Job<>(_ -> null);
    private Instant optimizedAt;
    private long group;
    private volatile boolean closing;
    private volatile boolean closed;

    Writer(SqliteSession session, InstantSource clock, Vitals vitals, Checkpointer checkpointer, int capacity) {
        this.session = session;
        this.clock = clock;
        this.vitals = vitals;
        this.checkpointer = checkpointer;
        this.capacity = capacity;
        this.optimizedAt = clock.instant();
        this.queue = new LinkedBlockingQueue<>(capacity);
    }

    int waiting() {
        return queue.size();
    }

    void start() {
        session.watchRollbacks();
        thread.start();
    }

    void add(Job<?> job) {
        if (closing) {
            throw new StoreFailed("the store is closed");
        }
        if (!queue.offer(job)) {
            throw new Overloaded(capacity);
        }
        // The thread may have ended since, and would not look again.
        if (closed) {
            failWaiting();
        }
    }

    private void loop() {
        var jobs = new ArrayList<Job<?>>(GROUP);
        var open = true;
        while (open) {
            try {
                jobs.add(queue.take());
                queue.drainTo(jobs, GROUP - 1);
                open = !jobs.remove(last);
                commit(jobs);
            } catch (Throwable failure) {
                // Ours, or the JVM's, as when memory ends: nobody knows what state this left, so nothing follows
                // it.
                vitals.stop(failure);
                failAll(jobs, failure);
            }
            jobs.clear();
        }
        closed = true;
        failWaiting();
    }

    private void commit(List<Job<?>> jobs) {
        checkpointer.finish(session);
        if (vitals.health() instanceof Health.Stopped(var because)) {
            var failed = new StoreFailed("the store writes nothing until it is started again: " + because);
            jobs.forEach(job -> job.fail(failed));
            return;
        }
        try {
            if (!together(jobs)) {
                begin();
                for (var job : jobs) {
                    attempt(job);
                }
            }
            session.endStatements();
            Failpoint.pass("commit.before");
            session.run("COMMIT");
            Failpoint.pass("commit.after");
        } catch (SQLException failure) {
            rollBack(failure);
            vitals.suffered(failure);
            failAll(jobs, failure);
            return;
        } catch (RuntimeException | Error failure) {
            rollBack(failure);
            throw failure;
        }
        vitals.good();
        jobs.forEach(Job::tell);
        checkpointer.wrote(jobs.size());
        optimize();
    }

    private void begin() throws SQLException {
        group++;
        session.begin();
    }

    /// Runs all works; false when one failed, and then nothing of any is left.
    private boolean together(List<Job<?>> jobs) throws SQLException {
        begin();
        for (var job : jobs) {
            job.run(tx());
            var failure = job.failure();
            if (session.isRolledBack()) {
                throw new SQLException(
                        failure == null ? "SQLite took the whole group back" : failure.getMessage(), failure);
            }
            if (failure != null) {
                refuseIfLasting(failure);
                jobs.reversed().forEach(Job::rolledBack);
                session.endStatements();
                session.run("ROLLBACK");
                return false;
            }
        }
        return true;
    }

    private Tx tx() {
        return new Tx(session, clock.instant().truncatedTo(ChronoUnit.MICROS), group);
    }

    /// Throws when the whole group is lost. After some errors SQLite has rolled all of it back by itself; the
    /// savepoint is gone then, and going back to it or letting go of it fails.
    private void attempt(Job<?> job) throws SQLException {
        session.run("SAVEPOINT work");
        job.run(tx());
        var failure = job.failure();
        if (failure != null) {
            takeBack(job, failure);
        }
        session.run("RELEASE work");
    }

    private void takeBack(Job<?> job, Throwable failure) throws SQLException {
        if (failure instanceof Error) {
            log.error("a work ended in an error", failure);
        }
        refuseIfLasting(failure);
        try {
            session.run("ROLLBACK TO work");
        } catch (SQLException gone) {
            var why = new SQLException(failure.getMessage(), failure);
            why.addSuppressed(gone);
            throw why;
        }
        job.rolledBack();
    }

    private static void refuseIfLasting(Throwable failure) throws SQLException {
        if (Trouble.of(failure) == Trouble.LASTING) {
            throw new SQLException(failure.getMessage(), failure);
        }
    }

    /// Keeps what the query planner knows of the tables up to date, in a store that runs for months.
    private void optimize() {
        var now = clock.instant();
        if (now.isBefore(optimizedAt.plus(OPTIMIZE_EVERY))) {
            return;
        }
        optimizedAt = now;
        try {
            session.pragma("optimize");
        } catch (SQLException e) {
            log.warn("the store could not be optimized; it is slower for that, and otherwise well", e);
        }
    }

    private void rollBack(Throwable failure) {
        try {
            session.run("ROLLBACK");
        } catch (SQLException already) {
            // There is nothing to roll back where SQLite has done so, or where it never began.
            failure.addSuppressed(already);
        }
    }

    private static void failAll(List<Job<?>> jobs, Throwable failure) {
        jobs.reversed().forEach(Job::rolledBack);
        var failed = Job.failed(failure);
        jobs.forEach(job -> job.fail(failed));
    }

    private void failWaiting() {
        var waiting = new ArrayList<Job<?>>();
        queue.drainTo(waiting);
        var failed = new StoreFailed("the store is closed");
        waiting.forEach(job -> job.fail(failed));
    }

    /// Writes what waits already, then ends.
    void close() throws InterruptedException {
        closing = true;
        queue.put(last);
        thread.join();
    }
}
