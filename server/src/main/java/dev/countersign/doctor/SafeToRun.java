package dev.countersign.doctor;

import dev.countersign.ledger.EntryView;
import dev.countersign.store.Snapshot;
import java.time.Duration;
import java.time.Instant;

/// What shows of failing closed in an installation that stands: settings that lose nothing, files that are whole,
/// guards of the schema that are there, a clock that is right. That it refuses when one of them fails is for
/// tests.
final class SafeToRun implements Check {
    private static final Duration MOST_AHEAD = Duration.ofSeconds(10);
    private static final Duration MOST_OFF = Duration.ofSeconds(5);

    private final Snapshot store;
    private final boolean watchesClock;
    private Instant latest = Instant.EPOCH;

    /// @param watchesClock whether the clock is anybody's idea of the time
    SafeToRun(Snapshot store, boolean watchesClock) {
        this.store = store;
        this.watchesClock = watchesClock;
    }

    @Override
    public Invariant of() {
        return Invariant.SAFETY;
    }

    @Override
    public void entry(EntryView entry, Faults found) {
        latest = entry.at().isAfter(latest) ? entry.at() : latest;
    }

    @Override
    public void end(Faults found) {
        found.looked();
        store.careless().forEach(it -> found.add("setting", it));
        store.damaged().forEach(it -> found.add("store", it));
        store.unguarded().forEach(it -> found.add("guard " + it, "the schema lacks it, or it is switched off"));
        found.unless(
                !latest.isAfter(store.tx().now().plus(MOST_AHEAD)),
                "clock",
                "the last entry is from " + latest + ", and here it is "
                        + store.tx().now());
        if (watchesClock) {
            store.ahead()
                    .filter(it -> it.abs().compareTo(MOST_OFF) > 0)
                    .ifPresent(it -> found.add("clock", "it is " + it.toMillis() + " ms ahead of the store's"));
        }
        if (!store.isShared()) {
            found.note("synchronous is a setting of each connection, and read back by every server that starts");
        }
    }
}
