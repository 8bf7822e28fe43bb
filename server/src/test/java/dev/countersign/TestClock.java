package dev.countersign;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A clock that tests move.
public final class TestClock implements InstantSource {
    private final AtomicReference<@Nullable Meanwhile> meanwhile = new AtomicReference<>();
    private volatile Instant now;

    public TestClock() {
        this(Instant.parse("2025-11-03T09:00:00Z"));
    }

    public TestClock(Instant now) {
        this.now = now;
    }

    /// Does something once in the midst of the next request: when it asks for the time for the n-th time.
    public void meanwhile(int n, Runnable does) {
        meanwhile.set(new Meanwhile(new AtomicInteger(n), does));
    }

    private record Meanwhile(AtomicInteger left, Runnable does) {}

    @Override
    public Instant instant() {
        PausePoints.reached("ask for the time");
        var it = meanwhile.get();
        // Requests are on virtual threads, what the server does by the clock is not.
        if (it != null && Thread.currentThread().isVirtual() && it.left().decrementAndGet() == 0) {
            meanwhile.set(null);
            it.does().run();
        }
        return now;
    }

    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }
}
