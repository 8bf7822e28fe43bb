package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Enrolling;
import dev.countersign.approval.Signatures;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Shown;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.passkey.TestAuthenticator;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A decision is a signature: over exactly what was shown, by a passkey to which others agreed, once.
final class SignedVotesTest extends OverTheWire {
    private static final String SIGNED = REVIEW.replace("within: 15m", "within: 15m\n      signed: true");

    private SignedVotes people;
    private TestAuthenticator anas;
    private TestAuthenticator bos;

    @BeforeEach
    void enrolled() {
        gate.write("policies.yaml", SIGNED);
        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        people = new SignedVotes(gate);
        anas = people.first("ana", "cy");
        bos = people.enrol("bo", "ana", anas);
    }

    private String asks() {
        var held = gate.ask("refund-bot", "scope", WRITE);
        assertThat(held.text("error_description")).as(held.raw().body()).contains("approval is pending");
        return held.reference();
    }

    /// The same from elsewhere, so that it is a request of its own.
    private String asksElse() {
        var held = gate.ask("other-bot", "scope", WRITE);
        return held.reference();
    }

    private static String because(Ballot.Result result) {
        return switch (result) {
            case Ballot.Result.NotSigned(var because) -> because;
            case Ballot.Result other -> throw new AssertionError(other.toString());
        };
    }

    @Test
    void a_signed_vote_gives_a_token_that_says_that_it_was_signed() {
        var id = asks();
        var shown = people.offer("bo", Word.APPROVE, id).shown();
        SignedVotes.counted(people.says("bo", Word.APPROVE, id, bos));

        var token = gate.ask("refund-bot", "scope", WRITE);
        assertThat(token.claims().get("approval"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("by", "people")
                .containsEntry("people", 1L)
                .containsEntry("signed", true);
        var entry = gate.entries("request.voted").getLast();
        assertThat(entry.body().get(Member.SIGNATURE))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry(Member.CREDENTIAL, bos.credential())
                .containsKeys(Member.CLIENT_DATA, Member.AUTHENTICATOR_DATA, Member.SIGNATURE, Member.SHOWN);
        assertThat(Shown.read(shown).orElseThrow().request()).isEqualTo(id);
        assertThat(gate.approval(id).heard().getFirst().signed()).isTrue();
        assertThat(gate.entries("request.judged").getLast().flag(Member.SIGNED)).isTrue();
    }

    @Test
    void whom_it_escalates_to_signs_and_what_was_shown_before_it_did_is_stale() {
        gate.configure(
                "policies.yaml",
                SIGNED.replace("within: 15m", "within: 15m\n      escalate: { after: 10m, to: security }"));
        var cys = people.enrol("cy", "ana", anas);
        var id = asks();
        gate.clock.advance(Duration.ofMinutes(9).plusSeconds(58));
        var bo = people.offer("bo", Word.APPROVE, id);
        gate.clock.advance(Duration.ofSeconds(2));
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Unsigned.class);
        assertThat(people.votes(id, people.ballot("bo", Word.APPROVE), bos.sign(bo.challenge())))
                .isInstanceOf(Ballot.Result.Stale.class);
        SignedVotes.counted(people.says("cy", Word.APPROVE, id, cys));
        assertThat(gate.entries("request.voted").getLast().texts(Member.ESCALATED))
                .containsExactly("payments-oncall");
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
    }

    @Test
    void policys_token_and_an_unsigned_one_say_so_too() {
        assertThat(gate.ask("refund-bot", "scope", READ).claims().get("approval"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("by", "policy")
                .containsEntry("people", 0L)
                .containsEntry("signed", false);
        gate.configure("policies.yaml", REVIEW);
        var id = asks();
        SignedVotes.counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.ask("refund-bot", "scope", WRITE).claims().get("approval"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("people", 1L)
                .containsEntry("signed", false);
    }

    @Test
    void an_unsigned_vote_does_not_count_neither_way() {
        var id = asks();
        var page = new Ballot.Result.Unsigned(TestGate.ISSUER + "/requests/" + id);
        assertThat(gate.says("bo", Word.APPROVE, id)).isEqualTo(page);
        assertThat(gate.says("bo", Word.DENY, id)).isEqualTo(page);
        var told = gate.tell(
                gate.bearer("bo", "requests:read", "requests:review"),
                "/requests/" + id + "/votes",
                "{\"vote\":\"approve\"}");
        assertThat(told.status()).isEqualTo(403);
        assertThat(told.text("detail"))
                .isEqualTo("This request needs a signed vote: open " + TestGate.ISSUER + "/requests/" + id
                        + " and sign it there with your passkey");
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
    }

    @Test
    void the_api_takes_a_signature() {
        var id = asks();
        var signed = bos.sign(people.offer("bo", Word.APPROVE, id).challenge());
        var told = gate.tell(
                gate.bearer("bo", "requests:read", "requests:review"),
                "/requests/" + id + "/votes",
                dev.countersign.http.Json.write(Map.of(
                        "vote",
                        "approve",
                        "signature",
                        Map.of(
                                "credential", signed.credential(),
                                "client_data", signed.clientData(),
                                "authenticator_data", signed.authenticatorData(),
                                "signature", signed.signature()))));
        assertThat(told.status()).as(told.raw().body()).isEqualTo(200);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void a_signature_is_of_no_use_on_another_request() {
        var one = asks();
        var other = asksElse();
        var signed = bos.sign(people.offer("bo", Word.APPROVE, one).challenge());
        assertThat(because(people.votes(other, people.ballot("bo", Word.APPROVE), signed)))
                .contains("another request");
        assertThat(people.votes(one, people.ballot("bo", Word.APPROVE), signed))
                .as("it is used up")
                .isInstanceOf(Ballot.Result.Stale.class);
    }

    @Test
    void a_signature_is_of_no_use_for_another_decision() {
        var id = asks();
        var signed = bos.sign(people.offer("bo", Word.DENY, id).challenge());
        assertThat(because(people.votes(id, people.ballot("bo", Word.APPROVE), signed)))
                .contains("another vote");
    }

    @Test
    void a_signature_is_of_no_use_for_more_than_was_shown_or_with_other_words() {
        var id = asks();
        var narrowed = Optional.of(people.ask(id).within(Optional.of(Duration.ofSeconds(30))));
        var ballot = new Ballot(people.person("bo"), Word.APPROVE, narrowed, "for half a minute", Via.DASHBOARD);
        var signed = bos.sign(people.offer(ballot, id).challenge());
        assertThat(because(people.votes(id, people.ballot("bo", Word.APPROVE), signed)))
                .contains("another vote");
        gate.clock.advance(Duration.ofSeconds(1));
        var again = bos.sign(people.offer(ballot, id).challenge());
        assertThat(because(people.votes(
                        id,
                        new Ballot(ballot.reviewer(), Word.APPROVE, narrowed, "for as long as it likes", Via.DASHBOARD),
                        again)))
                .contains("another vote");
        SignedVotes.counted(people.says(ballot, id, bos));
        assertThat(gate.disclosed(gate.entries("request.voted").getLast(), Member.COMMENT))
                .isEqualTo("for half a minute");
    }

    @Test
    void a_signature_is_by_the_reviewers_own_passkey() {
        var id = asks();
        var challenge = people.offer("bo", Word.APPROVE, id).challenge();
        assertThat(because(people.votes(id, people.ballot("bo", Word.APPROVE), anas.sign(challenge))))
                .contains("not yours");
        assertThat(because(people.says("bo", Word.APPROVE, id, SignedVotes.authenticator())))
                .contains("not yours");
        var shownToAna = anas.sign(people.offer("ana", Word.APPROVE, id).challenge());
        assertThat(people.votes(id, people.ballot("bo", Word.APPROVE), shownToAna))
                .isInstanceOf(Ballot.Result.Stale.class);
    }

    @Test
    void a_signature_on_a_page_of_another_origin_or_for_another_server_is_refused() {
        var id = asks();
        bos.origin = "https://auth.example.com.evil.example";
        assertThat(because(people.says("bo", Word.APPROVE, id, bos))).contains("another origin");
        bos.origin = RelyingParty.of(TestGate.ISSUER).origin();
        bos.party = "evil.example";
        assertThat(because(people.says("bo", Word.APPROVE, id, bos))).contains("another server");
    }

    @Test
    void a_signature_without_a_finger_a_face_or_a_pin_is_refused() {
        var id = asks();
        bos.flags = TestAuthenticator.PRESENT;
        assertThat(because(people.says("bo", Word.APPROVE, id, bos))).contains("did not ask for a PIN");
    }

    @Test
    void a_passkey_whose_counter_went_back_is_refused() {
        SignedVotes.counted(people.says("bo", Word.APPROVE, asks(), bos));
        var next = asksElse();
        bos.count = 0;
        assertThat(because(people.says("bo", Word.APPROVE, next, bos))).contains("counter went back");
    }

    @Test
    void a_passkey_that_was_removed_signs_nothing_any_more() {
        var id = asks();
        var challenge = people.offer("bo", Word.APPROVE, id).challenge();
        people.remove("bo", bos, "ana", anas);
        assertThat(because(people.votes(id, people.ballot("bo", Word.APPROVE), bos.sign(challenge))))
                .contains("not any more");
        assertThat(gate.parts().signatures.offer(id, people.ballot("bo", Word.APPROVE)))
                .isInstanceOf(Signatures.Offer.NoPasskey.class);
        assertThat(gate.entries("passkey.removed").getLast().text(Member.CREDENTIAL))
                .isEqualTo(bos.credential());
    }

    @Test
    void what_was_shown_too_long_ago_is_shown_again() {
        var id = asks();
        var signed = bos.sign(people.offer("bo", Word.APPROVE, id).challenge());
        gate.clock.advance(Duration.ofMinutes(5));
        assertThat(people.votes(id, people.ballot("bo", Word.APPROVE), signed)).isInstanceOf(Ballot.Result.Stale.class);
        SignedVotes.counted(people.says("bo", Word.APPROVE, id, bos));
    }

    @Test
    void what_was_shown_before_somebody_voted_is_shown_again() {
        gate.configure("policies.yaml", SIGNED.replace("votes: 1", "votes: 2"));
        var id = asks();
        var signed = bos.sign(people.offer("bo", Word.APPROVE, id).challenge());
        SignedVotes.counted(people.says("ana", Word.APPROVE, id, anas));
        assertThat(people.votes(id, people.ballot("bo", Word.APPROVE), signed)).isInstanceOf(Ballot.Result.Stale.class);
        SignedVotes.counted(people.says("bo", Word.APPROVE, id, bos));
        assertThat(gate.ask("refund-bot", "scope", WRITE).claims().get("approval"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("people", 2L)
                .containsEntry("signed", true);
    }

    @Test
    void a_request_stays_signed_whatever_the_configuration_says_later() {
        var id = asks();
        gate.configure("policies.yaml", REVIEW);
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Unsigned.class);
        SignedVotes.counted(people.says("bo", Word.APPROVE, id, bos));
    }

    @Test
    void from_a_configured_risk_on_every_vote_is_signed() {
        gate.write("policies.yaml", REVIEW);
        gate.configure("login.yaml", "login: { passkeys: { sign_from: high } }\n");
        var id = asks();
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Unsigned.class);
        SignedVotes.counted(people.says("bo", Word.APPROVE, id, bos));
        gate.configure("login.yaml", "login: { passkeys: { sign_from: critical } }\n");
        SignedVotes.counted(gate.says("bo", Word.APPROVE, asksElse()));
    }

    @Test
    void what_was_approved_unsigned_for_several_tokens_gives_no_more_once_votes_are_signed() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 15m\n      uses: 3"));
        var id = asks();
        SignedVotes.counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofSeconds(62));
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        gate.configure("policies.yaml", SIGNED.replace("within: 15m", "within: 15m\n      uses: 3"));
        gate.clock.advance(Duration.ofSeconds(62));
        assertThat(gate.ask("refund-bot", "scope", WRITE).text("error_description"))
                .contains("approval is pending");
    }

    @Test
    void nobody_agrees_to_their_own_passkey_and_who_agrees_signs() {
        var authenticator = SignedVotes.authenticator();
        var id = people.asked("bo", authenticator);
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.says("dev", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Unsigned.class);
    }

    @Test
    void a_passkey_signs_nothing_before_somebody_agreed_to_it() {
        var authenticator = SignedVotes.authenticator();
        people.asked("bo", authenticator);
        var id = asks();
        assertThat(because(people.says("bo", Word.APPROVE, id, authenticator))).contains("not yours");
    }

    @Test
    void once_somebody_has_a_passkey_there_must_be_another_who_can_sign() {
        assertThat(people.asksFor("ana", SignedVotes.authenticator()))
                .isEqualTo(new Enrolling.Result.Refused(
                        "Nobody else of administrators has a passkey, with which to agree to it."));
        people.enrol("cy", "ana", anas);
        assertThat(people.asksFor("ana", SignedVotes.authenticator())).isInstanceOf(Enrolling.Result.Asked.class);
    }

    @Test
    void a_registration_is_taken_once_and_by_whom_it_was_shown_to() {
        var enrolling = gate.parts().enrolling;
        var challenge = enrolling.offer(people.person("bo")).challenge();
        var made = SignedVotes.authenticator().register(challenge);
        assertThat(enrolling.enrol(made, "x", people.asker("cy"))).isInstanceOf(Enrolling.Result.Wrong.class);
        assertThat(enrolling.enrol(made, "x", people.asker("bo"))).isInstanceOf(Enrolling.Result.Asked.class);
        assertThat(enrolling.enrol(made, "x", people.asker("bo"))).isInstanceOf(Enrolling.Result.Wrong.class);
        var again = bos.register(enrolling.offer(people.person("bo")).challenge());
        assertThat(enrolling.enrol(again, "x", people.asker("bo")))
                .isEqualTo(new Enrolling.Result.Wrong("there is a passkey of that id already"));
    }

    @Test
    void only_its_person_and_administrators_ask_that_a_passkey_be_removed() {
        var enrolling = gate.parts().enrolling;
        assertThat(enrolling.remove(anas.credential(), people.asker("bo"), false))
                .isInstanceOf(Enrolling.Result.Unknown.class);
        assertThat(enrolling.remove(bos.credential(), people.asker("cy"), true))
                .isInstanceOf(Enrolling.Result.Asked.class);
    }

    @Test
    void whoever_holds_the_host_removes_all_of_a_person_and_the_ledger_says_so() {
        var store = gate.parts().installation.store;
        var ledger = gate.parts().installation.ledger;
        var by = new dev.countersign.ledger.Entry.Actor("operator", "test");
        assertThat(store.<Integer>write(tx -> Enrolling.removeAll(tx, ledger, people.person("ana"), by)))
                .isEqualTo(1);
        assertThat(gate.entries("passkey.removed").getLast().actor().kind()).isEqualTo("operator");
        assertThat(gate.parts().enrolling.of(people.person("ana")).enrolled()).isEmpty();
    }
}
