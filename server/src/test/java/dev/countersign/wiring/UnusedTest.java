package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Vote.Word;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What clients may do and never do, and what their registrations would say without it.
final class UnusedTest extends OverTheWire {
    private String ana = "";

    @BeforeEach
    void auditor() {
        gate.change(
                "administrators: { members: [cy] }",
                "administrators: { members: [cy] }\n  auditors: { members: [ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
    }

    private JsonNode usage(String client, int days) {
        ana = gate.bearer("ana", "requests:read", "ledger:read");
        gate.parts().installation.ledger.settle();
        var answer = gate.get(ana, "/clients/" + client + "/usage?days=" + days);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> sentences(JsonNode report) {
        return report.path("permissions")
                .valueStream()
                .map(it -> it.path("state").asString("") + ": "
                        + it.path("sentence").asString(""))
                .toList();
    }

    private void reads() {
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
    }

    private void writes() {
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(400);
        var pending = gate.entries("request.made").getLast().request().orElseThrow();
        gate.says("ana", Word.APPROVE, pending);
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
    }

    @Test
    void what_was_not_used_all_the_time_is_told_with_its_numbers_and_left_out() {
        writes();
        gate.clock.advance(Duration.ofDays(143));
        reads();
        gate.clock.advance(Duration.ofDays(3));

        var report = usage("refund-bot", 90);

        assertThat(sentences(report))
                .containsExactly(
                        "used: grant client_credentials: last used 3 days ago, 2 tokens in all",
                        "used: refunds:read at https://payments.example.com: last used 3 days ago, 1 token in all",
                        "unused: refunds:write at https://payments.example.com: last used 146 days ago, 1 token in all",
                        "unused: details of type refund at https://payments.example.com: never used");
        assertThat(report.path("unused").asInt()).isEqualTo(2);
        assertThat(report.path("action").asString("")).isEqualTo("narrow");
        assertThat(report.path("registration").asString("")).isEqualTo("""
                clients:
                  - id: "refund-bot"
                    access:
                      "https://payments.example.com": ["refunds:read"]
                    details: {}
                """);
        assertThat(usage("refund-bot", 147).path("unused").asInt())
                .as("it is not that old")
                .isZero();
    }

    @Test
    void the_registration_that_is_suggested_can_be_put_in_force() {
        writes();
        gate.clock.advance(Duration.ofDays(100));
        reads();
        var suggested = usage("refund-bot", 90).path("registration").asString("");
        var access = suggested
                .lines()
                .filter(it -> it.contains("payments.example.com"))
                .findFirst()
                .orElseThrow();
        gate.change(
                "access: { " + TestGate.PAYMENTS + ": [\"refunds:read\", \"refunds:write\"] }\n    details: { "
                        + TestGate.PAYMENTS + ": [refund] }",
                "access:\n" + access + "\n    details: {}");
        assertThat(Configuration.read(gate.folder)).isInstanceOf(Read.Good.class);
        assertThat(usage("refund-bot", 90).path("unused").asInt()).isZero();
        reads();
    }

    @Test
    void a_permission_that_is_younger_than_that_is_not_judged() {
        gate.change(
                "access: { " + TestGate.PAYMENTS + ": [\"refunds:read\", \"refunds:write\"] }\n    details",
                "access: { " + TestGate.PAYMENTS + ": [\"refunds:read\"] }\n    details");
        gate.clock.advance(Duration.ofDays(100));
        reads();
        gate.change(
                "access: { " + TestGate.PAYMENTS + ": [\"refunds:read\"] }\n    details",
                "access: { " + TestGate.PAYMENTS
                        + ": [\"refunds:read\", \"refunds:write\"] }\n    tags: [again]\n    details");
        gate.clock.advance(Duration.ofDays(12));

        var report = usage("refund-bot", 90);

        assertThat(sentences(report))
                .contains("young: refunds:write at https://payments.example.com: registered 12 days ago and not used"
                        + " since, which is too short to judge");
        assertThat(report.path("registration").asString(""))
                .contains("refunds:write")
                .contains("details: {}");
        gate.clock.advance(Duration.ofDays(80));
        assertThat(sentences(usage("refund-bot", 90)))
                .contains("unused: refunds:write at https://payments.example.com: never used");
    }

    @Test
    void a_client_that_never_had_a_token_had_better_be_disabled_and_then_is_left_alone() {
        gate.clock.advance(Duration.ofDays(91));
        var report = usage("other-bot", 90);
        assertThat(report.path("action").asString("")).isEqualTo("disable");
        assertThat(report.path("advice").asString("")).isEqualTo("it never had a token: disable it, or take it out");
        assertThat(report.path("registration").asString(""))
                .isEqualTo("clients:\n  - id: \"other-bot\"\n    disabled: true\n");
        assertThat(report.path("last_used").isNull()).isTrue();

        gate.change("name: Other bot", "name: Other bot\n    disabled: true");
        assertThat(usage("other-bot", 90).path("action").asString("")).isEqualTo("keep");
    }

    @Test
    void an_id_may_have_what_stands_between_the_parts_of_a_path() {
        gate.change("id: other-bot", "id: ci/other@bot");
        assertThat(usage("ci%2Fother%40bot", 90).path("client").asString("")).isEqualTo("ci/other@bot");
    }

    @Test
    void what_is_kept_for_emergencies_is_used_when_the_glass_was_broken() {
        gate.configure("more.yaml", """
                policies:
                  - rule: outage
                    when: '"refunds:write" in scopes'
                    break_glass: { lifetime: 60s, review: { stages: [ { group: security, votes: 1 } ] } }
                """);
        gate.clock.advance(Duration.ofDays(100));
        var token = gate.ask("refund-bot", "scope", WRITE, "break_glass", "true", "reason", "an outage");
        assertThat(token.status()).as(token.raw().body()).isEqualTo(200);
        assertThat(sentences(usage("refund-bot", 90)))
                .contains("used: refunds:write at https://payments.example.com: last used today, 1 token in all");
    }

    @Test
    void all_clients_are_listed_page_by_page_for_those_who_may_read_the_ledger() {
        gate.clock.advance(Duration.ofDays(91));
        usage("refund-bot", 90);
        var page = gate.get(ana, "/clients/usage?limit=2").body();
        assertThat(page.path("items").valueStream().map(it -> it.path("client").asString("")))
                .containsExactly("gateway", "other-bot");
        assertThat(page.path("items").path(0).path("action").asString(""))
                .as("it may do nothing")
                .isEqualTo("keep");
        var next = gate.get(
                        ana, "/clients/usage?limit=2&after=" + page.path("next").asString(""))
                .body();
        assertThat(next.path("items").valueStream().map(it -> it.path("client").asString("")))
                .containsExactly("refund-bot");
        assertThat(next.path("next").isNull()).isTrue();

        var reader = gate.bearer("dev", "requests:read", "requests:review");
        assertThat(gate.get(reader, "/clients/usage").status()).isEqualTo(403);
        assertThat(gate.get(reader, "/clients/refund-bot/usage").status()).isEqualTo(403);
        assertThat(gate.get(ana, "/clients/nobody/usage").status()).isEqualTo(404);
        assertThat(gate.get(ana, "/clients/refund-bot/usage?days=0").status()).isEqualTo(400);
        assertThat(gate.get(ana, "/clients/refund-bot/usage?days=401").status()).isEqualTo(400);
    }
}
