package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Stage;
import dev.countersign.policy.Verdict;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What policy says on the way to a token, and that the ledger keeps enough to say it again.
class PolicyWireTest extends OverTheWire {
    private static final String DORMANT = REVIEW + """
              - rule: no-dormant-privilege
                when: risk >= HIGH && usage.idle_days > 60
                deny: "not used for {usage.idle_days} days"
            """;

    @Test
    void a_dormant_client_is_refused_and_the_ledger_says_why() {
        gate.configure("policies.yaml", DORMANT);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofDays(147));

        var answer = gate.ask("refund-bot", "scope", WRITE, "reason", "monthly run");
        assertThat(answer.error()).isEqualTo("invalid_grant");
        assertThat(answer.text("error_description"))
                .isEqualTo("policy does not allow this request; reference " + answer.reference());
        var refused = gate.entries("request.refused").getLast();
        assertThat(refused.request()).hasValue(answer.reference());
        assertThat(refused.text("because")).isEqualTo("policy");
        assertThat(refused.texts("rules")).containsExactly("no-dormant-privilege");
        assertThat(refused.text(Member.SENTENCE)).isEqualTo("not used for 147 days");
        assertThat(gate.disclosed(refused, "reason")).isEqualTo("monthly run");
    }

    /// Before, the client may ask for it and policy does not allow it; after, policy allows everything and the client
    /// may not ask for it. Neither gives a token, and a registration and a policy of two versions would.
    @Test
    void a_configuration_that_comes_into_force_in_the_midst_of_a_request_is_for_the_next() {
        var before = "policies: [ { rule: reads, when: risk == LOW, approve: { lifetime: 60s } } ]";
        var after = "policies: [ { rule: all, when: 'true', approve: { lifetime: 60s } } ]";
        var reader = gate.bearer("ana", "requests:read");
        for (int step = 1; step <= 2; step++) { // while it is authenticated, and when it is proved
            gate.write("policies.yaml", before);
            gate.change("name: Payments API", "name: Payments API " + step);
            var version = gate.get(reader, "/configuration").text("version");

            gate.clock.meanwhile(step, () -> {
                gate.write("policies.yaml", after);
                gate.change(WIDE, NARROW);
            });
            var answer = gate.ask("refund-bot", "scope", WRITE);
            assertThat(answer.error()).as("step " + step).isEqualTo("invalid_grant");
            assertThat(gate.entries("request.refused").getLast().text(Member.POLICY_VERSION))
                    .isEqualTo(version);
            assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("invalid_scope");
            gate.write("countersign.yaml", gate.read("countersign.yaml").replace(NARROW, WIDE));
        }
    }

    /// As when a newer version, beside this one, publishes what only it can read.
    @Test
    void nothing_is_decided_by_a_configuration_that_was_replaced_by_one_that_cannot_be_read() {
        var reader = gate.bearer("ana", "requests:read");
        publish("{\"later\": true}");

        assertThat(gate.parts().live.refresh()).isFalse();
        var refused = gate.ask("refund-bot", "scope", READ);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error()).isEqualTo("temporarily_unavailable");
        assertThat(gate.get(reader, "/configuration").status()).isEqualTo(503);
        assertThat(ready().status()).isEqualTo(503);
        assertThat(ready().text("configuration")).contains("this release cannot read it");

        gate.change("name: Payments API", "name: Payments API again");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(ready().status()).isEqualTo(200);
    }

    private TestGate.Answer ready() {
        return gate.send(gate.request("/health/ready").build());
    }

    private void publish(String content) {
        gate.parts()
                .installation
                .store
                .write(tx -> tx.sql().createUpdate("""
                        INSERT INTO configuration_version (number, version, content, published_at, by_kind, by_id)
                        SELECT number + 1, 'later', :content, published_at, by_kind, by_id FROM configuration_version
                        ORDER BY number DESC LIMIT 1
                        """).bind("content", content).execute());
    }

    private static final String WIDE =
            "access: { %s: [\"refunds:read\", \"refunds:write\"] }\n    details".formatted(TestGate.PAYMENTS);
    private static final String NARROW = WIDE.replace(", \"refunds:write\"", "");

    @Test
    void a_scope_that_a_client_never_had_is_a_finding_until_it_had_it() {
        var first = gate.ask("refund-bot", "scope", WRITE).reference();
        assertThat(findings(first)).contains("first_scope");
        gate.says("ana", Word.APPROVE, first);
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);

        gate.parts().installation.ledger.settle();
        var second = gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "30")
                .reference();
        assertThat(findings(second)).doesNotContain("first_scope");
    }

    @Test
    void a_privilege_asked_for_the_first_time_is_put_before_the_owner_of_the_api_and_then_passes() {
        gate.configure("policies.yaml", "policies: [ { rule: open, when: 'true', approve: { lifetime: 2m } } ]");
        var first = gate.ask("refund-bot", "scope", WRITE);
        assertThat(first.error()).isEqualTo("access_denied");
        var review = gate.approval(first.reference()).question().verdict();
        assertThat(review.stages()).containsExactly(new Stage("payments-oncall", 1));
        assertThat(review.rules()).containsExactly("open");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);

        gate.says("ana", Word.APPROVE, first.reference());
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        gate.parts().installation.ledger.settle();
        assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "30")
                        .status())
                .isEqualTo(200);

        gate.clock.advance(Duration.ofDays(15));
        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("access_denied");
    }

    @Test
    void the_api_shows_findings_with_their_numbers_and_the_score_with_its_terms() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        var shown =
                gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id).body();
        var finding = shown.path("findings").get(0);
        assertThat(finding.path("code").stringValue("")).isEqualTo("first_scope");
        assertThat(finding.path("facts").path("usage.first_time_scopes").get(0).stringValue(""))
                .isEqualTo(WRITE);
        assertThat(shown.path("score").path("points").asInt(0)).isPositive();
        assertThat(shown.path("score").path("terms").path("first_scope").asInt(0))
                .isPositive();
        assertThat(gate.entries("request.judged").getLast().digests()).isNotEmpty();
    }

    private String findings(String id) {
        return gate.approval(id).question().findings().toString();
    }

    @Test
    void what_cannot_be_known_never_helps_who_asks() {
        gate.configure("policies.yaml", """
                policies:
                  - { rule: small, when: 'details.all(d, d.small)', approve: { } }
                  - { rule: rest, when: 'risk >= LOW', approve: { } }
                  - { rule: closed, when: 'details.exists(d, d.closed)', deny: "closed" }
                """);
        var details = "[{\"type\":\"refund\",\"amount\":1,\"currency\":\"EUR\"}]";

        assertThat(gate.ask("refund-bot", "authorization_details", details).error())
                .isEqualTo("invalid_grant");
        assertThat(gate.entries("request.refused").getLast().texts("rules")).containsExactly("closed");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
    }

    @Test
    void a_rule_more_never_loosens() {
        gate.configure("policies.yaml", REVIEW + "  - { rule: all, when: 'risk >= LOW', approve: { lifetime: 5m } }\n");

        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("access_denied");
        var answer = gate.ask("refund-bot", "scope", READ, "requested_lifetime", "300");
        assertThat(answer.body().path("expires_in").asInt(0)).isEqualTo(60);
    }

    @Test
    void the_facts_of_every_judged_entry_lead_to_the_same_verdict_again() {
        gate.configure("policies.yaml", DORMANT);
        gate.ask("refund-bot", "scope", READ);
        gate.ask("refund-bot", "scope", WRITE, "reason", "first");
        gate.clock.advance(Duration.ofDays(70));
        gate.ask("refund-bot", "scope", WRITE);
        gate.ask("refund-bot", "authorization_details", "[{\"type\":\"refund\",\"amount\":1.50,\"currency\":\"EUR\"}]");
        gate.ask("other-bot", "scope", READ, "requested_lifetime", "30");

        var judged = Stream.of("token.minted", "request.judged", "request.refused")
                .flatMap(code -> gate.entries(code).stream())
                .toList();
        assertThat(judged).hasSize(5);
        for (var entry : judged) {
            var facts = Facts.fromJson(gate.disclosed(entry, "facts"));
            var verdict = gate.parts().live.get().policy().judge(facts).verdict();
            assertThat(verdict.rules()).as(entry.toString()).isEqualTo(entry.texts("rules"));
            assertThat(verdict.version()).isEqualTo(entry.text("policy"));
            assertThat(verdict).isInstanceOf(kind(entry));
        }
    }

    private static Class<? extends Verdict> kind(EntryView entry) {
        return switch (entry.code().wire()) {
            case "token.minted" -> Verdict.Approve.class;
            case "request.judged" -> Verdict.Review.class;
            default -> Verdict.Deny.class;
        };
    }
}
