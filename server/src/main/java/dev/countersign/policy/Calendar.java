package dev.countersign.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Times that rules know by a name, such as office hours: windows of the week in a zone, less the holidays. What a
/// clock on the wall there shows counts, so that a window keeps its hours when the clocks change: an hour that comes
/// twice is open twice, and one that is skipped is not there to be open.
///
/// @param name as `time.windows` and `time.holidays` have it
public record Calendar(String name, ZoneId zone, List<Window> windows, List<Holidays> holidays) {
    /// The minutes of a day.
    public static final int DAY = 24 * 60;

    /// A part of the day on some days of the week. One that closes before it opens goes over midnight, and belongs
    /// to the day on which it begins.
    ///
    /// @param from the minute of the day it opens in
    /// @param until the minute of the day it closes with; 1440 is the end of the day
    public record Window(Set<DayOfWeek> days, int from, int until) {
        /// How many minutes it is open, by the clock on the wall.
        public int length() {
            return until > from ? until - from : until + DAY - from;
        }

        /// Whether it is open so many minutes after the beginning of a day, as one that began on it.
        private boolean holds(DayOfWeek day, int minute) {
            return days.contains(day) && minute >= from && minute < from + length();
        }
    }

    /// Days on which no window begins, the first and the last among them.
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
        return began(day, minute) || began(day.minusDays(1), minute + DAY);
    }

    /// Whether the day that it then is in its zone is a holiday.
    public boolean isHoliday(Instant at) {
        return isHoliday(at.atZone(zone).toLocalDate());
    }

    private boolean isHoliday(LocalDate day) {
        return holidays.stream().anyMatch(it -> it.holds(day));
    }

    private boolean began(LocalDate day, int minute) {
        return !isHoliday(day) && windows.stream().anyMatch(it -> it.holds(day.getDayOfWeek(), minute));
    }

    /// The names of those that are open then, sorted.
    static List<String> open(Collection<Calendar> calendars, Instant at) {
        return names(calendars, it -> it.isOpen(at));
    }

    /// The names of those of which it then is a holiday, sorted.
    static List<String> holidays(Collection<Calendar> calendars, Instant at) {
        return names(calendars, it -> it.isHoliday(at));
    }

    private static List<String> names(Collection<Calendar> calendars, Predicate<Calendar> which) {
        return calendars.stream().filter(which).map(Calendar::name).sorted().toList();
    }
}
