package dev.countersign.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/// Durations as the configuration writes them, `90s 15m 8h 30d`, and durations and moments as people read them.
final class Spans {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([smhd])");

    private Spans() {}

    static Duration parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is no duration: write 90s, 15m, 8h or 30d");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /// `4:05`, or `2:04:05`.
    static String clock(Duration duration) {
        var left = duration.isNegative() ? Duration.ZERO : duration;
        return left.toHours() > 0
                ? "%d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart())
                : "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
    }

    /// `2026-11-25T08:09:44Z`: nobody compares more with a clock.
    static String moment(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
