package dev.countersign.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs a checkpoint every second while entries come, and every hour while none does, and takes the anchor along.
public final class Publisher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);
    private static final Duration FRESH = Duration.ofHours(1);

    private final Ledger ledger;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-publisher").factory());

    private volatile Optional<String> fault = Optional.empty();

    private Publisher(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Begins; ends when closed.
    public static Publisher start(Ledger ledger) {
        var publisher = new Publisher(ledger);
        var _ = publisher.thread.scheduleWithFixedDelay(publisher::tryPublish, 1, 1, TimeUnit.SECONDS);
        return publisher;
    }

    /// Why checkpoints cannot be signed now; empty when they can. For health.
    public Optional<String> fault() {
        return fault;
    }

    private void tryPublish() {
        try {
            publish(ledger);
            fault = Optional.empty();
        } catch (RuntimeException failed) {
            // Tried again in a second; a scheduled task that throws would never run again.
            if (fault.isEmpty()) {
                log.error("no checkpoint can be signed", failed);
            }
            fault = Optional.of(String.valueOf(failed.getMessage()));
        }
    }

    /// One round.
    static void publish(Ledger ledger) {
        var latest = ledger.store().read(ledger.checkpoints()::latest);
        var signed = ledger.checkpoint();
        boolean idle = latest.isPresent() && latest.get().checkpoint().size() == signed.size();
        if (idle && isStale(latest.get().at(), ledger.clock().instant())) {
            signed = ledger.refresh();
        }
        ledger.anchor(signed);
    }

    private static boolean isStale(Instant signedAt, Instant now) {
        return !now.isBefore(signedAt.plus(FRESH));
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("the last checkpoint was not signed before the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
