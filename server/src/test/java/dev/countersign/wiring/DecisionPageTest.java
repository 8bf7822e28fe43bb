package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Vote.Word;
import dev.countersign.wiring.TestGate.Answer;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How a decision came about, as auditors see it on a page, and what policy settled, of a whole server.
@OneStore
final class DecisionPageTest extends OverTheWire {
    private String cookie = "";

    @BeforeEach
    void somebodyLooks() {
        cookie = gate.signIn().cookie();
    }

    private void eveAudits() {
        gate.change(
                "administrators: { members: [cy] }",
                "administrators: { members: [cy] }\n  auditors: { members: [eve] }");
        gate.clock.advance(Duration.ofSeconds(1));
    }

    private Answer page(String path) {
        gate.parts().installation.ledger.settle();
        return gate.send(
                gate.request(path).header("Cookie", "countersign=" + cookie).build());
    }

    private static String body(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.raw().body();
    }

    private String pending() {
        assertThat(gate.ask("refund-bot", "scope", WRITE, "reason", "<b>order 7</b>")
                        .status())
                .isEqualTo(400);
        return gate.entries("request.made").getLast().request().orElseThrow();
    }

    @Test
    void a_request_is_found_by_its_id_and_each_rule_is_told_part_by_part() {
        eveAudits();
        var id = pending();

        var page = body(page("/policy/decision?ref=" + id));

        assertThat(page)
                .contains("How a request of <b>Refund bot</b> was judged")
                .contains("review by money-moves")
                .contains("\"refunds:write\" in scopes", "risk == LOW", "risk = HIGH")
                .contains("order 7")
                .doesNotContain("<b>order 7");
        assertThat(page.indexOf("money-moves</span>"))
                .as("what applies comes first")
                .isLessThan(page.indexOf("reads</span>"));
    }

    @Test
    void it_is_judged_by_the_rules_of_then() {
        eveAudits();
        var id = pending();
        gate.configure("policies.yaml", REVIEW.replace("when: risk == LOW", "when: risk <= MEDIUM"));

        assertThat(body(page("/policy/decision?ref=" + id)))
                .contains("risk == LOW")
                .doesNotContain("risk <= MEDIUM");
    }

    @Test
    void a_token_and_an_entry_are_found_too_and_what_is_not_is_said() {
        eveAudits();
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        var minted = gate.entries("token.minted").getLast();

        assertThat(body(page("/policy/decision?ref=" + minted.text("jti")))).contains("approve by reads");
        assertThat(page("/policy/decision?ref=nothing").status()).isEqualTo(404);
        assertThat(page("/policy/decision?ref=nothing").raw().body()).contains("No request is known by that");
        assertThat(page("/policy/decision?ref=" + "x".repeat(65)).status()).isEqualTo(404);
        assertThat(page("/policy/decision?ref=%27%3B").status()).isEqualTo(404);
        assertThat(page("/policy/decision").status()).isEqualTo(404);
    }

    @Test
    void what_would_have_changed_it_is_told_as_the_command_line_tells_it() {
        eveAudits();
        var id = pending();
        gate.configure("policies.yaml", "policies: [ { rule: nothing, when: \"true\", deny: no } ]\n");

        assertThat(body(page("/policy/decision?ref=" + id)))
                .contains("What would have changed it", "Any one of these would have made it otherwise")
                .contains("<bdi>ask for the scopes [refunds:read] instead of [refunds:write]</bdi>: then"
                        + " <span class=\"effect approve\">approve</span> by reads")
                .contains("(the client can do it)", "requests tried)")
                .as("by the rules of then")
                .doesNotContain("by nothing")
                .doesNotContain("Nothing small");
    }

    @Test
    void of_a_denial_both_other_verdicts_are_looked_for_and_three_changes_told_of_each() {
        eveAudits();
        gate.configure("policies.yaml", REVIEW + """
                  - rule: not-bad
                    when: reason == "bad" && ticket == "a" && lifetime < 100 && !auth.key_bound
                    deny: "no"
                """);
        assertThat(gate.ask("refund-bot", "scope", WRITE, "reason", "bad", "ticket", "a")
                        .status())
                .isEqualTo(400);
        var id = gate.entries("request.refused").getLast().request().orElseThrow();

        var page = body(page("/policy/decision?ref=" + id));

        assertThat(page.split("<span class=\"effect review\">review</span> by money-moves", -1))
                .hasSize(4);
        assertThat(page.split("<span class=\"effect approve\">approve</span> by reads", -1))
                .hasSize(4);
    }

    @Test
    void that_nothing_small_would_have_changed_it_is_said() {
        eveAudits();
        gate.configure("policies.yaml", "policies: [ { rule: nothing, when: \"true\", deny: no } ]\n");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(400);
        var id = gate.entries("request.refused").getLast().request().orElseThrow();

        assertThat(body(page("/policy/decision?ref=" + id)))
                .contains("Nothing small would have changed it", "(0 requests tried)")
                .doesNotContain("Any one of these");
    }

    /// Three facts of which rules tell twenty values apart are more than a page may try.
    @Test
    void how_much_is_tried_is_bounded_and_that_there_was_more_is_said() {
        eveAudits();
        var many = IntStream.range(1, 21)
                .mapToObj(it -> "ticket == \"%d\" || reason == \"%d\" || lifetime == %d".formatted(it, it, it))
                .collect(Collectors.joining(" || "));
        gate.configure("policies.yaml", """
                policies:
                  - { rule: nothing, when: "true", deny: "no" }
                  - { rule: many, when: '%s', approve: {} }
                """.formatted(many));
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(400);
        var id = gate.entries("request.refused").getLast().request().orElseThrow();

        assertThat(body(page("/policy/decision?ref=" + id)))
                .contains("Nothing small would have changed it")
                .contains("(4000 requests tried, and not all there was to try)");
    }

    @Test
    void who_is_no_auditor_sees_the_rules_and_not_what_a_client_said() {
        var id = pending();

        assertThat(page("/policy/decision?ref=" + id).status()).isEqualTo(403);
        assertThat(body(page("/policies"))).contains("money-moves").doesNotContain("/policy/decision");
        assertThat(body(page("/requests/" + id))).doesNotContain("/policy/decision");
        eveAudits();
        assertThat(body(page("/policy"))).contains("/policy/decision");
        assertThat(body(page("/requests/" + id))).contains("/policy/decision?ref=" + id);
    }

    @Test
    void rules_are_sentences_with_what_they_settled() {
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        pending();
        gate.says(
                "ana",
                Word.DENY,
                gate.entries("request.made").getLast().request().orElseThrow());

        var page = body(page("/policy"));

        assertThat(page)
                .contains("When its risk is low: it passes at once, for 1 minute at most.")
                .contains("When it asks for <code>refunds:write</code>")
                .contains("passed 2", "people asked 1")
                .doesNotContain("settled nothing");
        gate.clock.advance(Duration.ofDays(31));
        cookie = gate.signInAgain().cookie();
        assertThat(body(page("/policy"))).contains("settled nothing in 30 days").doesNotContain("passed 2");
    }

    @Test
    void a_client_has_its_days_its_week_and_what_it_never_uses() {
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofDays(100));
        cookie = gate.signInAgain().cookie();
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);

        var page = body(page("/clients/refund-bot"));

        assertThat(page)
                .contains("<h1>Refund bot</h1>", "passed 1.", "2 tokens on 2 days")
                .contains("never used", "Suggested: 2 of 4 permissions are unused")
                .contains("access:", "refunds:read");
        assertThat(body(page("/clients"))).contains("Refund bot", "2 of 4 permissions unused");
        assertThat(page("/clients/nobody").status()).isEqualTo(404);
        assertThat(gate.send(gate.request("/clients/refund-bot").build()).status())
                .isEqualTo(303);
    }

    /// A server that has just started has looked up nobody yet.
    @Test
    void who_published_is_named() {
        var cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
        assertThat(cy.apply(cy.files("policies.yaml", "60s", "20s")).text("outcome"))
                .isEqualTo("published");
        gate.write("policies.yaml", REVIEW.replace("60s", "20s"));
        gate.restart();

        assertThat(body(page("/policy"))).contains("Cy Chen");
    }
}
