package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Publications;
import dev.countersign.approval.Vote.Word;
import dev.countersign.config.Hashes;
import dev.countersign.doctor.Invariant;
import dev.countersign.doctor.Result;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.wiring.TestGate.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A publication where policy has a word in it: an access request that somebody else must approve.
final class PublishReviewTest extends Governed {
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    @Test
    void it_waits_for_another_and_comes_into_force_when_they_approve() {
        var asked = cy.apply(shorter());
        var id = asked.text("request");
        assertThat(asked.status()).isEqualTo(202);
        assertThat(cy.inForce()).isEqualTo(base);

        publish(id);

        assertThat(cy.inForce()).isEqualTo(asked.text("version"));
        var entry = gate.entries("configuration.published").getLast();
        assertThat(entry.body()).containsEntry("request", id).containsEntry("previous", base);
        assertThat(entry.actor().kind()).isEqualTo("person");
        assertThat(gate.entries("token.minted").getLast().request()).contains(id);
        var newest = gate.get(cy.bearer, "/configuration/versions")
                .body()
                .path("items")
                .get(0);
        assertThat(newest.path("by").stringValue("")).isEqualTo("cy");
        assertThat(newest.path("approved_by").toString()).isEqualTo("[\"ana\"]");
    }

    @Test
    void nobody_approves_their_own_administrators_included() {
        var id = ask(shorter());

        var refused = gate.says("cy", Word.APPROVE, id);

        assertThat(refused).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(refused.toString()).contains("you asked for this yourself");
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        assertThat(cy.inForce()).isEqualTo(base);
    }

    @Test
    void what_is_denied_never_comes_into_force_and_is_not_asked_again_at_once() {
        var id = ask(shorter());
        gate.says("ana", Word.DENY, id);

        var again = cy.apply(shorter());

        assertThat(again.status()).isEqualTo(403);
        assertThat(again.text("detail")).contains("not approved a short while ago");
        gate.parts().asking.finish();
        assertThat(cy.inForce()).isEqualTo(base);
    }

    @Test
    void what_nobody_decides_expires() {
        var id = ask(shorter());
        gate.clock.advance(Duration.ofMinutes(61));
        untilOver(id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Expired.class);
        assertThat(cy.inForce()).isEqualTo(base);
    }

    @Test
    void the_same_again_is_the_same_request() {
        var id = ask(shorter());
        assertThat(ask(shorter())).isEqualTo(id);
        assertThat(ask(cy.files("policies.yaml", "60s", "20s"))).isNotEqualTo(id);
    }

    @Test
    void what_was_made_from_another_version_by_the_time_it_is_approved_lapses_and_says_why() {
        var first = ask(shorter());
        var second = ask(cy.files("policies.yaml", "60s", "20s"));
        publish(first);
        var inForce = cy.inForce();

        approve(second);

        assertThat(endedBecause(second)).contains("another configuration came into force meanwhile", base, inForce);
        assertThat(cy.inForce()).isEqualTo(inForce);
        assertThat(gate.entries("configuration.published")).hasSize(3);
    }

    @Test
    void an_offer_made_from_another_version_is_not_even_asked() {
        var refused = cy.apply(shorter(), "0".repeat(64));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(gate.entries("request.made")).isEmpty();
    }

    @Test
    void faults_are_found_before_anybody_is_asked() {
        assertThat(cy.apply(cy.files("policies.yaml", "risk == LOW", "rsk == LOW"))
                        .status())
                .isEqualTo(422);
        assertThat(gate.entries("request.made")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ALL,*", "RESOURCE,http://localhost:8080", "CLIENT,countersign"})
    void a_freeze_stops_it_when_it_is_asked_and_when_it_is_approved(Freezes.Kind kind, String target) {
        var id = ask(shorter());
        gate.parts().freezes.set(kind, target, "an incident", OPERATOR);

        var refused = cy.apply(cy.files("policies.yaml", "60s", "20s"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("stopped");
        approve(id);

        assertThat(endedBecause(id)).isEqualTo("frozen");
        assertThat(cy.inForce()).isEqualTo(base);
    }

    @Test
    void an_approver_may_approve_that_they_are_no_approver_any_more() {
        var id = ask(
                cy.files("countersign.yaml", "security: { members: [cy, ana] }", "security: { members: [cy, bo] }"));
        // The clock stands still here, and nobody leaves a group in the very moment of their vote.
        gate.parts().housekeeping.close();
        approve(id);
        gate.clock.advance(Duration.ofSeconds(1));
        gate.parts().asking.finish();
        assertThat(gate.approval(id)).isInstanceOf(Approval.Redeemed.class);
        gate.clock.advance(Duration.ofSeconds(1));

        var next = ask(shorter());
        assertThat(gate.says("ana", Word.APPROVE, next)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.says("bo", Word.APPROVE, next)).isInstanceOf(Ballot.Result.Counted.class);
    }

    @Test
    void it_is_published_once_however_many_try() throws Exception {
        var id = ask(shorter());
        approve(id);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                var _ = threads.submit(() -> gate.parts().asking.finish());
            }
        }
        untilOver(id);
        assertThat(gate.entries("configuration.published")).hasSize(3);
    }

    @Test
    void a_server_that_ends_between_approval_and_publication_publishes_when_it_is_back() {
        var asked = cy.apply(shorter());
        approve(asked.text("request"));
        gate.end();
        var own = gate.read("countersign.yaml");
        gate.write("countersign.yaml", own.substring(0, own.indexOf("login:")));
        gate.write("policies.yaml", "");
        gate.write("server.yaml", "");

        gate.startAgain();

        TestGate.until(() -> cy.inForce().equals(asked.text("version")));
        gate.parts().asking.finish();
        assertThat(gate.entries("configuration.published")).hasSize(3);
    }

    @Test
    void something_taken_from_it_leaves_nothing_to_publish() {
        var id = ask(shorter());
        var ask = gate.approval(id).question().ask();
        var less = new Allowance(ask.scopes(), AuthorizationDetails.NONE, ask.lifetime());
        gate.says("ana", Word.APPROVE, id, Optional.of(less));

        assertThat(endedBecause(id)).contains("something was taken from it");
        assertThat(cy.inForce()).isEqualTo(base);
    }

    @Test
    void a_folder_does_not_put_itself_in_force_any_more() {
        gate.write("policies.yaml", gate.read("policies.yaml").replace("60s", "30s"));

        assertThat(gate.server().reload(folder)).isFalse();
        var onHost = TestOffers.runOnHost("apply", folder.toString(), "--url", "");
        assertThat(onHost.exit()).isEqualTo(1);
        assertThat(onHost.err()).contains("its policy decides over what replaces it", base);
        assertThat(cy.inForce()).isEqualTo(base);

        gate.end();
        assertThat(catchThrowable(gate::startAgain))
                .isInstanceOf(Server.Refused.class)
                .hasMessageContaining("only what is the node's own");
        var back = new Server.Options(Optional.empty(), Optional.empty(), false, true);
        assertThat(catchThrowable(() -> Server.start(gate.good(), back, gate.clock)))
                .isInstanceOf(Server.Refused.class);
        gate.write("policies.yaml", REVIEW + RULE);
        gate.startAgain();
    }

    @Test
    void a_rollback_goes_through_the_same_gate() {
        var asked = cy.post("/configuration/rollback", Map.of("number", 1, "base", base));
        assertThat(asked.status()).isEqualTo(202);
        assertThat(cy.inForce()).isEqualTo(base);
        publish(asked.text("request"));
        assertThat(cy.inForce()).isEqualTo(asked.text("version"));

        // Nobody has to be asked by what is in force now.
        assertThat(cy.apply(shorter()).text("outcome")).isEqualTo("published");
    }

    @Test
    void a_rule_that_approves_lets_it_through_with_its_own_entry() {
        var id = ask(cy.files(
                "policies.yaml", "review: { stages: [ { group: security, votes: 1 } ], within: 1h }", "approve: {}"));
        publish(id);

        var applied = cy.apply(cy.files("policies.yaml", "within: 15m", "within: 10m"));

        assertThat(applied.status()).as(applied.raw().body()).isEqualTo(200);
        assertThat(cy.inForce()).isEqualTo(applied.text("version"));
        var minted = gate.entries("token.minted").getLast();
        assertThat(minted.body()).containsEntry("by", "policy");
        assertThat(minted.texts("rules")).containsExactly("two-people");
        assertThat(gate.get(cy.bearer, "/configuration/versions")
                        .body()
                        .path("items")
                        .get(0)
                        .path("approved_by")
                        .toString())
                .isEqualTo("[\"policy\"]");
    }

    @Test
    void a_rule_that_denies_and_one_that_wants_a_ticket_are_heard() {
        var id = ask(cy.files("policies.yaml", "  - rule: two-people\n", """
                  - { rule: reasons, when: '"configuration:publish" in scopes && reason == ""', deny: say why }
                  - rule: two-people
                """));
        publish(id);

        assertThat(cy.apply(shorter()).status()).isEqualTo(403);
        var asked = cy.post(
                "/configuration", Map.of("files", shorter(), "base", cy.inForce(), "reason", "shorter is better"));
        assertThat(asked.status()).isEqualTo(202);
        assertThat(gate.approval(asked.text("request")).question().request().reason())
                .isEqualTo("shorter is better");
    }

    @Test
    void nobody_is_locked_out_by_a_publication() {
        var alone = cy.apply(
                cy.files("policies.yaml", "{ group: security, votes: 1 }", "{ group: administrators, votes: 1 }"));
        assertThat(alone.status()).isEqualTo(422);
        assertThat(alone.text("detail")).contains("nobody could publish a configuration any more", "administrators");

        var denied = cy.apply(cy.files("policies.yaml", "  - rule: two-people\n", """
                  - { rule: none, when: 'risk == CRITICAL', deny: never }
                  - rule: two-people
                """));
        assertThat(denied.text("detail")).contains("nobody could publish", "`none` denies it");

        var silent = cy.apply(cy.files("policies.yaml", RULE, ""));
        assertThat(silent.text("detail")).contains("nobody could publish");
        assertThat(cy.inForce()).isEqualTo(base);
    }

    @Test
    void what_speaks_of_the_server_speaks_of_this_one_and_no_client_publishes() {
        assertThat(cy.apply(cy.files("server.yaml", "http://localhost:8080", "https://elsewhere.example.com"))
                        .text("detail"))
                .contains("only the server itself has the scope `configuration:publish`");
        assertThat(cy.apply(cy.files("countersign.yaml", "id: other-bot", "id: countersign"))
                        .text("detail"))
                .contains("`countersign` is the server itself");
        assertThat(cy.apply(cy.files(
                                "countersign.yaml",
                                "details: { https://payments.example.com: [refund] }",
                                "details: { https://payments.example.com: [refund] }\n    dpop: optional"))
                        .status())
                .isIn(202, 200);
        assertThat(cy.apply(cy.files(
                                "countersign.yaml",
                                "access: { https://payments.example.com: [\"refunds:read\", \"refunds:write\"] }",
                                "access: { \"http://localhost:8080\": [\"configuration:publish\"] }"))
                        .body()
                        .toString())
                .contains("people publish configurations, and clients do not");
        assertThat(gate.ask("countersign", "scope", "configuration:publish").status())
                .isEqualTo(401);
    }

    /// A signature is over the last entry, and so over what reviewers were shown.
    @Test
    void the_ledger_names_what_reviewers_are_shown_by_its_digest() throws Exception {
        var id = ask(letsMoneyMove());

        var shown = gate.parts()
                .installation
                .store
                .read(tx -> new Publications().shown(tx, id))
                .orElseThrow();
        assertThat(gate.entries("request.judged").getLast().text("briefing")).isEqualTo(Hashes.sha256(shown));
    }

    private static final String BEHIND = "was changed behind the server's back";

    /// Whoever writes the database would have reviewers read something else than what they sign.
    @Test
    void what_was_changed_behind_the_servers_back_is_not_shown_and_nobody_votes_on_it() {
        var id = ask(letsMoneyMove());
        gate.parts()
                .installation
                .store
                .write(tx -> tx.sql()
                        .createUpdate("UPDATE publication SET shown = '{}' WHERE request = :id")
                        .bind("id", id)
                        .execute());

        var ana = new TestOffers(gate, gate.bearer("ana", "requests:read", "requests:review"));
        var seen = gate.get(ana.bearer, "/requests/" + id).body();
        assertThat(seen.path("publication_changed").stringValue("")).contains(BEHIND);
        assertThat(seen.has("publication")).isFalse();
        assertThat(seen.path("may_vote").asBoolean(true)).isFalse();
        assertThat(ana.run("requests", "show", id).out()).contains("CHANGED", BEHIND);
        for (var word : Word.values()) {
            assertThat(gate.says("ana", word, id))
                    .isInstanceOfSatisfying(
                            Ballot.Result.NotEligible.class,
                            it -> assertThat(it.because()).contains(BEHIND));
        }
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        assertThat(gate.broken())
                .extracting(
                        Result.Broken::invariant, it -> it.faults().getFirst().where())
                .containsExactly(tuple(Invariant.TERMS, "request " + id));
    }

    @Test
    void the_command_waits_until_it_is_decided() throws Exception {
        gate.write("policies.yaml", gate.read("policies.yaml").replace("60s", "30s"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var line = threads.submit(() -> cy.run("apply", folder.toString(), "--reason", "shorter"));
            TestGate.until(() -> gate.entries("request.judged").size() == 1);
            approve(gate.entries("request.judged").getLast().request().orElseThrow());
            assertThat(line.get().exit()).as(line.get().err()).isZero();
            TestGate.until(() -> !cy.inForce().equals(base));
            assertThat(line.get().out()).contains("configuration " + cy.inForce() + " is in force");
        }

        gate.write("policies.yaml", gate.read("policies.yaml").replace("30s", "20s"));
        var told = cy.run("apply", folder.toString(), "--no-wait");
        assertThat(told.exit()).isZero();
        assertThat(told.out()).contains("others must approve this: request ");
        gate.says(
                "ana",
                Word.DENY,
                gate.entries("request.judged").getLast().request().orElseThrow());
        var refused = cy.run("apply", folder.toString());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("not approved a short while ago");
    }

    @Test
    void asked_at_one_node_and_approved_at_another_it_is_in_force_once_at_both() {
        if (!TestStores.onPostgres()) {
            return; // SQLite is for one node
        }
        try (var other = gate.anotherNode()) {
            Answer asked = cy.apply(shorter());
            other.says("ana", Word.APPROVE, asked.text("request"));
            var there = new TestOffers(other, cy.bearer);
            TestGate.until(() -> there.inForce().equals(asked.text("version"))
                    && cy.inForce().equals(asked.text("version")));
            assertThat(gate.entries("configuration.published")).hasSize(3);
        }
    }
}
