package dev.countersign.approval;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Who waits for which request. A waiter costs an entry here and its virtual thread: no connection to the store, no
/// lock.
///
/// A waiter hangs up its bell first and reads the request's state afterwards, so that a change between the two rings
/// it.
public final class Waiters {
    private final ConcurrentHashMap<String, Set<Bell>> bells = new ConcurrentHashMap<>();
    private volatile boolean over;

    /// Hangs up a bell for a request; close it when done.
    public Bell at(String id) {
        var bell = new Bell(id);
        bells.compute(id, (_, there) -> {
            var all = there == null ? ConcurrentHashMap.<Bell>newKeySet() : there;
            all.add(bell);
            return all;
        });
        return bell;
    }

    /// Rings every bell of a request. Called after the commit that changed it.
    public void wake(String id) {
        var there = bells.get(id);
        if (there != null) {
            there.forEach(bell -> bell.rung.release());
        }
    }

    /// Lets everybody go: the server stops, and a request that is made again joins the one that waits.
    public void close() {
        over = true;
        bells.keySet().forEach(this::wake);
    }

    /// True once waiting is over for good.
    boolean over() {
        return over;
    }

    /// How many wait.
    public int count() {
        return bells.values().stream().mapToInt(Set::size).sum();
    }

    /// One waiter's bell.
    public final class Bell implements AutoCloseable {
        private final String id;
        private final Semaphore rung = new Semaphore(0);

        private Bell(String id) {
            this.id = id;
        }

        /// Waits for a ring; false when none came in time.
        public boolean await(Duration patience) throws InterruptedException {
            boolean came = rung.tryAcquire(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
            rung.drainPermits();
            return came;
        }

        @Override
        public void close() {
            bells.computeIfPresent(id, (_, there) -> {
                there.remove(this);
                return there.isEmpty() ? null : there;
            });
        }
    }
}
