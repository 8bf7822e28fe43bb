package dev.countersign.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the [Health] of the store. Touched by all its threads; what stopped once stays stopped.
final class Vitals {
    private static final Logger log = LoggerFactory.getLogger(Store.class);

    private volatile Health health = new Health.Good();

    Health health() {
        return health;
    }

    /// A group was committed.
    void good() {
        if (health instanceof Health.Ailing) {
            set(new Health.Good());
            log.info("the store writes again");
        }
    }

    /// Takes note of a failure, and says so in the log.
    void suffered(Throwable failure) {
        switch (Trouble.of(failure)) {
            case NONE, PASSING -> {
                var before = health;
                var now = new Health.Ailing(String.valueOf(failure.getMessage()));
                // Once, not with every request while the disk stays full.
                if (set(now) && !now.equals(before)) {
                    log.error("the store could not write; nothing of this was told done", failure);
                }
            }
            case LASTING -> stop(failure);
        }
    }

    void stop(Throwable failure) {
        if (set(new Health.Stopped(String.valueOf(failure.getMessage())))) {
            log.error("the store is not to be trusted and writes nothing more; see to the disk, then restart", failure);
        }
    }

    private synchronized boolean set(Health next) {
        if (health instanceof Health.Stopped) {
            return false;
        }
        health = next;
        return true;
    }
}
