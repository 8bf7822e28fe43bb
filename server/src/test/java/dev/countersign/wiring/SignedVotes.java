package dev.countersign.wiring;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Asker;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Enrolling;
import dev.countersign.approval.Signatures;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote.Word;
import dev.countersign.passkey.Assertion;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.passkey.TestAuthenticator;
import dev.countersign.people.PersonId;
import java.util.Optional;

/// People of a gate with passkeys: what a page and a browser do, by the parts themselves.
final class SignedVotes {
    private final TestGate gate;

    SignedVotes(TestGate gate) {
        this.gate = gate;
    }

    /// A passkey that nobody knows of yet.
    static TestAuthenticator authenticator() {
        return new TestAuthenticator(RelyingParty.of(TestGate.ISSUER));
    }

    PersonId person(String user) {
        return gate.person(user);
    }

    Asker asker(String user) {
        return new Asker(
                person(user),
                new AccessRequest.Origin("session", "session", "198.51.100.7", "network", "Browser/1", "agent"),
                "Passkey of " + user,
                "");
    }

    /// Asks that a new passkey be enrolled.
    Enrolling.Result asksFor(String user, TestAuthenticator authenticator) {
        var enrolling = gate.parts().enrolling;
        var offer = enrolling.offer(person(user));
        return enrolling.enrol(authenticator.register(offer.challenge()), "Key of " + user, asker(user));
    }

    /// The same where it is taken; the request's id.
    String asked(String user, TestAuthenticator authenticator) {
        return switch (asksFor(user, authenticator)) {
            case Enrolling.Result.Asked(var id, _, _) -> id;
            case Enrolling.Result other -> throw new AssertionError(other.toString());
        };
    }

    /// The first passkey of all, to which somebody agrees without one.
    TestAuthenticator first(String user, String agrees) {
        var authenticator = authenticator();
        var id = asked(user, authenticator);
        counted(gate.says(agrees, Word.APPROVE, id));
        finish(id);
        return authenticator;
    }

    /// Another, to which somebody agrees with theirs.
    TestAuthenticator enrol(String user, String agrees, TestAuthenticator with) {
        var authenticator = authenticator();
        var id = asked(user, authenticator);
        counted(says(agrees, Word.APPROVE, id, with));
        finish(id);
        return authenticator;
    }

    /// Somebody's passkey is removed.
    void remove(String user, TestAuthenticator authenticator, String agrees, TestAuthenticator with) {
        var asked = gate.parts().enrolling.remove(authenticator.credential(), asker(user), false);
        var id = ((Enrolling.Result.Asked) asked).request();
        counted(says(agrees, Word.APPROVE, id, with));
        finish(id);
    }

    /// Does what was agreed to.
    void finish(String id) {
        gate.parts().enrolling.finish();
        TestGate.until(() -> !gate.approval(id).state().equals("approved"));
        gate.parts().installation.ledger.settle();
    }

    static void counted(Ballot.Result result) {
        if (!(result instanceof Ballot.Result.Counted)) {
            throw new AssertionError(result.toString());
        }
    }

    /// What a vote of somebody is shown as.
    Signatures.Offer.Ready offer(String user, Word word, String id) {
        return offer(ballot(user, word), id);
    }

    Signatures.Offer.Ready offer(Ballot ballot, String id) {
        return switch (gate.parts().signatures.offer(id, ballot)) {
            case Signatures.Offer.Ready ready -> ready;
            case Signatures.Offer other -> throw new AssertionError(other.toString());
        };
    }

    Ballot ballot(String user, Word word) {
        return new Ballot(person(user), word, Optional.empty(), "", Via.DASHBOARD);
    }

    /// Votes with what was signed.
    Ballot.Result votes(String id, Ballot ballot, Assertion signature) {
        return gate.parts()
                .panel
                .vote(
                        id,
                        new Ballot(
                                ballot.reviewer(),
                                ballot.word(),
                                ballot.narrowed(),
                                ballot.comment(),
                                ballot.via(),
                                Optional.of(signature)));
    }

    /// Reads, signs and votes.
    Ballot.Result says(String user, Word word, String id, TestAuthenticator authenticator) {
        return says(ballot(user, word), id, authenticator);
    }

    Ballot.Result says(Ballot ballot, String id, TestAuthenticator authenticator) {
        return votes(id, ballot, authenticator.sign(offer(ballot, id).challenge()));
    }

    /// A pending request as it was asked.
    Allowance ask(String id) {
        return ((Approval.Pending) gate.approval(id)).question().ask();
    }
}
