package dev.countersign.wiring;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server does by the clock. A chore that fails is logged, once until it succeeds, and comes again; no token
/// depends on one.
final class Housekeeping implements AutoCloseable {
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("housekeeping").daemon().factory());

    /// Does a chore once, as soon as no other is being done; when it fails, again after a second.
    void soon(String chore, Runnable does) {
        once(chore, does, Duration.ZERO);
    }

    private void once(String chore, Runnable does, Duration after) {
        try {
            var _ = clock.schedule(
                    () -> {
                        try {
                            does.run();
                        } catch (RuntimeException | Error e) {
                            if (after.isZero()) {
                                log.warn("{} failed and will try again", chore, e);
                            }
                            once(chore, does, AGAIN);
                        }
                    },
                    after.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            log.debug("{} is not done any more", chore, closing);
        }
    }

    /// Does a chore again and again, `every` after it was done last.
    void every(Duration every, String chore, Runnable does) {
        var failing = new AtomicBoolean();
        Runnable safely = () -> {
            try {
                does.run();
                failing.set(false);
            } catch (RuntimeException | Error e) {
                if (!failing.getAndSet(true)) {
                    log.warn("housekeeping failed and will try again: {}", chore, e);
                }
            }
        };
        var _ = clock.scheduleWithFixedDelay(safely, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("a chore did not end in 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
