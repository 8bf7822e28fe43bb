package dev.countersign.dashboard;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// A day in UTC, as forms send it: `2026-11-23`.
final class Day {
    private Day() {}

    /// When it begins; empty when the text names none that there could be anything of.
    static Optional<Instant> of(String text) {
        try {
            return text.matches("20[0-9]{2}-[0-9]{2}-[0-9]{2}")
                    ? Optional.of(
                            LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant())
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty(); // such as the 31st of June
        }
    }

    /// The text if it names one, and else nothing.
    static String text(String text) {
        return of(text).isPresent() ? text : "";
    }
}
