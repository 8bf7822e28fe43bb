package dev.countersign.store;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The threads that talk to the database, one for each connection, and the works that wait for one of them.
///
/// A virtual thread parks for every answer of the database, which costs more than most statements do, so a platform
/// thread does its work for it. Whoever is on one already does it there.
final class PostgresThreads {
    /// How long a work may wait: whoever asked it is about to give up.
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private static final Duration ENDING = Duration.ofSeconds(20);

    private final ExecutorService threads;
    private final int capacity;
    private final Semaphore places;

    /// @param capacity how many works may wait or run
    PostgresThreads(String name, int count, int capacity) {
        this.threads = Executors.newFixedThreadPool(count, body -> new StoreThread(name, body));
        this.capacity = capacity;
        this.places = new Semaphore(capacity);
    }

    /// Has the job done, and waits for what comes of it.
    ///
    /// @throws Overloaded when too much waits already
    <T extends @Nullable Object> T run(Job<T> job, Consumer<Job<T>> body) {
        if (INSIDE.get()) {
            throw new IllegalStateException("a work asked the store for another work: use the Tx it was given");
        }
        if (!places.tryAcquire()) {
            throw new Overloaded(capacity);
        }
        try {
            if (Thread.currentThread().isVirtual()) {
                long since = System.nanoTime();
                threads.execute(() -> inTime(job, since, body));
            } else {
                inside(job, body);
            }
            return job.outcome();
        } catch (RejectedExecutionException closed) {
            throw new StoreFailed("the store is closed");
        } finally {
            places.release();
        }
    }

    private <T extends @Nullable Object> void inTime(Job<T> job, long since, Consumer<Job<T>> body) {
        if (System.nanoTime() - since > PATIENCE.toNanos()) {
            job.fail(new Overloaded(waiting()));
        } else {
            inside(job, body);
        }
    }

    private static <T extends @Nullable Object> void inside(Job<T> job, Consumer<Job<T>> body) {
        INSIDE.set(true);
        try {
            body.accept(job);
        } finally {
            INSIDE.remove();
        }
    }

    int waiting() {
        return capacity - places.availablePermits();
    }

    /// Ends what waits, then the threads.
    void close() {
        threads.shutdown();
        try {
            var _ = threads.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
