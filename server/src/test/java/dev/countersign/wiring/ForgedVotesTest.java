package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote.Word;
import dev.countersign.doctor.Invariant;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.passkey.Assertion;
import dev.countersign.passkey.TestAuthenticator;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A server that lies, or whoever has its ledger's key: neither can invent an approval, and the offline verifier finds
/// each that they write.
@OneStore
final class ForgedVotesTest extends OverTheWire {
    private static final String SIGNED = REVIEW.replace("within: 15m", "within: 15m\n      signed: true");

    private SignedVotes people;
    private Forger forger;
    private TestAuthenticator anas;
    private TestAuthenticator bos;

    @BeforeEach
    void enrolled() {
        gate.write("policies.yaml", SIGNED);
        gate.write("login.yaml", "login: { passkeys: { sign_from: high } }\n");
        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        people = new SignedVotes(gate);
        forger = new Forger(gate);
        anas = people.first("ana", "cy");
        bos = people.enrol("bo", "ana", anas);
    }

    private String asks(String client) {
        return gate.ask(client, "scope", WRITE).reference();
    }

    private void append(Code code, String person, @Nullable String request, Map<String, Object> body) {
        forger.append(code, new Entry.Actor("person", person), request, body);
    }

    /// A vote as its entry says it.
    private void vote(String user, String id, String word, Map<String, Object> more) {
        var body = new HashMap<String, Object>(Map.of(Member.VOTE, word, Member.STAGES, List.of("payments-oncall")));
        body.putAll(more);
        append(Code.REQUEST_VOTED, people.person(user).value(), id, body);
    }

    /// By the doctor, too.
    private void foundInVote(String said) {
        forger.found(said);
        assertThat(gate.broken())
                .filteredOn(it -> it.invariant() == Invariant.QUORUM)
                .anySatisfy(it -> assertThat(it.toString()).contains(said));
    }

    @Test
    void a_vote_without_a_signature_is_found() {
        vote("bo", asks("refund-bot"), "approve", Map.of());
        forger.found("votes on this are signed, and this one is not");
    }

    @Test
    void a_signature_of_another_request_is_found() {
        var one = asks("refund-bot");
        SignedVotes.counted(people.says("bo", Word.APPROVE, one, bos));
        var signed = gate.entries("request.voted").getLast().body().get(Member.SIGNATURE);
        vote("bo", asks("other-bot"), "approve", Map.of(Member.SIGNATURE, signed));
        foundInVote("what was signed is not what the ledger says of this vote");
    }

    @Test
    void a_denial_that_is_made_an_approval_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.DENY, id);
        vote("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        foundInVote("what was signed is not what the ledger says of this vote");
    }

    @Test
    void an_approval_of_less_that_is_made_one_of_all_is_found() {
        var id = asks("refund-bot");
        var narrowed = Optional.of(people.ask(id).within(Optional.of(Duration.ofSeconds(30))));
        var offer = people.offer(new Ballot(people.person("bo"), Word.APPROVE, narrowed, "", Via.DASHBOARD), id);
        vote("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        foundInVote("what was signed is not what the ledger says of this vote");
    }

    @Test
    void a_passkey_that_nobody_enrolled_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        vote("bo", id, "approve", Forger.signature(SignedVotes.authenticator().sign(offer.challenge()), offer.shown()));
        foundInVote("a passkey that its voter did not have then");
    }

    @Test
    void a_signature_by_somebody_elses_passkey_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        vote("bo", id, "approve", Forger.signature(anas.sign(offer.challenge()), offer.shown()));
        foundInVote("a passkey that its voter did not have then");
    }

    @Test
    void a_signature_by_another_key_under_the_passkeys_name_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        var forged = SignedVotes.authenticator();
        forged.count = 7;
        var it = forged.sign(offer.challenge());
        vote(
                "bo",
                id,
                "approve",
                Forger.signature(
                        new Assertion(bos.credential(), it.clientData(), it.authenticatorData(), it.signature()),
                        offer.shown()));
        forger.found("its passkey did not sign this");
    }

    @Test
    void a_signature_without_its_holder_there_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        bos.flags = TestAuthenticator.PRESENT;
        vote("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        forger.found("did not ask for a PIN");
    }

    @Test
    void a_signature_of_another_page_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        bos.origin = "https://evil.example";
        vote("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        forger.found("another origin");
    }

    @Test
    void a_counter_that_went_back_is_found() {
        SignedVotes.counted(people.says("bo", Word.APPROVE, asks("refund-bot"), bos));
        var id = asks("other-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        bos.count = 0;
        vote("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        forger.found("counter went back");
    }

    @Test
    void a_passkey_that_was_removed_is_found() {
        var id = asks("refund-bot");
        var offer = people.offer("bo", Word.APPROVE, id);
        people.remove("bo", bos, "ana", anas);
        vote("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        foundInVote("a passkey that its voter did not have then");
    }

    @Test
    void a_passkey_that_nobody_agreed_to_is_found() {
        var enrolled = gate.entries("passkey.enrolled").getLast();
        append(Code.PASSKEY_ENROLLED, people.person("bo").value(), asks("refund-bot"), enrolled.body());
        forger.found("passkey.enrolled cannot come when its request is pending");
    }

    @Test
    void another_passkey_than_was_agreed_to_is_found() {
        var id = people.asked("cy", SignedVotes.authenticator());
        SignedVotes.counted(people.says("ana", Word.APPROVE, id, anas));
        gate.parts().housekeeping.close(); // which would enrol it
        // What was agreed to is used with another key.
        var minted = minted(id);
        var body = new HashMap<>(gate.entries("passkey.enrolled").getLast().body());
        body.put(Member.PERSON, people.person("cy").value());
        var forged = SignedVotes.authenticator();
        body.put(Member.CREDENTIAL, forged.credential());
        body.put(Member.PUBLIC_KEY, forged.key().spki());
        forger.append(
                Code.PASSKEY_ENROLLED,
                new Entry.Actor("person", people.person("cy").value()),
                id,
                Optional.of(minted),
                null,
                body);
        forger.found("people agreed to another passkey");
    }

    /// The grant of an approved request as an honest server would write it.
    private LeafHash minted(String id) {
        gate.parts().installation.ledger.settle();
        var decided = gate.parts().installation.ledger.entriesOf(id).getLast();
        var made = gate.parts().installation.ledger.entriesOf(id).getFirst();
        var body = new HashMap<>(made.body());
        body.put(Member.BY, Member.BY_PEOPLE);
        body.put(Member.JTI, "forged");
        var now = gate.clock.instant().getEpochSecond();
        body.put(Member.IAT, now);
        body.put(Member.EXP, now + decided.number(Member.LIFETIME));
        forger.append(
                Code.TOKEN_MINTED,
                made.actor(),
                id,
                Optional.of(decided.hash()),
                decided.terms().orElseThrow(),
                body);
        return forger.last(id);
    }

    /// All of a request that enrols a passkey, as if nobody had to sign.
    @Test
    void a_passkey_to_which_nobody_signed_though_somebody_could_is_found() {
        var honest = people.asked("cy", SignedVotes.authenticator());
        SignedVotes.counted(people.says("ana", Word.APPROVE, honest, anas));
        people.finish(honest);
        gate.parts().installation.ledger.settle();
        replayed(honest, "0190f000-0000-7000-8000-000000000001");
        forger.found("without a signature, though others had passkeys");
    }

    /// Writes the entries of a request once more under another id, without anything that was signed.
    private void replayed(String honest, String id) {
        gate.parts().installation.ledger.settle();
        var renamed = new HashMap<String, LeafHash>();
        var previous = Optional.<LeafHash>empty();
        for (var entry : gate.parts().installation.ledger.entriesOf(honest)) {
            var body = new HashMap<>(entry.body());
            body.remove(Member.SIGNED);
            body.remove(Member.SIGNATURE);
            body.computeIfPresent(Member.JTI, (_, _) -> "forged-" + id);
            renamed(body, entry, renamed);
            forger.append(
                    entry.code(), entry.actor(), id, previous, entry.terms().orElse(null), body);
            previous = Optional.of(forger.last(id));
            renamed.put(entry.hash().text(), previous.get());
        }
    }

    private static void renamed(Map<String, Object> body, EntryView entry, Map<String, LeafHash> renamed) {
        if (entry.code() == Code.REQUEST_DECIDED) {
            body.put(
                    Member.VOTES,
                    entry.texts(Member.VOTES).stream()
                            .map(it -> java.util.Objects.requireNonNull(renamed.get(it))
                                    .text())
                            .toList());
            var counted = new HashMap<String, Object>();
            ((Map<?, ?>) java.util.Objects.requireNonNull(body.get(Member.COUNTED)))
                    .forEach((vote, groups) -> counted.put(
                            java.util.Objects.requireNonNull(renamed.get((String) vote))
                                    .text(),
                            groups));
            body.put(Member.COUNTED, counted);
        }
    }

    @Test
    void a_verdict_that_says_nothing_of_signatures_though_the_configuration_does_is_found() {
        var honest = asks("refund-bot");
        replayed(honest, "0190f000-0000-7000-8000-000000000001");
        forger.found("its configuration wants votes on it signed");
    }

    @Test
    void a_removal_that_nobody_agreed_to_is_found() {
        append(
                Code.PASSKEY_REMOVED,
                people.person("ana").value(),
                null,
                Map.of(Member.PERSON, people.person("bo").value(), Member.CREDENTIAL, bos.credential()));
        forger.found("nobody agreed that the passkey is removed");
    }
}
