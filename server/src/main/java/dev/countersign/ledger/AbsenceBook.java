package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Who is away by the entries so far, and whether who voted in somebody's place stood in for them then.
final class AbsenceBook {
    private final Map<String, Away> open = new HashMap<>();

    private record Away(String person, String substitute, Instant from, Instant until) {
        boolean lets(String voter, String inPlaceOf, Instant at) {
            return person.equals(inPlaceOf)
                    && substitute.equals(voter)
                    && !at.plus(Auditor.SKEW).isBefore(from)
                    && at.isBefore(until.plus(Auditor.SKEW));
        }
    }

    void away(EntryView entry) throws Objection {
        var person = entry.text(Member.PERSON);
        Objection.unless(
                entry.actor().kind().equals("person") && entry.actor().id().equals(person),
                Promise.QUORUM,
                "somebody else says that a person is away");
        open.values().removeIf(it -> it.until().plus(Auditor.SKEW).isBefore(entry.at()));
        open.put(
                entry.text(Member.ABSENCE),
                new Away(
                        person,
                        entry.text(Member.SUBSTITUTE),
                        Instant.ofEpochMilli(entry.number(Member.FROM)),
                        Instant.ofEpochMilli(entry.number(Member.UNTIL))));
    }

    void back(EntryView entry) {
        open.remove(entry.text(Member.ABSENCE));
    }

    void voted(EntryView vote) throws Objection {
        var inPlaceOf = vote.text(Member.IN_PLACE_OF);
        Objection.unless(
                inPlaceOf.isEmpty()
                        || open.values().stream()
                                .anyMatch(it -> it.lets(vote.actor().id(), inPlaceOf, vote.at())),
                Promise.QUORUM,
                vote.actor().id() + " does not stand in for whom they vote in place of");
    }
}
