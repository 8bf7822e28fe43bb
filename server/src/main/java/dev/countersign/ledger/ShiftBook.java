package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who is on call by the entries so far, and whether who voted or looked at broken glass by that was.
final class ShiftBook {
    private final Map<String, List<Shift>> shifts = new HashMap<>();

    private record Shift(String person, Instant since, Instant until) {
        boolean covers(Instant at) {
            return !at.plus(Auditor.SKEW).isBefore(since) && at.isBefore(until.plus(Auditor.SKEW));
        }

        Shift to(Instant end) {
            return new Shift(person, since, end.isBefore(until) ? end : until);
        }
    }

    /// From here on, in this group, these are on call and nobody else.
    void changed(EntryView entry) throws Objection {
        var now = new ArrayList<Shift>();
        for (var it : shifts.getOrDefault(entry.text(Member.GROUP), List.of())) {
            if (!it.until().plus(Auditor.SKEW).isBefore(entry.at())) {
                now.add(it.to(entry.at()));
            }
        }
        if (entry.body().get(Member.ON_CALL) instanceof Map<?, ?> people) {
            for (var it : people.entrySet()) {
                Objection.unless(
                        it.getValue() instanceof Number until
                                && until.longValue() >= entry.at().toEpochMilli(),
                        Promise.QUORUM,
                        "a shift begins that was over");
                var until = Instant.ofEpochMilli(((Number) it.getValue()).longValue());
                now.add(new Shift(String.valueOf(it.getKey()), entry.at(), until));
            }
        }
        shifts.put(entry.text(Member.GROUP), List.copyOf(now));
    }

    /// A vote, or a word on broken glass.
    void spoke(EntryView vote) throws Objection {
        if (vote.body().get(Member.ON_CALL) instanceof List<?> groups) {
            var inPlaceOf = vote.text(Member.IN_PLACE_OF);
            var person = inPlaceOf.isEmpty() ? vote.actor().id() : inPlaceOf;
            for (var group : groups) {
                Objection.unless(
                        shifts.getOrDefault(String.valueOf(group), List.of()).stream()
                                .anyMatch(it -> it.person().equals(person) && it.covers(vote.at())),
                        Promise.QUORUM,
                        person + " is not on call for " + group);
            }
        }
    }
}
