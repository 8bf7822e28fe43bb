package dev.countersign.oncall;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/// When events take place, RFC 5545 §3.8.5: once or again and again, without those that were taken out or moved.
///
/// A rule that never ends is followed within the window that is asked for, and all of one calendar for so many steps.
/// What could take somebody off and is not understood makes all of it unreadable.
final class Occurrences {
    private static final int MOST_STEPS = 50_000;
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int FIRST_YEAR = 1970;
    private static final int LONGEST_RULE = 300;

    /// Each set of a rule is made as a whole, so that one with many times within an hour would take much memory.
    private static final Pattern FINE = Pattern.compile("BY(?:MINUTE|SECOND)=[^;]*,");

    /// RFC 5545 §3.3.6, of which what is negative lasts for no time.
    private static final Pattern LASTS = Pattern.compile(
            "\\+?P(?:[0-9]{1,3}W|(?:[0-9]{1,4}D)?(?:T(?:[0-9]{1,5}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,8}S)?)?)");

    /// What an event has once at most, §3.6.1; of a second one nobody could say which holds.
    private static final Set<String> ONCE =
            Set.of("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "STATUS", "SUMMARY");

    private static final Pattern UNTIL = Pattern.compile(";?UNTIL=([^;]*)");

    private final ZoneId usual;
    private final Instant from;
    private final Instant to;
    private int steps;

    /// @param usual the zone of times that name none
    Occurrences(ZoneId usual, Instant from, Instant to) {
        this.usual = usual;
        this.from = from;
        this.to = to;
    }

    /// One time that an event takes place.
    record Occurrence(CalendarEvent event, Instant since, Instant until) {}

    /// The times that fall into the window, of all events of one UID.
    List<Occurrence> of(List<CalendarEvent> events) throws Unreadable {
        var moved = new ArrayList<Stated>();
        for (var event : events) {
            check(event);
            var which = event.line("RECURRENCE-ID");
            if (which.isPresent()) {
                if (!which.get().parameter("RANGE").isEmpty()) {
                    throw new Unreadable(which.get(), "a RECURRENCE-ID with a RANGE is not read");
                }
                moved.add(new Stated(which.get(), CalendarTime.of(which.get(), usual)));
            }
        }
        var all = new ArrayList<Occurrence>();
        for (var event : events) {
            boolean single = event.line("RECURRENCE-ID").isPresent();
            add(all, event, single, single ? List.of() : moved);
        }
        return all;
    }

    private static void check(CalendarEvent event) throws Unreadable {
        var seen = new HashSet<String>();
        for (var line : event.lines()) {
            if (line.name().equals("EXRULE")) {
                throw new Unreadable(line, "an EXRULE is not read: RFC 5545 has EXDATE in its place");
            }
            if (ONCE.contains(line.name()) && !seen.add(line.name())) {
                throw new Unreadable(line, "an event has one " + line.name() + " at most");
            }
        }
    }

    /// A time that an event does not take place, or does besides.
    private record Stated(ContentLine line, CalendarTime time) {}

    private void add(List<Occurrence> all, CalendarEvent event, boolean single, List<Stated> moved) throws Unreadable {
        if (event.isCancelled()) {
            return;
        }
        var begins = event.line("DTSTART").orElseThrow(() -> new Unreadable("an event has no DTSTART"));
        var start = CalendarTime.of(begins, usual);
        if (start.local().getYear() < FIRST_YEAR) {
            throw new Unreadable(begins, "an event begins before " + FIRST_YEAR);
        }
        var end = end(event, start);
        var lasts = Duration.between(start.local(), end.local());
        if (lasts.isNegative() || lasts.compareTo(LONGEST) > 0) {
            throw new Unreadable(event.lines().getFirst(), "an event ends before it begins, or lasts for over a year");
        }
        var out = times(event, "EXDATE");
        out.addAll(moved);
        var without = without(out, start);
        for (var local : single ? List.of(start.local()) : starts(event, start, lasts)) {
            var since = start.at(local).instant();
            var until = end.at(local.plus(lasts)).instant();
            if (!without.contains(since) && until.isAfter(from) && since.isBefore(to) && since.isBefore(until)) {
                all.add(new Occurrence(event, since, until));
            }
        }
    }

    /// A day takes out no time of it, nor a time a day: which was meant is not to be guessed.
    private static Set<Instant> without(List<Stated> out, CalendarTime start) throws Unreadable {
        var without = new HashSet<Instant>();
        for (var it : out) {
            without.add(sameKind(it, start).instant());
        }
        return without;
    }

    private static CalendarTime sameKind(Stated it, CalendarTime start) throws Unreadable {
        if (it.time().day() != start.day()) {
            throw new Unreadable(
                    it.line(), "`" + it.line().name() + "` is a day where DTSTART is a time, or the other way round");
        }
        return it.time();
    }

    private CalendarTime end(CalendarEvent event, CalendarTime start) throws Unreadable {
        var end = event.line("DTEND");
        if (end.isPresent()) {
            var time = CalendarTime.of(end.get(), usual);
            return time.zone().equals(start.zone())
                    ? time
                    : start.at(time.instant().atZone(start.zone()).toLocalDateTime());
        }
        var lasts = event.line("DURATION");
        if (lasts.isEmpty()) {
            return start.at(start.day() ? start.local().plusDays(1) : start.local());
        }
        var text = lasts.get().value().strip().toUpperCase(Locale.ROOT);
        try {
            if (LASTS.matcher(text).matches()) {
                return start.at(
                        text.endsWith("W")
                                ? start.local().plusWeeks(Integer.parseInt(text.replaceAll("[^0-9]", "")))
                                : start.local().plus(Duration.parse(text)));
            }
        } catch (DateTimeException _) {
            // Said below.
        }
        throw new Unreadable(lasts.get(), "this is no DURATION such as PT12H");
    }

    private List<Stated> times(CalendarEvent event, String name) throws Unreadable {
        var times = new ArrayList<Stated>();
        for (var line : event.all(name).toList()) {
            for (var text : line.value().split(",", -1)) {
                times.add(new Stated(line, CalendarTime.of(line, text.strip(), usual)));
            }
        }
        return times;
    }

    private List<LocalDateTime> starts(CalendarEvent event, CalendarTime start, Duration lasts) throws Unreadable {
        var starts = new ArrayList<LocalDateTime>();
        var rule = event.line("RRULE");
        if (rule.isPresent()) {
            recur(starts, rule.get(), start, lasts);
        } else {
            starts.add(start.local());
        }
        for (var it : times(event, "RDATE")) {
            starts.add(sameKind(it, start).instant().atZone(start.zone()).toLocalDateTime());
        }
        return starts;
    }

    private void recur(List<LocalDateTime> starts, ContentLine line, CalendarTime start, Duration lasts)
            throws Unreadable {
        var text = line.value().strip().toUpperCase(Locale.ROOT);
        if (text.length() > LONGEST_RULE) {
            throw new Unreadable(line, "an RRULE has at most " + LONGEST_RULE + " characters: make it several events");
        }
        if (FINE.matcher(text).find()) {
            throw new Unreadable(
                    line, "a shift begins at one minute of an hour: BYMINUTE and BYSECOND of an RRULE have one value");
        }
        var last = until(line, text, start);
        try {
            var rule = new RecurrenceRule(
                    UNTIL.matcher(text).replaceAll("").replaceFirst("^;", ""), RecurrenceRule.RfcMode.RFC5545_STRICT);
            if (rule.getFreq() == Freq.SECONDLY || rule.getFreq() == Freq.MINUTELY) {
                throw new Unreadable(line, "no shift begins every minute: an RRULE recurs HOURLY at most");
            }
            var it = rule.iterator(time(start.local()));
            var near = from.minus(lasts).atZone(start.zone()).toLocalDateTime().minusDays(1);
            if (rule.getCount() == null && near.isAfter(start.local())) {
                it.fastForward(time(near));
            }
            recur(starts, it, start, last.isBefore(to) ? last : to);
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException | IllegalStateException _) {
            // Also of a rule that never comes true.
            throw new Unreadable(line, "this RRULE cannot be followed (RFC 5545)");
        }
    }

    private void recur(List<LocalDateTime> starts, RecurrenceRuleIterator it, CalendarTime start, Instant last)
            throws Unreadable {
        while (it.hasNext()) {
            Reader.goOn();
            if (++steps > MOST_STEPS) {
                throw new Unreadable("its events recur too often to be followed: have them end, or begin later");
            }
            var local = local(it.nextDateTime());
            if (start.at(local).instant().isAfter(last)) {
                return;
            }
            starts.add(local);
        }
    }

    private static Instant until(ContentLine line, String rule, CalendarTime start) throws Unreadable {
        var found = UNTIL.matcher(rule);
        if (!found.find()) {
            return Instant.MAX;
        }
        var until = CalendarTime.of(line, found.group(1), start.zone());
        return until.day() ? until.at(until.local().plusDays(1).minusSeconds(1)).instant() : until.instant();
    }

    private static DateTime time(LocalDateTime it) {
        return new DateTime(
                it.getYear(), it.getMonthValue() - 1, it.getDayOfMonth(), it.getHour(), it.getMinute(), it.getSecond());
    }

    private static LocalDateTime local(DateTime it) {
        return LocalDateTime.of(
                it.getYear(), it.getMonth() + 1, it.getDayOfMonth(), it.getHours(), it.getMinutes(), it.getSeconds());
    }
}
