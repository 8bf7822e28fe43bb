package dev.countersign.source;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/// Spares a source that has fallen silent, and those who would wait for it. When nobody was answered for so
/// many times in a row it is left alone for a second; then one asks, and the others are spared until that one
/// knows.
final class Breaker {
    /// How long what went wrong is remembered.
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int SILENCES = 3;

    private record State(int silences, Instant until) {}

    private final AtomicReference<State> state = new AtomicReference<>(new State(0, Instant.MIN));

    /// Whether it may be asked now.
    boolean lets(Instant now) {
        var seen = state.get();
        if (seen.silences() < SILENCES) {
            return true;
        }
        // A clock that was put back must not close it for longer.
        boolean paused = now.isBefore(seen.until())
                && seen.until().isBefore(now.plus(PAUSE).plusNanos(1));
        return !paused && state.compareAndSet(seen, new State(seen.silences(), now.plus(PAUSE)));
    }

    void answered() {
        state.set(new State(0, Instant.MIN));
    }

    /// One more was not answered.
    ///
    /// @return how many that are in a row
    int silent(Instant now) {
        return state.updateAndGet(it -> new State(Math.min(it.silences() + 1, 1 << 20), now.plus(PAUSE)))
                .silences();
    }
}
