package dev.countersign.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands wherever the story of the demo has come to, and only ever moves on.
final class MovingClock implements InstantSource {
    private volatile Instant now;

    MovingClock(Instant start) {
        this.now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /// Moves on to that time, unless it is later already.
    void moveTo(Instant then) {
        if (then.isAfter(now)) {
            now = then;
        }
    }

    void moveBy(Duration duration) {
        moveTo(now.plus(duration));
    }
}
