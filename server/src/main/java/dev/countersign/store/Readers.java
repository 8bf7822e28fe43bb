package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that read, each on a connection of its own that cannot write. Each work sees one snapshot of the
/// store.
final class Readers {
    private static final Logger log = LoggerFactory.getLogger(Readers.class);

    private final Path file;
    private final InstantSource clock;
    private final Vitals vitals;
    private final int capacity;
    private final BlockingQueue<Job<?>> queue;
    private final List<StoreThread> threads;
    private final Job<@Nullable Void> last = new Job<>(_ -> null);
    private volatile boolean closing;
    private volatile boolean closed;

    Readers(Path file, InstantSource clock, Vitals vitals, int count, int capacity) {
        this.file = file;
        this.clock = clock;
        this.vitals = vitals;
        this.capacity = capacity;
        this.queue = new LinkedBlockingQueue<>(capacity);
        this.threads = IntStream.range(0, count)
                .mapToObj(i -> new StoreThread("store-reader-" + i, this::loop))
                .toList();
    }

    void start() {
        threads.forEach(Thread::start);
    }

    void add(Job<?> job) {
        if (closing) {
            throw new StoreFailed("the store is closed");
        }
        if (!queue.offer(job)) {
            throw new Overloaded(capacity);
        }
        if (closed) {
            failWaiting();
        }
    }

    private void loop() {
        @Nullable SqliteSession session = null;
        while (true) {
            Job<?> job = null;
            try {
                job = queue.take();
                if (job == last) {
                    break;
                }
                if (session == null) {
                    session = Connections.reader(file);
                }
                read(session, job);
            } catch (Throwable failure) {
                if (job != null) {
                    job.fail(Job.failed(failure));
                }
                suffered(failure);
                session = discard(session);
            }
        }
        discard(session);
    }

    private void read(SqliteSession session, Job<?> job) throws SQLException {
        session.run("BEGIN");
        job.run(new Tx(session, clock.instant().truncatedTo(ChronoUnit.MICROS), 0));
        session.endStatements();
        session.run("ROLLBACK");
        var failure = job.failure();
        if (failure != null) {
            suffered(failure);
        }
        job.tell();
    }

    private void suffered(Throwable failure) {
        if (failure instanceof Error) {
            log.error("a reading work ended in an error", failure);
        } else if (Trouble.of(failure) == Trouble.LASTING) {
            vitals.stop(failure);
        }
    }

    static @Nullable SqliteSession discard(@Nullable SqliteSession session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (SQLException failure) {
            log.warn("a connection could not be closed", failure);
        }
        return null;
    }

    private void failWaiting() {
        var waiting = new ArrayList<Job<?>>();
        queue.drainTo(waiting);
        var failed = new StoreFailed("the store is closed");
        waiting.forEach(job -> job.fail(failed));
    }

    /// Answers what waits already, then ends.
    void close() throws InterruptedException {
        closing = true;
        for (var _ : threads) {
            queue.put(last);
        }
        for (var thread : threads) {
            thread.join();
        }
        closed = true;
        failWaiting();
    }
}
