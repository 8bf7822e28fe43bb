package dev.countersign.approval;

import dev.countersign.people.PersonId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// For which of a request's stages somebody's vote would count.
///
/// @param groups the groups of those stages
/// @param escalated those of them in whose place they decide, since it waited for so long
/// @param inPlaceOf who is away and in whose place they vote; empty when it is their own vote
/// @param onCall the groups to which they belong while they are on call and not otherwise, and until when they are
record Seats(Set<String> groups, Set<String> escalated, Optional<PersonId> inPlaceOf, Map<String, Instant> onCall) {
    static final Seats NONE = new Seats(Set.of(), Set.of(), Optional.empty(), Map.of());

    Seats inPlaceOf(PersonId away) {
        return new Seats(groups, escalated, Optional.of(away), onCall);
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }
}
