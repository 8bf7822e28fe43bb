package dev.countersign.dashboard;

import dev.countersign.people.Memberships;
import dev.countersign.people.PersonId;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Who belongs where now, as far as this node has heard, for pages that show it.
final class Crowd {
    private final Memberships memberships;
    private final Wording wording;
    private final InstantSource clock;

    Crowd(Memberships memberships, Wording wording, InstantSource clock) {
        this.memberships = memberships;
        this.wording = wording;
        this.clock = clock;
    }

    Set<PersonId> members(String group) {
        return memberships.membersAt(group, clock.instant());
    }

    /// Who may be asked by a rule, by their names, to choose from.
    List<Option> reviewers() {
        return wording.groups().stream()
                .flatMap(it -> members(it.value()).stream())
                .distinct()
                .map(it -> new Option(it.value(), wording.person(it)))
                .sorted(Comparator.comparing(Option::label))
                .toList();
    }
}
