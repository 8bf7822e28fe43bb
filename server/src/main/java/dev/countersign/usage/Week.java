package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/// How often a client had a token in each hour of the week, in UTC: 168 counts from Monday 00:00 on, however long
/// it lives. One thread counts; any may read.
public final class Week {
    public static final int HOURS = 7 * 24;

    /// The first hour of 1970 was the first of a Thursday.
    private static final int THURSDAY = 3 * 24;

    private final AtomicLongArray counts;

    Week() {
        this(new AtomicLongArray(HOURS));
    }

    private Week(AtomicLongArray counts) {
        this.counts = counts;
    }

    /// The hour of the week: 0 is Monday from 00:00 UTC, 167 Sunday from 23:00.
    public static int hour(Instant at) {
        return (int) Math.floorMod(at.getEpochSecond() / Duration.ofHours(1).toSeconds() + THURSDAY, (long) HOURS);
    }

    /// The same of an hour that is counted from 1970 on.
    static int hour(long hour) {
        return (int) Math.floorMod(hour + THURSDAY, (long) HOURS);
    }

    void used(Instant at) {
        counts.incrementAndGet(hour(at));
    }

    List<Long> counts() {
        return stream().boxed().toList();
    }

    private LongStream stream() {
        return LongStream.range(0, HOURS).map(it -> counts.get((int) it));
    }

    /// From counts that were kept.
    static Week of(long[] counts) {
        if (counts.length != HOURS) {
            throw new IllegalArgumentException("a week has " + HOURS + " hours and not " + counts.length);
        }
        return new Week(new AtomicLongArray(counts));
    }
}
