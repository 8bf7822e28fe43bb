package dev.countersign.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// A point in time as pages carry it: exact for machines, and for people in one form and zone everywhere, so that
/// two who talk of a time mean the same. The script gives the reader's own zone as a hint.
public record Moment(Instant at) {
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /// RFC 3339, to the second.
    public String iso() {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// "23 Nov 2026".
    public String day() {
        return DAY.format(at);
    }

    /// "23 Nov 2026, 08:54 UTC".
    public String utc() {
        return DAY_AND_TIME.format(at);
    }

    /// A duration in the two largest units that say it: "2 minutes", "1 hour 5 minutes", "3 days".
    public static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120 && seconds != 60) {
            return count(seconds, "second");
        }
        if (seconds < 3600) {
            return two(seconds / 60, "minute", seconds % 60, "second");
        }
        return seconds < 86_400
                ? two(seconds / 3600, "hour", seconds % 3600 / 60, "minute")
                : two(seconds / 86_400, "day", seconds % 86_400 / 3600, "hour");
    }

    /// A duration as a clock shows it, "4:05" or "1:04:05"; from a day on in words.
    public static String clock(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 86_400) {
            return words(Duration.ofHours(seconds / 3600));
        }
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }

    private static String two(long large, String ofLarge, long small, String ofSmall) {
        return small == 0 ? count(large, ofLarge) : count(large, ofLarge) + " " + count(small, ofSmall);
    }

    private static String count(long n, String unit) {
        return n == 1 ? "1 " + unit : n + " " + unit + "s";
    }
}
