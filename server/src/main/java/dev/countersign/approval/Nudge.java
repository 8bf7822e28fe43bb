package dev.countersign.approval;

import java.time.Duration;
import java.time.Instant;

/// That those who want a token reminded those who decide: how often so far, and when last.
///
/// @param at when the last time was; when the request was made where there was none
public record Nudge(int times, Instant at) {
    /// How long after the request was made the first comes, and the second after the first.
    public static final Duration PAUSE = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofDays(1);

    /// None yet, of a request that was made then.
    static Nudge none(Instant made) {
        return new Nudge(0, made);
    }

    /// From when on the next may come. The pauses double, so that a request that may wait for days troubles nobody all
    /// along.
    public Instant next() {
        var pause = PAUSE.multipliedBy(1L << Math.clamp(times - 1L, 0, 20));
        return at.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
    }

    /// The same after one more.
    Nudge again(Instant now) {
        return new Nudge(times + 1, now);
    }
}
