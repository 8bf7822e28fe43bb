package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Vote.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A candidate beside the policy in force: what it would have said of what is decided now.
final class ShadowTest extends OverTheWire {
    private static final String OPEN = "policies: [ { rule: all, when: \"usage.idle_days >= 0\", approve: {} } ]\n";
    private static final String STRICT = "policies: [ { rule: none, when: \"true\", deny: no } ]\n";

    @TempDir
    private Path candidate;

    private Path candidate(String policies) throws IOException {
        for (var file : List.of("countersign.yaml", "master.key", "refund.schema.json")) {
            if (!Files.exists(candidate.resolve(file))) {
                Files.copy(folder.resolve(file), candidate.resolve(file));
            }
        }
        Files.writeString(candidate.resolve("policies.yaml"), policies);
        return candidate;
    }

    private void watch(String policies) throws IOException {
        assertThat(gate.server().watchAgain(candidate(policies))).isTrue();
    }

    private JsonNode seen() {
        var answer = gate.get(gate.bearer("ana", "requests:read"), "/shadow");
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode seen(int compared) {
        TestGate.until(() -> seen().path("compared").asInt(0) == compared);
        return seen();
    }

    private static int flips(JsonNode seen, String was, String now) {
        return seen.path("matrix").path(was).path(now).asInt(-1);
    }

    @Test
    void each_decision_is_judged_by_the_candidate_and_decided_by_what_is_in_force() throws IOException {
        watch(OPEN);

        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        var waits = gate.defer("refund-bot", "scope", WRITE);
        assertThat(waits.error()).isEqualTo("authorization_pending");
        assertThat(gate.ask("other-bot", "scope", READ + " " + WRITE, "requested_lifetime", "90")
                        .error())
                .isEqualTo("access_denied");

        var seen = seen(3);
        assertThat(flips(seen, "approve", "approve")).isEqualTo(1);
        assertThat(flips(seen, "review", "approve")).isEqualTo(2);
        assertThat(seen.path("flipped").asInt(0)).isEqualTo(2);
        assertThat(seen.path("loosened").asInt(0)).isEqualTo(2);
        assertThat(seen.path("tightened").asInt(-1)).isZero();
        assertThat(seen.path("in_force").stringValue(""))
                .isEqualTo(gate.configuration().version());
        assertThat(seen.path("candidate").stringValue(""))
                .isNotEqualTo(gate.configuration().version());
        var first = seen.path("loosenings").path(0);
        assertThat(first.path("request").stringValue("")).isEqualTo(waits.reference());
        assertThat(first.path("client").stringValue("")).isEqualTo("refund-bot");
        assertThat(first.path("rules").toString()).isEqualTo("[\"money-moves\"]");
        assertThat(first.path("candidate_rules").toString()).isEqualTo("[\"all\"]");
        assertThat(first.path("how").toString()).isEqualTo("[\"approve instead of review\"]");
        assertThat(gate.codes())
                .containsExactly("token.minted", "request.made", "request.judged", "request.made", "request.judged");
    }

    @Test
    void what_joins_or_comes_again_is_no_decision() throws IOException {
        watch(STRICT);
        var waits = gate.defer("refund-bot", "scope", WRITE);
        gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, waits.reference());
        assertThat(gate.poll("refund-bot", waits.text("deferral_code")).status())
                .isEqualTo(200);
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        assertThat(gate.entries("token.redelivered")).hasSize(1);
        gate.ask("refund-bot", "scope", READ);

        var seen = seen(2);
        assertThat(flips(seen, "review", "deny")).isEqualTo(1);
        assertThat(flips(seen, "approve", "deny")).isEqualTo(1);
        assertThat(seen.path("tightened").asInt(0)).isEqualTo(2);
        assertThat(seen.path("loosenings").size()).isZero();
    }

    @Test
    void what_is_refused_or_observed_only_is_compared_by_what_policy_said() throws IOException {
        watch(OPEN);
        gate.change("name: Refund bot", "name: Refund bot\n    observe: { until: 2026-07-31 }");
        gate.ask("refund-bot", "scope", WRITE);
        gate.configure("policies.yaml", REVIEW + "  - { rule: never, when: \"true\", deny: no }\n");
        assertThat(gate.ask("other-bot", "scope", READ).error()).isEqualTo("invalid_grant");

        var seen = seen(2);
        assertThat(flips(seen, "review", "approve")).isEqualTo(1);
        assertThat(flips(seen, "deny", "approve")).isEqualTo(1);
    }

    @Test
    void the_last_that_are_loosened_are_named() throws IOException {
        watch(REVIEW.replace("lifetime: 60s", "lifetime: 90s"));
        for (int i = 0; i < 22; i++) {
            gate.clock.advance(Duration.ofSeconds(1));
            gate.ask("refund-bot", "scope", READ, "requested_lifetime", "80");
        }
        var last = gate.entries("token.minted").getLast().request().orElseThrow();

        var seen = seen(22);
        assertThat(seen.path("loosened_within").asInt(0)).isEqualTo(22);
        assertThat(seen.path("flipped").asInt(-1)).isZero();
        assertThat(seen.path("loosenings").size()).isEqualTo(20);
        assertThat(seen.path("loosenings").path(19).path("request").stringValue(""))
                .isEqualTo(last);
    }

    @Test
    void another_candidate_begins_anew_and_the_same_goes_on() throws IOException {
        watch(OPEN);
        gate.ask("refund-bot", "scope", READ);
        seen(1);
        watch(OPEN);
        assertThat(seen().path("compared").asInt(0)).isEqualTo(1);

        gate.clock.advance(Duration.ofMinutes(1));
        watch(STRICT);

        assertThat(seen().path("compared").asInt(-1)).isZero();
        assertThat(seen().path("since").stringValue(""))
                .isEqualTo(gate.clock.instant().toString());
        gate.ask("refund-bot", "scope", READ);
        assertThat(flips(seen(1), "approve", "deny")).isEqualTo(1);
    }

    @Test
    void a_candidate_that_does_not_check_leaves_the_one_before() throws IOException {
        watch(OPEN);
        var before = seen().path("candidate").stringValue("");

        assertThat(gate.server().watchAgain(candidate("policies: [ { rule: a, when: rsk == LOW, approve: {} } ]\n")))
                .isFalse();

        assertThat(seen().path("candidate").stringValue("")).isEqualTo(before);
        gate.ask("refund-bot", "scope", READ);
        assertThat(flips(seen(1), "approve", "approve")).isEqualTo(1);
    }

    @Test
    void a_server_is_not_started_beside_a_candidate_that_does_not_check() throws IOException {
        var said = TestOffers.runOnHost(
                "serve",
                "--config",
                folder.toString(),
                "--shadow",
                candidate("policies: [ { rule: a, when: rsk == LOW, approve: {} } ]\n")
                        .toString());

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).contains("policies.yaml:1:30: ", "the configuration in " + candidate + " has faults");
    }

    @Test
    void a_node_without_a_shadow_says_so() {
        var answer = gate.get(gate.bearer("ana", "requests:read"), "/shadow");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("detail")).contains("serve --shadow DIR");
        assertThat(gate.send(gate.request("/api/v1/shadow").build()).status()).isEqualTo(401);
        assertThat(gate.get(gate.bearer("ana", "ledger:read"), "/shadow").status())
                .isEqualTo(403);
        assertThat(metrics()).doesNotContain("countersign_shadow");
    }

    @Test
    void the_command_line_shows_it_as_a_backtest_and_metrics_count_it() throws IOException {
        watch(OPEN);
        var ana = new TestOffers(gate, gate.bearer("ana", "requests:read"));
        assertThat(ana.run("policy", "shadow").out())
                .contains(" since 2026-06-01T10:00:00Z\n", "no decision to compare yet")
                .doesNotContain("beside");
        gate.ask("refund-bot", "scope", READ);
        gate.defer("refund-bot", "scope", WRITE);
        seen(2);

        var said = ana.run("policy", "shadow");
        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .contains(
                        "DECIDED",
                        "1 flip among 2 decisions",
                        "loosened: 1, 0 of them with the verdict they had",
                        "approve instead of review (review by money-moves; would be approve by all)",
                        "tightened: 0")
                .containsPattern("review +1 +0 +0\n")
                .doesNotContain("dropped", "failed");
        assertThat(ana.run("policy", "shadow", "--json").out()).contains("\"flipped\"");
        assertThat(metrics())
                .contains(
                        "countersign_shadow_decisions_total{candidate=\"approve\",verdict=\"review\"} 1.0",
                        "countersign_shadow_decisions_total{candidate=\"approve\",verdict=\"approve\"} 1.0",
                        "countersign_shadow_loosened_total 1.0",
                        "countersign_shadow_dropped_total 0.0",
                        "countersign_shadow_failed_total 0.0")
                .doesNotContain("refund-bot");
    }

    private String page(String cookie) {
        var page = gate.send(gate.request("/policies")
                .header("Cookie", "countersign=" + cookie)
                .build());
        assertThat(page.status()).isEqualTo(200);
        return page.raw().body();
    }

    @Test
    void the_page_shows_how_far_the_candidate_has_drifted_as_it_is_when_it_is_looked_at() throws IOException {
        candidate(OPEN);
        var cookie = gate.signIn().cookie();
        assertThat(page(cookie)).doesNotContain("There was nothing to compare");
        watch(OPEN);
        assertThat(page(cookie)).contains("There was nothing to compare");

        gate.ask("refund-bot", "scope", READ);
        gate.defer("refund-bot", "scope", WRITE);
        seen(2);
        assertThat(page(cookie)).contains("<desc>approve would be approve: 1. review would be approve: 1.</desc>");

        gate.defer("other-bot", "scope", WRITE);
        seen(3);
        assertThat(page(cookie))
                .contains("<desc>approve would be approve: 1. review would be approve: 2.</desc>", "looser");
    }

    private String metrics() {
        return gate.send(gate.request("/metrics").build()).raw().body();
    }
}
