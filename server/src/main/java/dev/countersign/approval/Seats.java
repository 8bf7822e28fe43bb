package dev.countersign.approval;

import dev.countersign.people.PersonId;
import java.util.Optional;
import java.util.Set;

/// For which of a request's stages somebody's vote would count.
///
/// @param groups the groups of those stages
/// @param escalated those of them in whose place they decide, since it waited for so long
/// @param inPlaceOf who is away and in whose place they vote; empty when it is their own vote
record Seats(Set<String> groups, Set<String> escalated, Optional<PersonId> inPlaceOf) {
    static final Seats NONE = new Seats(Set.of(), Set.of(), Optional.empty());

    Seats inPlaceOf(PersonId away) {
        return new Seats(groups, escalated, Optional.of(away));
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }
}
