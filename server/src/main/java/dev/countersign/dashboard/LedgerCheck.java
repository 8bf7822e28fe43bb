package dev.countersign.dashboard;

import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.SpotCheck;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The spot check that people start from a page: one at a time on this node, on a thread of its own, and what came of
/// the last one.
final class LedgerCheck {
    private static final Logger log = LoggerFactory.getLogger(LedgerCheck.class);

    private final Ledger ledger;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile Last last = new Last(Optional.empty(), false);

    LedgerCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The last one.
    ///
    /// @param failed whether it could not be done
    record Last(Optional<SpotCheck.Result> result, boolean failed) {}

    boolean isRunning() {
        return running.get();
    }

    Last last() {
        return last;
    }

    /// Begins one, unless one runs.
    void start() {
        if (running.compareAndSet(false, true)) {
            var _ = Thread.ofPlatform().daemon().name("ledger-check").start(this::run);
        }
    }

    private void run() {
        try {
            var result = SpotCheck.of(ledger);
            if (!result.good()) {
                log.error("a spot check of the ledger found it wrong: {}", result);
            }
            last = new Last(Optional.of(result), false);
        } catch (RuntimeException failed) {
            log.error("a spot check of the ledger could not be done", failed);
            last = new Last(Optional.empty(), true);
        } finally {
            running.set(false);
        }
    }
}
