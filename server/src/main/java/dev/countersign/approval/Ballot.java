package dev.countersign.approval;

import dev.countersign.passkey.Assertion;
import dev.countersign.people.PersonId;
import java.util.Optional;

/// A vote as it is handed in, before anybody has looked whether it counts.
///
/// @param narrowed what the reviewer would grant when that is less than what is asked; only with approve
/// @param comment at most 500 characters; empty when there is none
/// @param via by which way it came
/// @param signature the reviewer's passkey's over what was shown; empty when the vote is not signed
public record Ballot(
        PersonId reviewer,
        Vote.Word word,
        Optional<Allowance> narrowed,
        String comment,
        Via via,
        Optional<Assertion> signature) {

    /// One that is not signed.
    public Ballot(PersonId reviewer, Vote.Word word, Optional<Allowance> narrowed, String comment, Via via) {
        this(reviewer, word, narrowed, comment, via, Optional.empty());
    }

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

        /// It has to be signed, and is not.
        ///
        /// @param page where it can be
        record Unsigned(String page) implements Result {}

        /// What was signed is not how things stand now: somebody voted meanwhile, or it took too long.
        record Stale() implements Result {}

        /// Its signature does not hold; why, for the reviewer to read.
        record NotSigned(String because) implements Result {}
    }
}
