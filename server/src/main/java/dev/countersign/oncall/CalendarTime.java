package dev.countersign.oncall;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/// A time of a calendar, RFC 5545 §3.3.4 and §3.3.5: what clocks of a zone show.
///
/// @param day whether it is a day, from its beginning
record CalendarTime(LocalDateTime local, ZoneId zone, boolean day) {
    private static final Pattern DAYS = Pattern.compile("[0-9]{8}");
    private static final Pattern TIMES = Pattern.compile("[0-9]{8}T[0-9]{6}Z?");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");

    /// @param usual the zone of a time that names none
    static CalendarTime of(ContentLine line, ZoneId usual) throws Unreadable {
        return of(line, line.value().strip(), usual);
    }

    /// One of several in a line.
    static CalendarTime of(ContentLine line, String text, ZoneId usual) throws Unreadable {
        try {
            if (DAYS.matcher(text).matches()) {
                var day = LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE);
                return new CalendarTime(day.atStartOfDay(), usual, true);
            }
            if (TIMES.matcher(text).matches()) {
                var local = LocalDateTime.parse(text.substring(0, 15), TIME);
                return new CalendarTime(local, text.endsWith("Z") ? ZoneOffset.UTC : zone(line, usual), false);
            }
        } catch (DateTimeException _) {
            // Said below.
        }
        throw new Unreadable(line, "`" + line.name() + "` is no time such as 20261224T180000Z");
    }

    /// A zone of a calendar's own is not read: what it is called has to be a name that everybody knows it by.
    private static ZoneId zone(ContentLine line, ZoneId usual) throws Unreadable {
        var name = line.parameter("TZID");
        if (name.isEmpty()) {
            return usual;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException _) {
            throw new Unreadable(line, "its TZID is no name of the IANA time zone database, such as Europe/Berlin");
        }
    }

    Instant instant() {
        return local.atZone(zone).toInstant();
    }

    CalendarTime at(LocalDateTime other) {
        return new CalendarTime(other, zone, day);
    }
}
