package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// How often a client had a token in each hour of the week, in UTC: 168 counts from Monday 00:00 on, however long it
/// lives. One thread counts; any may read.
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

    void used(Instant at) {
        counts.incrementAndGet(hour(at));
    }

    List<Long> counts() {
        return stream().boxed().toList();
    }

    /// The counts in the form that is kept.
    String text() {
        return stream().mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    private LongStream stream() {
        return LongStream.range(0, HOURS).map(it -> counts.get((int) it));
    }

    /// Reads what [#text] wrote.
    static Week of(String text) {
        var counts = Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
        if (counts.length != HOURS) {
            throw new IllegalArgumentException("a week has " + HOURS + " hours and not " + counts.length);
        }
        return new Week(new AtomicLongArray(counts));
    }
}
