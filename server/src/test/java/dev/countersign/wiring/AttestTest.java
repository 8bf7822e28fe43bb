package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Vote.Word;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Member;
import dev.countersign.replay.Past;
import dev.countersign.wiring.TestGate.Answer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A way back for a client that was not used for long: its owner attests that it is still needed, somebody else agrees,
/// and people look at its next request.
final class AttestTest extends OverTheWire {
    /// What is dormant is denied, and all else passes unattended by rules that do speak of usage.
    private static final String RULES = """
            policies:
              - rule: no-dormant-privilege
                when: usage.idle_days > 60 && !usage.attested
                deny: "not used for {usage.idle_days} days: countersign clients attest {client.id} --reason WHY"
              - rule: all-that-is-known
                when: usage.uses >= 0
                approve: { lifetime: 60s }
              - rule: attested
                when: usage.attested || findings.size() >= 0
                approve: { lifetime: 60s }
            """;

    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    private String dev;

    @BeforeEach
    void dormant() {
        gate.write("policies.yaml", RULES);
        gate.change("payments-dev: { members: [dev] }", "payments-dev: { members: [dev, bo] }");
        assertThat(asks().status()).isEqualTo(200);
        gate.clock.advance(Duration.ofDays(90));
        dev = gate.bearer("dev", "requests:read", "requests:review");
        gate.clock.advance(Duration.ofSeconds(1));
    }

    private Answer asks() {
        return gate.ask("refund-bot", "scope", WRITE);
    }

    private void denied() {
        var no = asks();
        assertThat(no.status()).as(no.raw().body()).isEqualTo(400);
        assertThat(no.text("error_description")).contains("policy does not allow this request");
    }

    private void waitsForPeople() {
        var held = asks();
        assertThat(held.status()).as(held.raw().body()).isEqualTo(400);
        assertThat(held.text("error_description")).contains("approval is pending");
    }

    private Answer propose(String bearer) {
        return gate.tell(bearer, "/clients/refund-bot/attestations", "{\"reason\":\"quarterly refunds\"}");
    }

    private String proposed() {
        var asked = propose(dev);
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
        return asked.text("request");
    }

    private void agree(String user, String id) {
        assertThat(gate.says(user, Word.APPROVE, id)).isInstanceOf(Ballot.Result.Counted.class);
        finish(id);
    }

    private void finish(String id) {
        gate.parts().attesting.finish();
        TestGate.until(() -> !gate.approval(id).state().equals("approved"));
        gate.parts().installation.ledger.settle();
    }

    private String attested() {
        var id = proposed();
        agree("bo", id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Redeemed.class);
        return id;
    }

    private boolean isAttested(TestGate node) {
        node.parts().installation.ledger.settle();
        return node.parts()
                .profiles
                .attested("refund-bot", node.clock.instant())
                .isPresent();
    }

    private boolean isAttested() {
        return isAttested(gate);
    }

    @Test
    void what_is_dormant_comes_before_people_once_its_owner_and_another_say_that_it_is_needed() {
        denied();
        var id = attested();

        var entry = gate.entries("client.attested").getLast();
        assertThat(entry.request()).contains(id);
        assertThat(entry.text(Member.TARGET)).isEqualTo("refund-bot");
        assertThat(entry.number(Member.UNTIL))
                .isBetween(
                        gate.clock.instant().plus(Duration.ofDays(7)).toEpochMilli() - 1000,
                        gate.clock.instant().plus(Duration.ofDays(7)).toEpochMilli());
        waitsForPeople();

        var pending = gate.entries("request.made").getLast().request().orElseThrow();
        gate.says("ana", Word.APPROVE, pending);
        assertThat(asks().status()).isEqualTo(200);
        assertThat(isAttested()).isFalse();
        assertThat(asks().status()).as("it is dormant no more").isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {READ, WRITE, READ + " " + WRITE})
    void it_lets_nothing_pass_unattended_whatever_the_rules_speak_of(String scope) {
        attested();
        var held = gate.ask("refund-bot", "scope", scope);
        assertThat(held.text("error_description")).contains("approval is pending");
        assertThat(gate.entries("token.minted"))
                .filteredOn(it -> it.text(Member.CLIENT).equals("refund-bot"))
                .hasSize(1);
    }

    @Test
    void it_breaks_no_glass() {
        gate.configure("more.yaml", """
                policies:
                  - rule: outage
                    when: client.id == "refund-bot"
                    break_glass: { lifetime: 60s, times: 9, review: { stages: [ { group: security, votes: 1 } ] } }
                """);
        attested();
        var refused = gate.ask("refund-bot", "scope", WRITE, "break_glass", "true", "reason", "an outage");
        assertThat(refused.text("error_description")).contains("policy does not allow this request");
        assertThat(gate.entries("break_glass.used")).isEmpty();
    }

    @Test
    void nobody_agrees_to_their_own() {
        var id = proposed();
        var own = gate.says("dev", Word.APPROVE, id);
        assertThat(own.toString()).contains("you asked for this yourself");
        assertThat(gate.says("ana", Word.APPROVE, id))
                .as("not of the owner")
                .isInstanceOf(Ballot.Result.NotEligible.class);
        finish(id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        denied();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ana", "cy"})
    void a_stranger_proposes_nothing_be_it_the_owner_of_the_api_or_an_administrator(String stranger) {
        var refused = propose(gate.bearer(stranger, "requests:read", "requests:review", "admin"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).isEqualTo("members of payments-dev, which owns the client, may attest it");
        assertThat(gate.entries("request.made")).isEmpty();
    }

    @Test
    void who_left_the_owner_proposes_nothing_and_agrees_to_nothing() {
        var id = proposed();
        gate.clock.advance(Duration.ofSeconds(1));
        gate.change("payments-dev: { members: [dev, bo] }", "payments-dev: { members: [ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(propose(dev).status()).isEqualTo(403);
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.says("ana", Word.APPROVE, id))
                .as("no member when it was proposed")
                .isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void where_nobody_else_is_there_to_agree_it_is_refused_at_once() {
        gate.change("payments-dev: { members: [dev, bo] }", "payments-dev: { members: [dev] }");
        gate.clock.advance(Duration.ofSeconds(1));
        var refused = propose(dev);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("nobody could decide this request");
        var entry = gate.entries("request.refused").getLast();
        assertThat(entry.text(Member.BECAUSE)).isEqualTo("no-reviewer");
        assertThat(entry.text(Member.RESOURCE)).endsWith("/clients/refund-bot");
    }

    @Test
    void a_group_that_is_registered_agrees_in_the_time_that_is_registered() {
        register("by: security, for: 3d, within: 2h");
        var id = proposed();
        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        agree("cy", id);
        assertThat(isAttested()).isTrue();
        gate.clock.advance(Duration.ofDays(3));
        assertThat(isAttested()).isFalse();
        dev = gate.bearer("dev", "requests:review");
        var next = proposed();
        gate.clock.advance(Duration.ofHours(3));
        TestGate.until(() -> gate.approval(next).state().equals("expired"));
    }

    @Test
    void who_agreed_is_of_the_group_that_agrees_today() {
        var id = proposed();
        register("by: security");
        agree("bo", id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Revoked.class);
        assertThat(isAttested()).isFalse();
        assertThat(gate.codes()).doesNotContain("client.attested");
    }

    private void register(String attest) {
        gate.change("details: { " + TestGate.PAYMENTS + ": [refund] }", """
                details: { %s: [refund] }
                    attest: { %s }""".formatted(TestGate.PAYMENTS, attest));
        gate.clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void what_is_denied_changes_nothing_and_is_not_asked_again_at_once() {
        var id = proposed();
        gate.says("bo", Word.DENY, id);
        finish(id);
        denied();
        var again = propose(dev);
        assertThat(again.status()).isEqualTo(403);
        assertThat(again.text("detail")).contains("not approved a short while ago");
    }

    @Test
    void silence_is_a_denial() {
        var id = proposed();
        gate.clock.advance(Duration.ofHours(25));
        TestGate.until(() -> gate.approval(id).state().equals("expired"));
        denied();
        assertThat(gate.entries("client.attested")).isEmpty();
    }

    @Test
    void it_ends_with_its_time() {
        attested();
        gate.clock.advance(Duration.ofDays(7).minusSeconds(2));
        waitsForPeople();
        gate.clock.advance(Duration.ofHours(1));
        denied();
    }

    @Test
    void a_reviewer_may_shorten_it() {
        var id = proposed();
        var ask = gate.approval(id).question().ask();
        gate.says("bo", Word.APPROVE, id, Optional.of(new Allowance(ask.scopes(), ask.details(), Duration.ofDays(1))));
        finish(id);
        waitsForPeople();
        gate.clock.advance(Duration.ofDays(1).plusSeconds(1));
        denied();
    }

    @Test
    void it_is_proposed_once_and_attested_once() {
        var id = proposed();
        var second = propose(gate.bearer("bo", "requests:review"));
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.text("detail")).contains(id);
        agree("bo", id);
        gate.parts().attesting.finish();
        assertThat(gate.entries("client.attested")).hasSize(1);

        var again = propose(dev);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("detail")).contains("attested already, until");
        assertThat(gate.entries("token.redelivered")).isEmpty();
    }

    @Test
    void a_frozen_client_is_not_attested_and_a_freeze_ends_it() {
        var id = proposed();
        gate.parts().freezes.set(Freezes.Kind.CLIENT, "refund-bot", "an incident", OPERATOR);
        agree("bo", id);
        assertThat(gate.approval(id))
                .isInstanceOfSatisfying(
                        Approval.Revoked.class, it -> assertThat(it.because()).isEqualTo("frozen"));
        assertThat(propose(dev).text("detail")).contains("this client is frozen");

        gate.parts().freezes.lift(Freezes.Kind.CLIENT, "refund-bot", OPERATOR);
        attested();
        gate.parts().freezes.set(Freezes.Kind.CLIENT, "refund-bot", "an incident", OPERATOR);
        gate.parts().freezes.lift(Freezes.Kind.CLIENT, "refund-bot", OPERATOR);
        assertThat(isAttested()).isFalse();
        denied();
    }

    @Test
    void a_client_that_is_disabled_or_gone_is_not_attested() {
        var id = proposed();
        register("for: 7d");
        gate.change("attest: { for: 7d }", "disabled: true");
        agree("bo", id);
        assertThat(gate.approval(id))
                .isInstanceOfSatisfying(
                        Approval.Revoked.class, it -> assertThat(it.because()).isEqualTo("registration"));
        assertThat(propose(dev).text("detail")).contains("this client is disabled");
        assertThat(gate.tell(dev, "/clients/nobody/attestations", "{\"reason\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void it_is_taken_back_like_any_approval() {
        var id = attested();
        assertThat(gate.tell(gate.bearer("bo", "requests:review"), "/requests/" + id + "/revoke", "{\"reason\":\"no\"}")
                        .status())
                .isEqualTo(200);
        assertThat(isAttested()).isFalse();
        denied();
    }

    @Test
    void who_has_to_agree_reads_what_it_is_about() {
        var id = proposed();
        var seen = gate.get(dev, "/requests/" + id).body();
        assertThat(seen.path("attests").asString("")).isEqualTo("refund-bot");
        assertThat(seen.path("why_not").asString("")).contains("you asked for this yourself");

        assertThat(page(gate.signIn().cookie(), id))
                .contains(
                        "<b>Dee Vance</b> wants to <b>attest that Refund bot is still needed</b> at <b>Countersign</b>")
                .contains("1 token on 1 day since")
                .contains("is put before reviewers instead of being refused")
                .contains("Will be attested", "7 days, or until its next token or a freeze")
                .contains("rules may put what Refund bot asks for before people instead of denying it as dormant")
                .contains("No token comes of it.")
                .doesNotContain("one token", "bound to a key", "granted it nothing", "no token that people granted")
                .doesNotContain("It was attested last");
    }

    @Test
    void who_has_to_agree_again_reads_when_it_was_attested_last() {
        var before = attested();
        waitsForPeople();
        gate.says(
                "ana",
                Word.APPROVE,
                gate.entries("request.made").getLast().request().orElseThrow());
        assertThat(asks().status()).isEqualTo(200);
        gate.clock.advance(Duration.ofDays(90));

        var eve = gate.signIn().cookie();
        dev = gate.bearer("dev", "requests:read", "requests:review");
        assertThat(page(eve, before)).contains("Was attested").doesNotContain("one token", "Holds");
        assertThat(page(eve, proposed())).contains("Will be attested", "It was attested last on 30 Aug 2026");
    }

    private String page(String cookie, String id) {
        return gate.send(gate.request("/requests/" + id)
                        .header("Cookie", "countersign=" + cookie)
                        .build())
                .raw()
                .body();
    }

    @Test
    void a_backtest_leaves_it_out_since_no_rule_had_a_word_in_it() throws SQLException {
        denied();
        attested();
        var read = (Read.Good) Configuration.read(folder);
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            var flips = past.backtest(read.configuration(), Instant.EPOCH, 10, 2);
            assertThat(flips.compared()).isEqualTo(2);
        }
    }

    @Test
    void a_doctor_finds_one_that_was_put_before_others_than_its_registration_names() {
        register("by: security");
        agree("cy", proposed());
        TestStores.plant(
                gate.store(),
                "UPDATE configuration_version SET content = replace(content, '\"by\":\"security\"', '\"by\":\"payments-oncall\"')");
        assertThat(gate.broken().toString()).contains("its client's registration puts that before others");
    }

    @Test
    void the_ledger_alone_tells_it_to_every_node_and_after_every_start() {
        attested();
        if (TestStores.onPostgres()) {
            try (var other = gate.anotherNode()) {
                TestGate.until(() -> isAttested(other));
            }
        }
        gate.restart();
        assertThat(isAttested()).as("from what was kept").isTrue();

        gate.end();
        TestStores.plant(gate.store(), "DELETE FROM usage_kept");
        TestStores.plant(gate.store(), "DELETE FROM usage_fold");
        gate.startAgain();
        assertThat(isAttested()).as("from the ledger alone").isTrue();
        waitsForPeople();
    }
}
