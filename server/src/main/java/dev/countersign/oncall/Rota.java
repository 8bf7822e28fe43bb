package dev.countersign.oncall;

import dev.countersign.oncall.Occurrences.Occurrence;
import dev.countersign.people.OnCallCalendar.Planned;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What a calendar says of the people whom it may name.
///
/// @param shifts that have not ended, in their order; each of a name that the configuration knows
/// @param strangers the titles of events that name nobody whom it knows
public record Rota(List<Planned> shifts, Set<String> strangers) {
    /// How far ahead is looked.
    static final Duration AHEAD = Duration.ofDays(30);

    /// As many shifts as are kept; who begins later is read when their time comes.
    static final int MOST = 500;

    /// As many as one may have until then.
    static final int MOST_READ = 10_000;

    private static final int MOST_STRANGERS = 20;

    /// Reads a feed.
    ///
    /// @param names those that it may name, as the configuration writes them
    /// @throws Unreadable when it cannot be read as a whole; then it says nothing
    public static Rota read(String feed, Set<String> names, Instant now) throws Unreadable {
        var calendar = ICalendar.read(feed);
        var keys = CalendarEvent.keys(names);
        var occurrences = new Occurrences(calendar.zone(), now, now.plus(AHEAD));
        var shifts = new ArrayList<Planned>();
        var strangers = new TreeSet<String>();
        for (var events : byUid(calendar.events())) {
            Reader.goOn();
            if (events.stream().allMatch(it -> it.names(keys).isEmpty())) {
                events.stream().filter(it -> !isOver(it, calendar, now)).forEach(it -> strangers.add(it.title()));
                continue;
            }
            var times = new IdentityHashMap<CalendarEvent, List<Occurrence>>();
            occurrences
                    .of(events)
                    .forEach(it -> times.computeIfAbsent(it.event(), _ -> new ArrayList<>())
                            .add(it));
            for (var it : times.entrySet()) {
                add(shifts, strangers, it.getKey().names(keys), it.getValue());
            }
        }
        shifts.sort(Comparator.comparing(Planned::since)
                .thenComparing(Planned::until)
                .thenComparing(Planned::name));
        return new Rota(
                shifts.stream().distinct().limit(MOST).toList(),
                strangers.stream().limit(MOST_STRANGERS).collect(Collectors.toCollection(TreeSet::new)));
    }

    /// An event with its exceptions; those without a UID are each on their own.
    private static List<List<CalendarEvent>> byUid(List<CalendarEvent> events) {
        var byUid = new LinkedHashMap<String, List<CalendarEvent>>();
        int alone = 0;
        for (var event : events) {
            var uid = event.uid().isEmpty() ? "\n" + alone++ : event.uid();
            byUid.computeIfAbsent(uid, _ -> new ArrayList<>()).add(event);
        }
        return List.copyOf(byUid.values());
    }

    private static void add(
            List<Planned> shifts, Set<String> strangers, Set<String> named, List<Occurrence> occurrences)
            throws Unreadable {
        if (named.isEmpty()) {
            strangers.add(occurrences.getFirst().event().title());
        }
        for (var name : named) {
            if (shifts.size() + occurrences.size() > MOST_READ) {
                throw new Unreadable(
                        "it has more than " + MOST_READ + " shifts in the next " + AHEAD.toDays() + " days");
            }
            occurrences.forEach(it -> shifts.add(new Planned(name, it.since(), it.until())));
        }
    }

    /// Whether an event of nobody's is told of no more. One whose times are not read is told of.
    private static boolean isOver(CalendarEvent event, ICalendar calendar, Instant now) {
        var end = event.line("DTEND").or(() -> event.line("DTSTART"));
        if (event.isCancelled()) {
            return true;
        }
        if (end.isEmpty() || event.line("RRULE").isPresent()) {
            return false;
        }
        try {
            return CalendarTime.of(end.get(), calendar.zone()).instant().isBefore(now);
        } catch (Unreadable _) {
            return false;
        }
    }
}
