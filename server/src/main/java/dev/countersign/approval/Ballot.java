package dev.countersign.approval;

import dev.countersign.people.PersonId;
import java.util.Optional;

/// A vote as it is handed in, before anybody has looked whether it counts.
///
/// @param narrowed what the reviewer would grant when that is less than what is asked; only with approve
/// @param comment at most 500 characters; empty when there is none
public record Ballot(PersonId reviewer, Vote.Word word, Optional<Allowance> narrowed, String comment) {

    /// What became of it.
    public sealed interface Result {
        /// It counts. `now` is the state it led to.
        record Counted(Approval now) implements Result {}

        /// There is no such request.
        record Unknown() implements Result {}

        /// The request is decided already.
        record NotPending(Approval now) implements Result {}

        /// This person has voted on it.
        record AlreadyVoted() implements Result {}

        /// This person may not vote on it; why, for them to read.
        record NotEligible(String because) implements Result {}

        /// It would grant more than is asked, or nothing; why, for the reviewer to read.
        record Wider(String because) implements Result {}
    }
}
