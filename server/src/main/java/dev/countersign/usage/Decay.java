package dev.countersign.usage;

import java.time.Duration;

/// How what was is forgotten: by half every 28 days, and every three days where the last days are held against it.
final class Decay {
    static final Duration LONG = Duration.ofDays(28);
    static final Duration SHORT = Duration.ofDays(3);

    /// 2^(-1/4), which is a week of the long one, in 65536ths.
    private static final long WEEK_LEAVES = 55_109;

    private static final int WEEKS_REMEMBERED = 80;

    private Decay() {}

    /// What is left after that time: `2^(-Δt / H)`.
    static double left(double minutes, Duration half) {
        return StrictMath.pow(2, -minutes / half.toMinutes());
    }

    /// Which week an hour since 1970 is in. Weeks begin on Mondays.
    static long week(long hour) {
        return Math.floorDiv(hour + 3 * 24, (long) Week.HOURS);
    }

    /// Weeks from one to that of an hour.
    static long weeks(long from, long hour) {
        return Math.max(0, week(hour) - from);
    }

    /// What so many weeks leave of a count, in whole numbers.
    static long weekly(long count, long weeks) {
        if (weeks > WEEKS_REMEMBERED) {
            return 0;
        }
        long value = count;
        for (int i = 0; i < weeks && value > 0; i++) {
            value = (value * WEEK_LEAVES + 32_768) >> 16;
        }
        return value;
    }
}
