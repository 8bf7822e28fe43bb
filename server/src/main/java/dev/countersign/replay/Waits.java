package dev.countersign.replay;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How long requests waited for people: counted by the second, and by the minute above an hour, so that a million of
/// them take no room.
public final class Waits {
    private static final long HOUR = 3_600;
    private static final long MINUTE = 60;

    private final TreeMap<Long, Long> counts = new TreeMap<>();
    private long all;

    void add(Duration wait) {
        long seconds = wait.toSeconds();
        counts.merge(seconds < HOUR ? seconds : seconds / MINUTE * MINUTE, 1L, Long::sum);
        all++;
    }

    void add(Waits others) {
        others.counts.forEach((seconds, count) -> counts.merge(seconds, count, Long::sum));
        all += others.all;
    }

    public long count() {
        return all;
    }

    /// The wait that half of them did not outlast; empty when nobody waited.
    public Optional<Duration> median() {
        long left = (all + 1) / 2;
        for (Map.Entry<Long, Long> each : counts.entrySet()) {
            left -= each.getValue();
            if (left <= 0) {
                return Optional.of(Duration.ofSeconds(each.getKey()));
            }
        }
        return Optional.empty();
    }
}
