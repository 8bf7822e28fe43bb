package dev.countersign.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Times that rules know by a name, such as office hours: windows of the week in a zone, less the holidays. What a
/// clock on the wall there shows counts, so that a window keeps its hours when the clocks change: an hour that comes
/// twice is open twice, and one that is skipped is not there to be open.
///
/// @param name as `time.windows` has it
public record Calendar(String name, ZoneId zone, List<Window> windows, List<Holidays> holidays) {
    /// A part of the day on some days of the week.
    ///
    /// @param from the minute of the day it opens in
    /// @param until the minute of the day it closes with; 1440 is the end of the day
    public record Window(Set<DayOfWeek> days, int from, int until) {
        private boolean holds(DayOfWeek day, int minute) {
            return days.contains(day) && minute >= from && minute < until;
        }
    }

    /// Days on which it stays closed, the first and the last among them.
    public record Holidays(LocalDate first, LocalDate last) {
        private boolean holds(LocalDate day) {
            return !day.isBefore(first) && !day.isAfter(last);
        }
    }

    /// Whether it is open then.
    public boolean isOpen(Instant at) {
        var local = at.atZone(zone);
        var day = local.toLocalDate();
        int minute = local.getHour() * 60 + local.getMinute();
        return windows.stream().anyMatch(it -> it.holds(day.getDayOfWeek(), minute))
                && holidays.stream().noneMatch(it -> it.holds(day));
    }

    /// The names of those that are open then, sorted.
    static List<String> open(Collection<Calendar> calendars, Instant at) {
        return calendars.stream()
                .filter(it -> it.isOpen(at))
                .map(Calendar::name)
                .sorted()
                .toList();
    }
}
