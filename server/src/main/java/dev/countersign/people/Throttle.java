package dev.countersign.people;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes whoever fails wait: after a few free tries each further one doubles the time until the next, up to a longest
/// wait, and an hour without a try is forgiven. Nobody is ever locked out.
///
/// A try counts as failed before its password is looked at, or many at once would all be free; [#giveBack] takes that
/// back. A try that comes too early is not counted: it learnt nothing. Bounded in memory: the key that was tried least
/// recently goes first. Its own lock guards its state.
final class Throttle {
    private static final Duration FORGIVEN_AFTER = Duration.ofHours(1);

    private final int free;
    private final Duration longest;
    private final InstantSource clock;
    private final Map<String, Tries> tries;

    private record Tries(int failed, Instant last, Instant next) {}

    Throttle(int free, Duration longest, int most, InstantSource clock) {
        this.free = free;
        this.longest = longest;
        this.clock = clock;
        this.tries = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Tries> eldest) {
                return size() > most;
            }
        };
    }

    /// Counts a try; or says how long to wait, and counts nothing.
    synchronized Duration take(String key) {
        var now = clock.instant();
        int failed = 0;
        var before = tries.get(key);
        if (before != null && now.isBefore(before.last().plus(FORGIVEN_AFTER))) {
            if (now.isBefore(before.next())) {
                return Duration.between(now, before.next());
            }
            failed = before.failed();
        }
        tries.put(key, new Tries(failed + 1, now, now.plus(waitAfter(failed + 1))));
        return Duration.ZERO;
    }

    /// Takes one try back, which did not fail.
    synchronized void giveBack(String key) {
        tries.computeIfPresent(
                key, (_, it) -> it.failed() <= 1 ? null : new Tries(it.failed() - 1, it.last(), it.last()));
    }

    /// Forgives all that was tried.
    synchronized void forgive(String key) {
        tries.remove(key);
    }

    synchronized int size() {
        return tries.size();
    }

    private Duration waitAfter(int failed) {
        if (failed < free) {
            return Duration.ZERO;
        }
        var wait = Duration.ofSeconds(1L << Math.min(failed - free, 30));
        return wait.compareTo(longest) < 0 ? wait : longest;
    }
}
