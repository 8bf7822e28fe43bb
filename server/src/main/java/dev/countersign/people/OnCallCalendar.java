package dev.countersign.people;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A group's calendar, as it was heard last.
///
/// @param calendar the file that has its address
/// @param names the person whom each name is
/// @param goodFor how long what it said holds while it is not heard
/// @param heard what it said; empty while it was never heard
/// @param strangers the titles of its events that name nobody here
/// @param trouble why it cannot be heard now; empty while it can
/// @param changedAt when who is on call by it changed last
/// @param joinedAt when somebody came on call by it last
public record OnCallCalendar(
        String group,
        String calendar,
        Map<String, PersonId> names,
        Duration goodFor,
        Optional<Heard> heard,
        List<String> strangers,
        Optional<Trouble> trouble,
        Instant changedAt,
        Instant joinedAt) {
    /// How long nobody else comes on call after somebody did. Shifts begin at full minutes, so that none waits for it,
    /// and a calendar whose shifts are of seconds makes no flood of entries and messages.
    static final Duration PACE = Duration.ofSeconds(50);

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /// A shift that a calendar has.
    ///
    /// @param name as the configuration writes it
    public record Planned(String name, Instant since, Instant until) {}

    /// What a calendar said.
    ///
    /// @param etag by which it is asked whether it says another thing now; may be empty
    /// @param digest the SHA-256 of all of it
    /// @param readAt when it was read
    /// @param at when it said last that this holds
    public record Heard(String etag, String digest, Instant readAt, Instant at, List<Planned> plan) {}

    /// Why it cannot be heard, and since when.
    public record Trouble(Instant since, String fault) {}

    /// Somebody's shift.
    public record Turn(PersonId person, Instant since, Instant until) {}

    /// A name as names in calendars are compared.
    public static String key(String name) {
        return BLANKS.matcher(name.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    /// Until when what it said holds.
    public Optional<Instant> good() {
        return heard.map(it -> it.at().plus(goodFor));
    }

    /// Whether what it said holds no more: nobody is on call by it.
    public boolean isLost(Instant now) {
        return good().map(it -> !now.isBefore(it)).orElse(true);
    }

    /// Who is on call at `now`, and until when: to the end of shifts that follow one another.
    public Map<PersonId, Instant> at(Instant now) {
        var until = new TreeMap<PersonId, Instant>(Comparator.comparing(PersonId::value));
        if (!isLost(now)) {
            for (var turn : turns()) {
                if (!turn.since().isAfter(now) && turn.until().isAfter(now)) {
                    until.put(turn.person(), turn.until());
                }
            }
        }
        return until;
    }

    /// Who is to be on call at `now`, of whom those are: the same, but nobody joins so soon after others did. Nobody is
    /// on call for longer by that.
    Map<PersonId, Instant> due(Set<PersonId> onCall, Instant now) {
        var due = at(now);
        if (now.isBefore(joinedAt.plus(PACE))) {
            due.keySet().retainAll(onCall);
        }
        return due;
    }

    /// Whether that is after a time at which who is on call changed. Clocks of nodes differ, and one that is behind
    /// would take back what came to be: it leaves the group alone until its clock is there.
    boolean isPast(Instant now) {
        return now.isBefore(changedAt);
    }

    /// Who begins after `now`, the first first.
    public List<Turn> next(Instant now) {
        return isLost(now)
                ? List.of()
                : turns().stream()
                        .filter(it -> it.since().isAfter(now))
                        .sorted(Comparator.comparing(Turn::since)
                                .thenComparing(it -> it.person().value()))
                        .toList();
    }

    /// All shifts; those of one person that touch or overlap are one.
    private List<Turn> turns() {
        var open = new HashMap<PersonId, Turn>();
        var turns = new ArrayList<Turn>();
        for (var planned : heard.map(Heard::plan).orElse(List.of()).stream()
                .sorted(Comparator.comparing(Planned::since))
                .toList()) {
            var person = names.get(planned.name());
            if (person == null) {
                continue;
            }
            var before = open.get(person);
            if (before != null && !planned.since().isAfter(before.until())) {
                var end = before.until().isAfter(planned.until()) ? before.until() : planned.until();
                open.put(person, new Turn(person, before.since(), end));
            } else {
                if (before != null) {
                    turns.add(before);
                }
                open.put(person, new Turn(person, planned.since(), planned.until()));
            }
        }
        turns.addAll(open.values());
        return turns;
    }
}
