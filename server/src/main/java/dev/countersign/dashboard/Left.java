package dev.countersign.dashboard;

import java.time.Duration;
import java.time.Instant;

/// The time until a deadline, as it was when the page was made; the script counts on from there.
public record Left(long seconds, Moment until) {
    /// From `now` to `until`, never less than nothing.
    public static Left of(Instant now, Instant until) {
        return new Left(Math.max(0, Duration.between(now, until).toSeconds()), new Moment(until));
    }

    /// "4:05".
    public String clock() {
        return Moment.clock(Duration.ofSeconds(seconds));
    }

    /// "4 minutes 5 seconds", for screen readers.
    public String words() {
        return Moment.words(Duration.ofSeconds(seconds));
    }
}
