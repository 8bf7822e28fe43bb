package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Afterwards;
import dev.countersign.approval.GlassUse;
import dev.countersign.approval.GlassUse.Word;
import dev.countersign.approval.Signatures;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.doctor.Invariant;
import dev.countersign.http.Json;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Shown;
import dev.countersign.ledger.Verification;
import dev.countersign.passkey.Assertion;
import dev.countersign.passkey.RelyingParty;
import dev.countersign.passkey.TestAuthenticator;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where votes would have to be signed, so is what people say of broken glass: over exactly what was shown, once.
@OneStore
final class SignedLooksTest extends OverTheWire {
    private static final String GLASS = REVIEW + """
              - rule: outage
                when: '"refunds:write" in scopes'
                break_glass:
                  times: 3
                  review: { stages: [ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ], within: 8h }
            """;
    private static final String SIGN_FROM = "login: { passkeys: { sign_from: high } }\n";

    private SignedVotes people;
    private Forger forger;
    private TestAuthenticator anas;
    private TestAuthenticator bos;
    private TestAuthenticator cys;

    @BeforeEach
    void enrolled() {
        gate.write("policies.yaml", GLASS);
        gate.write("login.yaml", SIGN_FROM);
        gate.change("administrators: { members: [cy] }", "administrators: { members: [cy, ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        people = new SignedVotes(gate);
        forger = new Forger(gate);
        anas = people.first("ana", "cy");
        cys = people.enrol("cy", "ana", anas);
        bos = people.enrol("bo", "ana", anas);
    }

    private String breaks(String client) {
        var token = gate.ask(client, "scope", WRITE, "break_glass", "true", "reason", "payments are down");
        assertThat(token.status()).as(token.raw().body()).isEqualTo(200);
        return gate.entries("break_glass.used").getLast().request().orElseThrow();
    }

    private Afterwards.Look look(String user, Word word, String comment) {
        return new Afterwards.Look(people.person(user), word, comment, Optional.empty());
    }

    private Signatures.Offer.Ready offer(String id, Afterwards.Look look) {
        return switch (gate.parts().afterwards.offer(id, look)) {
            case Signatures.Offer.Ready ready -> ready;
            case Signatures.Offer other -> throw new AssertionError(other.toString());
        };
    }

    private Afterwards.Result says(String id, Afterwards.Look look, Assertion signature) {
        return gate.parts()
                .afterwards
                .say(id, new Afterwards.Look(look.person(), look.word(), look.comment(), Optional.of(signature)));
    }

    private Afterwards.Result says(String id, Afterwards.Look look, TestAuthenticator with) {
        return says(id, look, with.sign(offer(id, look).challenge()));
    }

    private static GlassUse.State counted(Afterwards.Result result) {
        return switch (result) {
            case Afterwards.Result.Counted(var now) -> now.state();
            case Afterwards.Result other -> throw new AssertionError(other.toString());
        };
    }

    private static String because(Afterwards.Result result) {
        return switch (result) {
            case Afterwards.Result.NotSigned(var because) -> because;
            case Afterwards.Result other -> throw new AssertionError(other.toString());
        };
    }

    @Test
    void signed_words_stand_in_the_ledger_and_the_verifier_and_the_doctor_believe_them() {
        var id = breaks("refund-bot");
        assertThat(gate.entries("break_glass.used").getLast().flag(Member.SIGNED))
                .isTrue();
        var first = look("bo", Word.APPROVE, "saw it myself");
        var shown = Shown.read(offer(id, first).shown()).orElseThrow();
        assertThat(shown.form()).isEqualTo(Shown.Form.LOOK);
        assertThat(shown.request()).isEqualTo(id);
        assertThat(shown.scopes()).containsExactly(WRITE);
        assertThat(shown.lifetimeSeconds()).isEqualTo(60);
        assertThat(shown.follows())
                .isEqualTo(gate.entries("break_glass.used").getLast().hash());

        assertThat(counted(says(id, first, bos))).isEqualTo(GlassUse.State.DUE);
        assertThat(counted(says(id, look("cy", Word.APPROVE, ""), cys))).isEqualTo(GlassUse.State.APPROVED);

        var entry = gate.entries("break_glass.reviewed").getFirst();
        assertThat(entry.body().get(Member.SIGNATURE))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry(Member.CREDENTIAL, bos.credential())
                .containsKeys(Member.CLIENT_DATA, Member.AUTHENTICATOR_DATA, Member.SIGNATURE, Member.SHOWN);
        assertThat(gate.disclosed(entry, Member.COMMENT)).isEqualTo("saw it myself");
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        var seen = gate.get(gate.bearer("ana", "requests:read"), "/break-glass/" + id)
                .body();
        assertThat(seen.path("signed").booleanValue()).isTrue();
        assertThat(seen.path("reviews").path(0).path("signed").booleanValue()).isTrue();
    }

    @Test
    void an_unsigned_word_does_not_count_neither_way() {
        var id = breaks("refund-bot");
        var page = new Afterwards.Result.Unsigned(TestGate.ISSUER + "/afterwards/" + id);
        assertThat(gate.parts().afterwards.say(id, look("bo", Word.APPROVE, "")))
                .isEqualTo(page);
        assertThat(gate.parts().afterwards.say(id, look("bo", Word.OBJECT, ""))).isEqualTo(page);
        var told = gate.tell(
                gate.bearer("bo", "requests:review"), "/break-glass/" + id + "/reviews", "{\"vote\":\"approve\"}");
        assertThat(told.status()).isEqualTo(403);
        assertThat(told.text("detail"))
                .isEqualTo("What is said of this has to be signed: open " + TestGate.ISSUER + "/afterwards/" + id
                        + " and sign it there with your passkey");
        assertThat(gate.entries("break_glass.reviewed")).isEmpty();
    }

    @Test
    void the_api_takes_a_signature() {
        var id = breaks("refund-bot");
        var signed = bos.sign(offer(id, look("bo", Word.OBJECT, "no outage")).challenge());
        var told = gate.tell(
                gate.bearer("bo", "requests:review"),
                "/break-glass/" + id + "/reviews",
                Json.write(Map.of(
                        "vote",
                        "object",
                        "comment",
                        "no outage",
                        "signature",
                        Map.of(
                                "credential", signed.credential(),
                                "client_data", signed.clientData(),
                                "authenticator_data", signed.authenticatorData(),
                                "signature", signed.signature()))));
        assertThat(told.status()).as(told.raw().body()).isEqualTo(200);
        assertThat(told.text("state")).isEqualTo("objected");
    }

    @Test
    void a_signature_is_of_no_use_on_another_use_or_twice() {
        var one = breaks("refund-bot");
        var other = breaks("other-bot");
        var look = look("bo", Word.APPROVE, "");
        var signed = bos.sign(offer(one, look).challenge());
        assertThat(because(says(other, look, signed))).contains("another request");
        assertThat(says(one, look, signed)).as("it is used up").isInstanceOf(Afterwards.Result.Stale.class);
    }

    @Test
    void a_signed_vote_is_no_signed_look() {
        var held = gate.ask("refund-bot", "scope", WRITE).reference();
        var id = breaks("refund-bot");
        var vote = bos.sign(people.offer("bo", dev.countersign.approval.Vote.Word.APPROVE, held)
                .challenge());
        assertThat(because(says(id, look("bo", Word.APPROVE, ""), vote))).contains("another request");
    }

    @Test
    void a_signature_is_of_no_use_for_another_word_or_other_words() {
        var id = breaks("refund-bot");
        var object = bos.sign(offer(id, look("bo", Word.OBJECT, "")).challenge());
        assertThat(because(says(id, look("bo", Word.APPROVE, ""), object))).contains("another vote");
        var quiet = bos.sign(offer(id, look("bo", Word.APPROVE, "fine")).challenge());
        assertThat(because(says(id, look("bo", Word.APPROVE, "not fine"), quiet)))
                .contains("another vote");
    }

    @Test
    void what_was_shown_before_somebody_looked_or_too_long_ago_is_shown_again() {
        var id = breaks("refund-bot");
        var look = look("bo", Word.APPROVE, "");
        var signed = bos.sign(offer(id, look).challenge());
        counted(says(id, look("cy", Word.APPROVE, ""), cys));
        assertThat(says(id, look, signed)).isInstanceOf(Afterwards.Result.Stale.class);
        var again = bos.sign(offer(id, look).challenge());
        gate.clock.advance(Duration.ofMinutes(5));
        assertThat(says(id, look, again)).isInstanceOf(Afterwards.Result.Stale.class);
        assertThat(counted(says(id, look, bos))).isEqualTo(GlassUse.State.APPROVED);
    }

    @Test
    void a_signature_is_by_ones_own_passkey_that_is_still_enrolled() {
        var id = breaks("refund-bot");
        var look = look("bo", Word.APPROVE, "");
        assertThat(because(says(id, look, anas))).contains("not yours");
        var challenge = offer(id, look).challenge();
        people.remove("bo", bos, "ana", anas);
        assertThat(because(says(id, look, bos.sign(challenge)))).contains("not any more");
        assertThat(gate.parts().afterwards.offer(id, look)).isInstanceOf(Signatures.Offer.NoPasskey.class);
    }

    @Test
    void another_origin_no_holder_there_and_a_counter_that_went_back_are_refused() {
        var id = breaks("refund-bot");
        var look = look("bo", Word.APPROVE, "");
        bos.origin = "https://auth.example.com.evil.example";
        assertThat(because(says(id, look, bos))).contains("another origin");
        bos.origin = RelyingParty.of(TestGate.ISSUER).origin();
        bos.flags = TestAuthenticator.PRESENT;
        assertThat(because(says(id, look, bos))).contains("did not ask for a PIN");
        bos.flags = TestAuthenticator.PRESENT | TestAuthenticator.VERIFIED;
        counted(says(id, look, bos));
        var next = breaks("other-bot");
        bos.count = 0;
        assertThat(because(says(next, look, bos))).contains("counter went back");
    }

    @Test
    void a_rule_that_wants_signed_votes_wants_signed_looks_and_low_risk_wants_none() {
        gate.write("policies.yaml", GLASS.replace("within: 15m", "within: 15m\n      signed: true"));
        gate.configure("login.yaml", "login: { passkeys: { sign_from: critical } }\n");
        var signed = breaks("refund-bot");
        gate.configure("policies.yaml", GLASS);
        assertThat(gate.parts().afterwards.say(signed, look("bo", Word.APPROVE, "")))
                .as("it is frozen")
                .isInstanceOf(Afterwards.Result.Unsigned.class);
        var free = breaks("other-bot");
        counted(gate.parts().afterwards.say(free, look("bo", Word.APPROVE, "")));
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    private void forged(String user, String id, String word, Map<String, Object> more) {
        var body = new HashMap<String, Object>(Map.of(
                Member.CLIENT,
                "refund-bot",
                Member.RULES,
                List.of("outage"),
                Member.VOTE,
                word,
                Member.STAGES,
                List.of("payments-oncall")));
        body.putAll(more);
        forger.append(
                Code.BREAK_GLASS_REVIEWED,
                new Entry.Actor("person", people.person(user).value()),
                id,
                body);
    }

    /// By the doctor, too.
    private void foundByAll(String said) {
        forger.found(said);
        assertThat(gate.broken()).anySatisfy(it -> assertThat(it.toString()).contains(said));
    }

    @Test
    void a_word_without_a_signature_is_found() {
        forged("bo", breaks("refund-bot"), "approve", Map.of());
        foundByAll("what people say of this is signed, and this word is not");
    }

    @Test
    void a_signature_of_another_use_or_word_is_found() {
        var id = breaks("refund-bot");
        var offer = offer(id, look("bo", Word.OBJECT, ""));
        forged("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        foundByAll("what was signed is not what the ledger says of this vote");
    }

    @Test
    void a_passkey_of_somebody_else_is_found() {
        var id = breaks("refund-bot");
        var offer = offer(id, look("bo", Word.APPROVE, ""));
        forged("bo", id, "approve", Forger.signature(anas.sign(offer.challenge()), offer.shown()));
        foundByAll("a passkey that its voter did not have then");
    }

    @Test
    void another_origin_is_found() {
        var id = breaks("refund-bot");
        var offer = offer(id, look("bo", Word.APPROVE, ""));
        bos.origin = "https://evil.example";
        forged("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        foundByAll("another origin");
    }

    @Test
    void a_counter_that_went_back_is_found() {
        counted(says(breaks("refund-bot"), look("bo", Word.APPROVE, ""), bos));
        var id = breaks("refund-bot");
        var offer = offer(id, look("bo", Word.APPROVE, ""));
        bos.count = 0;
        forged("bo", id, "approve", Forger.signature(bos.sign(offer.challenge()), offer.shown()));
        forger.found("counter went back");
    }

    /// The entries of a use once more under another id, as if nobody had to sign.
    private void replayed(String honest, String id, List<Code> silent) {
        replayed(honest, id, (code, body) -> {
            if (silent.contains(code)) {
                body.remove(Member.SIGNED);
            }
        });
    }

    private void replayed(String honest, String id, BiConsumer<Code, Map<String, Object>> otherwise) {
        var ledger = gate.parts().installation.ledger;
        ledger.settle();
        var previous = Optional.<dev.countersign.ledger.LeafHash>empty();
        for (var entry : ledger.entriesOf(honest)) {
            var body = new HashMap<>(entry.body());
            otherwise.accept(entry.code(), body);
            body.computeIfPresent(Member.JTI, (_, _) -> "forged-" + id);
            var copy = new Entry(
                    entry.code(),
                    gate.clock.instant(),
                    entry.actor(),
                    Optional.of(id),
                    previous,
                    entry.terms(),
                    body,
                    said(entry));
            gate.parts().installation.store.write(tx -> ledger.append(tx, copy));
            ledger.settle();
            previous = Optional.of(ledger.entriesOf(id).getLast().hash());
        }
    }

    private List<Entry.Disclosure> said(EntryView entry) {
        return gate.parts().installation.ledger.disclosures(entry.index()).stream()
                .map(it ->
                        new Entry.Disclosure(it.subject(), it.name(), it.value().orElseThrow()))
                .toList();
    }

    @Test
    void what_a_rule_wants_signed_the_doctor_knows_whatever_the_token_says() {
        gate.write("policies.yaml", GLASS.replace("within: 15m", "within: 15m\n      signed: true"));
        gate.configure("login.yaml", "login: { }\n");
        replayed(
                breaks("refund-bot"),
                "0190f000-0000-7000-8000-000000000001",
                List.of(Code.TOKEN_MINTED, Code.BREAK_GLASS_USED));
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        assertThat(gate.broken())
                .filteredOn(it -> it.invariant() == Invariant.DETERMINISM)
                .anySatisfy(it -> assertThat(it.toString()).contains("says approve by [outage]"));
    }

    @Test
    void a_token_that_says_nothing_of_signatures_though_its_configuration_does_is_found() {
        replayed(
                breaks("refund-bot"),
                "0190f000-0000-7000-8000-000000000001",
                List.of(Code.TOKEN_MINTED, Code.BREAK_GLASS_USED));
        forger.found("its configuration wants what people say of it signed");
    }

    /// Puts the folder in force as a server does that knows nothing of signed looks.
    private void publishedByAnOlderServer() {
        if (!(Configuration.read(folder) instanceof Read.Good(var configuration, _, _))) {
            throw new AssertionError("the folder has faults");
        }
        var ledger = gate.parts().installation.ledger;
        gate.parts().installation.store.write(tx -> {
            tx.sql()
                    .createUpdate("""
                            INSERT INTO configuration_version (number, version, content, published_at, by_kind, by_id)
                            SELECT number + 1, :version, :content, published_at, by_kind, by_id
                              FROM configuration_version ORDER BY number DESC LIMIT 1""")
                    .bind("version", configuration.version())
                    .bind("content", configuration.content())
                    .execute();
            return ledger.append(
                    tx,
                    new Entry(
                            Code.CONFIGURATION_PUBLISHED,
                            gate.clock.instant(),
                            new Entry.Actor("operator", "test"),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Map.of(
                                    "version",
                                    configuration.version(),
                                    "previous",
                                    gate.parts().live.get().version(),
                                    Member.SIGN_FROM,
                                    "high"),
                            List.of()));
        });
        ledger.settle();
        gate.parts().live.refresh();
        assertThat(gate.parts().live.get().version()).isEqualTo(configuration.version());
    }

    private static Optional<Object> signed(EntryView entry) {
        return Optional.ofNullable(entry.body().get(Member.SIGNED));
    }

    @Test
    void what_an_older_server_published_wants_votes_signed_and_no_looks() {
        var before = breaks("refund-bot");
        gate.write("policies.yaml", GLASS.replace("times: 3", "times: 4"));
        publishedByAnOlderServer();
        assertThat(gate.entries("request.judged")).isNotEmpty();
        var held = gate.ask("refund-bot", "scope", WRITE);
        assertThat(gate.says("bo", dev.countersign.approval.Vote.Word.APPROVE, held.reference()))
                .isInstanceOf(dev.countersign.approval.Ballot.Result.Unsigned.class);

        var id = breaks("other-bot");
        assertThat(signed(gate.entries("token.minted").getLast())).isEmpty();
        assertThat(counted(gate.parts().afterwards.say(id, look("bo", Word.APPROVE, ""))))
                .isEqualTo(GlassUse.State.DUE);
        assertThat(gate.parts().afterwards.say(before, look("bo", Word.APPROVE, "")))
                .as("what was frozen stays")
                .isInstanceOf(Afterwards.Result.Unsigned.class);

        gate.configure("policies.yaml", GLASS.replace("times: 3", "times: 5"));
        assertThat(gate.parts().afterwards.say(breaks("other-bot"), look("bo", Word.APPROVE, "")))
                .as("from what this one publishes on")
                .isInstanceOf(Afterwards.Result.Unsigned.class);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void a_word_that_an_older_server_took_is_no_forgery_where_one_published() {
        gate.write("policies.yaml", GLASS.replace("times: 3", "times: 4"));
        publishedByAnOlderServer();
        var id = "0190f000-0000-7000-8000-000000000001";
        replayed(breaks("refund-bot"), id, (code, body) -> body.put(Member.SIGNED, true));
        forged("bo", id, "approve", Map.of());
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        assertThat(gate.broken())
                .filteredOn(it -> it.invariant() == Invariant.QUORUM)
                .isEmpty();
    }

    @Test
    void a_debt_that_says_otherwise_than_its_token_is_found() {
        replayed(breaks("refund-bot"), "0190f000-0000-7000-8000-000000000001", List.of(Code.BREAK_GLASS_USED));
        forger.found("whether they sign what they say of it");
    }
}
