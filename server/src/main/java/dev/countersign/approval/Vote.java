package dev.countersign.approval;

import dev.countersign.ledger.LeafHash;
import dev.countersign.people.PersonId;
import java.time.Instant;
import java.util.Optional;

/// A reviewer's word on a request.
///
/// @param narrowed what the reviewer would grant when that is less than what is asked; only with approve
/// @param comment the reviewer's own words, at most 500 characters
/// @param leaf its ledger entry
/// @param signed whether it is signed with a passkey; what was kept before there were any says no
/// @param inPlaceOf who was away and in whose place it was cast; empty when it is the reviewer's own
/// @param via by which way it came; empty of what was kept before that was noted
public record Vote(
        PersonId reviewer,
        Word word,
        Optional<Allowance> narrowed,
        String comment,
        Instant at,
        LeafHash leaf,
        boolean signed,
        Optional<PersonId> inPlaceOf,
        Optional<Via> via) {

    /// One that is not signed.
    public Vote(PersonId reviewer, Word word, Optional<Allowance> narrowed, String comment, Instant at, LeafHash leaf) {
        this(reviewer, word, narrowed, comment, at, leaf, false, Optional.empty(), Optional.empty());
    }

    /// Who counts by it: the reviewer, or in whose place they voted.
    public PersonId speaksFor() {
        return inPlaceOf.orElse(reviewer);
    }

    /// Whether a person has used up their word by it, by themselves or by who stands in for them.
    boolean isOf(PersonId person) {
        return reviewer.equals(person) || speaksFor().equals(person);
    }

    /// Yes or no.
    public enum Word {
        APPROVE,
        DENY
    }
}
