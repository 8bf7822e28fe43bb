package dev.countersign.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;

/// When each deferral code was polled last, RFC 8628 §3.5. In memory: a restart forgives.
final class Polls {
    /// Seconds between the starts of two polls, as the deferred response tells the client.
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Duration STEP = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final Duration JITTER = Duration.ofSeconds(1);
    private static final int PATIENCE = 5;

    /// What a poll is worth.
    enum Pace {
        FINE,
        TOO_FAST,
        ABUSE
    }

    /// What is kept of a code, small because there may be very many: milliseconds since the epoch, and seconds.
    private record Seen(long at, int interval, int tooFast, Pace pace) {}

    private final Cache<String, Seen> seen = Caffeine.newBuilder()
            .maximumSize(500_000)
            .expireAfterAccess(Duration.ofMinutes(5))
            .build();

    /// A poll starts now. Each one that is too early makes the interval 5 s longer, as it does for the client.
    Pace start(String code, Instant now) {
        long at = now.toEpochMilli();
        return seen.asMap()
                .compute(code, (_, before) -> {
                    if (before == null) {
                        return new Seen(at, (int) INTERVAL.toSeconds(), 0, Pace.FINE);
                    }
                    if (at >= before.at() + 1_000L * before.interval() - JITTER.toMillis()) {
                        return new Seen(at, before.interval(), 0, Pace.FINE);
                    }
                    long longer = Math.min(before.interval() + STEP.toSeconds(), MOST.toSeconds());
                    int tooFast = before.tooFast() + 1;
                    return new Seen(at, (int) longer, tooFast, tooFast > PATIENCE ? Pace.ABUSE : Pace.TOO_FAST);
                })
                .pace();
    }
}
