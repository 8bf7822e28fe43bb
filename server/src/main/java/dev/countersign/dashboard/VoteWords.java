package dev.countersign.dashboard;

import dev.countersign.approval.Ballot;
import dev.countersign.approval.Signatures;
import dev.countersign.people.PersonId;
import java.util.Optional;

/// Says why a vote was not cast.
final class VoteWords {
    static final String NO_PASSKEY =
            "You have no passkey to sign with. Enrol one on the page Passkeys; somebody else agrees to it. Nothing was done.";

    static final String WRONG_COMMENT = "The comment is too long or has invisible characters. Nothing was done.";

    private final Signatures signatures;

    VoteWords(Signatures signatures) {
        this.signatures = signatures;
    }

    /// Why, with the status of a page that says so.
    record Refused(int status, String why) {}

    /// Why it was not cast; empty when it counts.
    Optional<Refused> refused(Ballot.Result result, PersonId person) {
        return switch (result) {
            case Ballot.Result.Counted _ -> Optional.empty();
            case Ballot.Result.Unknown() -> refused(404, "There is no such request.");
            case Ballot.Result.NotPending(var now) ->
                refused(409, "Your vote was not needed any more. " + Wording.headline(now) + ".");
            case Ballot.Result.AlreadyVoted() ->
                refused(409, "You have voted on this already, or who stands in for you has; that vote stands.");
            case Ballot.Result.NotEligible(var because) -> refused(403, "Your vote does not count: " + because + ".");
            case Ballot.Result.Wider(var because) -> refused(422, "Nothing was done: " + because + ".");
            case Ballot.Result.Unsigned _ ->
                refused(
                        403,
                        signatures.hasPasskey(person)
                                ? "This needs a vote signed with your passkey, and your browser sent none. Nothing was done."
                                : NO_PASSKEY);
            case Ballot.Result.Stale() ->
                refused(
                        409,
                        "It changed while you signed, or that took too long, so your vote was not cast. Look again.");
            case Ballot.Result.NotSigned(var because) -> refused(403, "Your vote was not cast: " + because + ".");
        };
    }

    private static Optional<Refused> refused(int status, String why) {
        return Optional.of(new Refused(status, why));
    }
}
