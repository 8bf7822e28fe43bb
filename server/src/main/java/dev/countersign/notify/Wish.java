package dev.countersign.notify;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;

/// What a person wants to be mailed, and when.
///
/// @param off whether nothing at all
/// @param risk only what has this risk or a higher one
/// @param quiet when they are left alone, but for what is critical; empty for never
public record Wish(boolean off, Risk risk, Optional<Quiet> quiet) {
    /// That of whoever says nothing.
    public static final Wish ALL = new Wish(false, Risk.LOW, Optional.empty());

    /// Hours of the day by the clocks of a zone, over midnight when they end before they begin.
    public record Quiet(LocalTime from, LocalTime to, ZoneId zone) {
        /// How long they last from that moment on; nothing outside of them.
        Duration left(Instant now) {
            var here = now.atZone(zone);
            var time = here.toLocalTime();
            boolean begun = !time.isBefore(from);
            boolean ahead = time.isBefore(to);
            boolean inside = from.isBefore(to) ? begun && ahead : begun || ahead;
            if (!inside) {
                return Duration.ZERO;
            }
            var end = here.with(to);
            return Duration.between(here, ahead ? end : end.plusDays(1));
        }
    }

    boolean wants(Risk of) {
        return !off && of.compareTo(risk) >= 0;
    }

    /// How long after `now` they are told, who would be after a while.
    Duration after(Duration after, Risk of, Instant now) {
        return of == Risk.CRITICAL
                ? after
                : after.plus(quiet.map(it -> it.left(now.plus(after))).orElse(Duration.ZERO));
    }
}
