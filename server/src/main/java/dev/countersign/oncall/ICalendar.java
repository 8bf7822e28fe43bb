package dev.countersign.oncall;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A calendar as it is written, RFC 5545 §3.4: its events, and nothing else that may be in it.
///
/// @param zone of times that name none
record ICalendar(ZoneId zone, List<CalendarEvent> events) {
    /// As many events as one is read with.
    static final int MOST_EVENTS = 5_000;

    /// Reads a feed as a whole: one that was cut off is none, since what is left of it could say that somebody is on
    /// call whom its end took off.
    static ICalendar read(String text) throws Unreadable {
        var lines = ContentLine.all(text);
        var open = new ArrayDeque<String>();
        var events = new ArrayList<CalendarEvent>();
        List<ContentLine> event = new ArrayList<>();
        ZoneId zone = ZoneOffset.UTC;
        boolean whole = false;
        for (var line : lines) {
            var kind = line.value().strip().toUpperCase(Locale.ROOT);
            if (whole || (open.isEmpty() && !(line.name().equals("BEGIN") && kind.equals("VCALENDAR")))) {
                throw new Unreadable(line, "this is no iCalendar feed: it is one VCALENDAR from its first line on");
            }
            switch (line.name()) {
                case "BEGIN" -> open.push(kind);
                case "END" -> {
                    if (!kind.equals(open.pop())) {
                        throw new Unreadable(line, "what ends here did not begin");
                    }
                    if (kind.equals("VEVENT") && open.size() == 1) {
                        add(events, event);
                        event = new ArrayList<>();
                    }
                    whole = open.isEmpty();
                }
                case "X-WR-TIMEZONE" -> zone = open.size() == 1 ? zone(line) : zone;
                default -> {
                    if (open.size() == 2 && "VEVENT".equals(open.peek())) {
                        event.add(line);
                    }
                }
            }
        }
        if (!whole) {
            throw new Unreadable("it does not end with END:VCALENDAR: it was cut off, or is no iCalendar feed");
        }
        return new ICalendar(zone, List.copyOf(events));
    }

    private static void add(List<CalendarEvent> events, List<ContentLine> lines) throws Unreadable {
        if (events.size() == MOST_EVENTS) {
            throw new Unreadable("it has more than " + MOST_EVENTS + " events: have it name the shifts of some weeks");
        }
        events.add(new CalendarEvent(List.copyOf(lines)));
    }

    private static ZoneId zone(ContentLine line) throws Unreadable {
        try {
            return ZoneId.of(line.value().strip());
        } catch (DateTimeException _) {
            throw new Unreadable(line, "its X-WR-TIMEZONE is no name of the IANA time zone database");
        }
    }
}
