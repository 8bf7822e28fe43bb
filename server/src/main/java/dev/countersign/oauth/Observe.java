package dev.countersign.oauth;

import java.time.Duration;
import java.time.Instant;

/// That what policy says of a client's or a resource's requests is recorded and not followed, until a day. It is for
/// adoption, and so it ends: one that never ends would be a hole in every rule.
public record Observe(Instant until) {
    /// How far ahead its end may be.
    public static final Duration LONGEST = Duration.ofDays(90);

    /// Whether it holds at that time. One whose end is too far ahead never does, however it came into a configuration.
    public boolean holds(Instant now) {
        return now.isBefore(until) && !isTooFar(now);
    }

    /// Whether its end is too far ahead.
    public boolean isTooFar(Instant now) {
        return until.isAfter(now.plus(LONGEST));
    }
}
