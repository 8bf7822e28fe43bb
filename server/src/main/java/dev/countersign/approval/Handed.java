package dev.countersign.approval;

import dev.countersign.people.PersonId;
import java.time.Instant;
import java.util.Optional;

/// That a reviewer handed a pending request on to somebody else who may decide it. Nobody gains a vote by it or loses
/// one.
///
/// @param times how often it was handed on so far
/// @param reason the reviewer's own words, at most 500 characters
public record Handed(int times, PersonId by, To to, String reason, Instant at) {
    /// To whom.
    public sealed interface To {
        /// One of those who may decide.
        record Person(PersonId id) implements To {}

        /// All of a group that is asked.
        record Group(String name) implements To {}
    }

    /// Whether it was handed to this person, by themselves or as one of the group.
    ///
    /// @param seats the groups for which their vote would count
    boolean isFor(PersonId person, Seats seats) {
        return switch (to) {
            case To.Person(var id) -> id.equals(person);
            case To.Group(var name) -> !by.equals(person) && seats.groups().contains(name);
        };
    }

    static To to(Optional<String> person, String group) {
        return person.<To>map(it -> new To.Person(new PersonId(it))).orElseGet(() -> new To.Group(group));
    }
}
