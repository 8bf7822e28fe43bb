package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What an offer would make otherwise, what was published, and the way back.
@OneStore
final class VersionsTest extends OverTheWire {
    private TestOffers cy;

    @BeforeEach
    void administrator() {
        cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
    }

    private JsonNode diff(Map<String, String> files) {
        var answer = cy.post("/configuration/diff", Map.of("files", files));
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(it -> it.stringValue("")).toList();
    }

    private Map<String, String> unattended() {
        var files = cy.files("policies.yaml", "when: risk == LOW", "when: scopes.size() > 0");
        files.put(
                "policies.yaml",
                files.getOrDefault("policies.yaml", "").replace("\"refunds:write\" in scopes || ", ""));
        return files;
    }

    @Test
    void a_diff_tells_what_was_and_what_would_be() {
        var files = cy.files("countersign.yaml", "title: Refund a payment", "title: Pay money back");
        files.put("policies.yaml", gate.read("policies.yaml").replace("within: 15m", "within: 30m"));
        files.put("more.yaml", "limits: { pending_per_client: 5 }");

        var diff = diff(files);

        assertThat(diff.path("in_force").stringValue("")).isEqualTo(cy.inForce());
        var changes = diff.path("changes");
        assertThat(changes)
                .extracting(it -> it.path("kind").stringValue("") + " "
                        + it.path("name").stringValue("") + " " + it.path("how").stringValue(""))
                .containsExactly(
                        "setting limits added",
                        "rule money-moves changed",
                        "resource https://payments.example.com changed");
        assertThat(texts(changes.get(0).path("lines"))).containsExactly("pending_per_client: 5");
        assertThat(texts(changes.get(1).path("lines"))).containsExactly("review.within: 30m instead of 15m");
        assertThat(texts(changes.get(2).path("lines")))
                .containsExactly("scopes[refunds:write].title: Pay money back instead of Refund a payment");
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @Test
    void a_diff_has_no_secret_no_hash_and_no_address_in_it() {
        var hash = TestGate.sha256("another");
        var files = cy.files("countersign.yaml", TestGate.sha256("refund-bot"), hash);
        files.put("countersign.yaml", text(files).replace("ana@example.com", "ana.lima@example.com"));

        var diff = diff(files).toString();

        assertThat(diff)
                .contains("auth.secrets[1].hash: another one", "email: another one")
                .doesNotContain(hash, TestGate.sha256("refund-bot"), "ana@", "ana.lima@", "argon2");
    }

    private static String text(Map<String, String> files) {
        return files.getOrDefault("countersign.yaml", "");
    }

    @Test
    void a_diff_tells_what_becomes_unattended() {
        var looser = diff(unattended()).path("looser");

        assertThat(looser)
                .extracting(it -> it.path("what").stringValue(""))
                .containsExactlyInAnyOrder(
                        "refund-bot: refunds:write on https://payments.example.com",
                        "other-bot: refunds:write on https://payments.example.com");
        assertThat(looser).allMatch(it -> it.path("unattended").asBoolean(false));
        assertThat(texts(looser.get(0).path("how"))).containsExactly("approve instead of review");
        assertThat(diff(unattended()).path("unattended").path("regions"))
                .extracting(it -> it.path("client").stringValue("") + " by "
                        + it.path("rule").stringValue(""))
                .contains("refund-bot by reads", "other-bot by reads");
    }

    @Test
    void what_can_be_asked_for_the_first_time_is_looser_too() {
        var files = cy.files(
                "countersign.yaml",
                "- id: other-bot\n    name: Other bot\n    owner: payments-dev\n",
                "- id: other-bot\n    name: Other bot\n    owner: payments-dev\n    details: { https://payments.example.com: [refund] }\n");

        var looser = diff(files).path("looser");

        assertThat(looser).hasSize(1);
        assertThat(looser.get(0).path("what").stringValue("")).startsWith("other-bot: refund on ");
        assertThat(texts(looser.get(0).path("how"))).containsExactly("review, and could not be asked for");
        assertThat(looser.get(0).path("unattended").asBoolean(true)).isFalse();
    }

    @Test
    void requests_of_tests_that_were_taken_out_are_compared_as_well() {
        gate.write("tests.yaml", """
                tests:
                  - name: without a reason nothing moves
                    given: { client: refund-bot, scopes: ["refunds:write"], usage.idle_days: 200 }
                    expect: { verdict: deny }
                """);
        gate.configure("policies.yaml", REVIEW + "  - { rule: dormant, when: usage.idle_days > 90, deny: dormant }\n");
        var files = cy.files();
        files.remove("tests.yaml");
        files.put("policies.yaml", REVIEW);

        var looser = diff(files).path("looser");

        assertThat(looser).hasSize(1);
        assertThat(looser.get(0).path("what").stringValue("")).contains("without a reason nothing moves");
        assertThat(texts(looser.get(0).path("how"))).containsExactly("review instead of deny");
    }

    @Test
    void what_is_tighter_is_not_looser() {
        assertThat(diff(cy.files("policies.yaml", "within: 15m", "within: 5m")).path("looser"))
                .isEmpty();
    }

    @Test
    void an_offer_with_faults_has_no_diff() {
        var refused =
                cy.post("/configuration/diff", Map.of("files", cy.files("policies.yaml", "risk == LOW", "rsk == LOW")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("faults")).hasSize(1);
        assertThat(gate.tell(gate.bearer("ana", "requests:read", "admin"), "/configuration/diff", "{\"files\": {}}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void history_tells_who_published_what_and_when() {
        var first = cy.inForce();
        var second = cy.apply(cy.files("policies.yaml", "60s", "30s")).text("version");

        var items = gate.get(cy.bearer, "/configuration/versions").body().path("items");

        assertThat(items).extracting(it -> it.path("version").stringValue("")).containsExactly(second, first);
        assertThat(items).extracting(it -> it.path("by").stringValue("")).containsExactly("cy", "operator");
        assertThat(items.get(0).path("changed").path("policies_changed").toString())
                .isEqualTo("[\"reads\"]");
        assertThat(items.get(0).path("published_at").stringValue("")).startsWith("2026-06-01T10:00");
        var page = gate.get(cy.bearer, "/configuration/versions?limit=1").body();
        assertThat(page.path("items")).hasSize(1);
        assertThat(gate.get(
                                cy.bearer,
                                "/configuration/versions?limit=1&after="
                                        + page.path("next").stringValue(""))
                        .body()
                        .path("items")
                        .get(0)
                        .path("number")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void a_rollback_publishes_the_content_again_as_a_new_version() {
        var first = cy.inForce();
        cy.apply(cy.files("policies.yaml", "60s", "30s"));

        var back = cy.post("/configuration/rollback", Map.of("number", 1, "base", cy.inForce()));

        assertThat(back.status()).isEqualTo(200);
        assertThat(back.body().path("number").asInt()).isEqualTo(3);
        assertThat(cy.inForce()).isEqualTo(first);
        assertThat(gate.entries("configuration.published")).hasSize(3);
        assertThat(cy.post("/configuration/rollback", Map.of("number", 1)).text("outcome"))
                .isEqualTo("unchanged");
    }

    @Test
    void a_rollback_over_a_version_that_was_not_seen_is_refused() {
        var seen = cy.inForce();
        cy.apply(cy.files("policies.yaml", "60s", "30s"));
        cy.apply(cy.files("policies.yaml", "60s", "20s"));

        assertThat(cy.post("/configuration/rollback", Map.of("number", 1, "base", seen))
                        .status())
                .isEqualTo(409);
        assertThat(cy.post("/configuration/rollback", Map.of("number", 99)).status())
                .isEqualTo(404);
        assertThat(gate.tell(gate.bearer("ana", "admin"), "/configuration/rollback", "{\"number\": 1}")
                        .status())
                .isEqualTo(403);
        assertThat(gate.entries("configuration.published")).hasSize(3);
    }

    @Test
    void the_commands_tell_it_in_words() {
        var base = cy.inForce();
        gate.write("policies.yaml", unattended().getOrDefault("policies.yaml", ""));

        var diff = cy.run("diff", folder.toString());
        assertThat(diff.exit()).as(diff.err()).isZero();
        assertThat(diff.out())
                .contains("rule reads changed", "when: scopes.size() > 0 instead of risk == LOW")
                .contains("refund-bot: refunds:write", "approve instead of review (nobody is asked)")
                .contains("--base " + base);
        assertThat(cy.run("apply", folder.toString()).exit()).isZero();
        assertThat(cy.run("diff", folder.toString()).out()).contains("is in force already");

        var history = cy.run("history");
        assertThat(history.out()).contains("NUMBER", "cy", "operator", "policies changed 2", base);
        assertThat(cy.run("history", "--json", "--limit", "1").out())
                .contains("\"number\":2")
                .doesNotContain("\"number\":1,");

        var back = cy.run("rollback", "1");
        assertThat(back.exit()).as(back.err()).isZero();
        assertThat(back.out()).contains(base, "as number 3");
        assertThat(cy.run("rollback", "77").err()).contains("no version with the number 77");
    }

    @Test
    void the_commands_work_on_the_host_without_a_server() {
        gate.end();
        gate.write("policies.yaml", gate.read("policies.yaml").replace("60s", "30s"));
        var dir = folder.toString();

        var diff = TestOffers.runOnHost("diff", dir, "--url", "");
        assertThat(diff.exit()).as(diff.err()).isZero();
        assertThat(diff.out()).contains("rule reads changed");
        assertThat(TestOffers.runOnHost("apply", dir, "--url", "").out()).contains("as number 2");
        assertThat(TestOffers.runOnHost("history", "--config", dir, "--url", "").out())
                .contains("operator");
        assertThat(TestOffers.runOnHost("rollback", "1", "--config", dir, "--url", "")
                        .out())
                .contains("as number 3");

        gate.clock.advance(java.time.Duration.between(gate.clock.instant(), java.time.Instant.now()));
        gate.write("policies.yaml", REVIEW);
        gate.startAgain();
    }
}
