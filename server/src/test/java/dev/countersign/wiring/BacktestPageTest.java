package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Vote.Word;
import dev.countersign.wiring.TestGate.Answer;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a publication would have said of the past, as reviewers see it on a page, of a whole server.
@OneStore
final class BacktestPageTest extends OverTheWire {
    private String cookie = "";
    private String held = "";
    private String read = "";

    @BeforeEach
    void somebodyLooks() {
        cookie = gate.signIn().cookie();
    }

    private void eveAudits() {
        gate.change(
                "administrators: { members: [cy] }",
                "administrators: { members: [cy] }\n  auditors: { members: [eve] }");
    }

    /// Two requests of the past: one that people took three minutes over, and one that passed.
    private void past() {
        gate.write("server.yaml", Governed.SERVER);
        gate.configure("policies.yaml", REVIEW + Governed.RULE);
        var asked = gate.ask("refund-bot", "scope", WRITE);
        held = asked.reference();
        gate.clock.advance(Duration.ofMinutes(3));
        gate.says("bo", Word.APPROVE, held);
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        read = gate.entries("token.minted").getLast().request().orElseThrow();
        gate.clock.advance(Duration.ofMinutes(1));
        gate.parts().installation.ledger.settle();
    }

    /// Lets writes pass, and reads for half as long.
    private String publication() {
        var cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
        var files = cy.files("policies.yaml", "risk == LOW", "risk <= HIGH && usage.uses >= 0");
        files.replaceAll((_, text) ->
                text.replace("\"refunds:write\" in scopes ||", "").replace("lifetime: 60s", "lifetime: 30s"));
        var asked = cy.apply(files);
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
        return asked.text("request");
    }

    private Answer page(String path) {
        return gate.send(
                gate.request(path).header("Cookie", "countersign=" + cookie).build());
    }

    private String body(String path) {
        var answer = page(path);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.raw().body();
    }

    @Test
    void each_request_that_would_be_looser_or_tighter_is_named_with_what_it_takes_of_peoples_time() {
        past();
        var id = publication();
        var path = "/requests/" + id + "/backtest";

        var asked = body("/requests/" + id);
        assertThat(asked).contains("href=\"" + path + "\"");
        assertThat(between(asked, "<h1", "</h1>"))
                .contains("put a configuration in force")
                .doesNotContain("instead of");
        var page = body(path);

        assertThat(page)
                .contains("2 judged again", "1 would have another verdict", "Looser: 1", "Tighter: 1")
                .contains("<desc>approve would be approve: 1. review would be approve: 1.</desc>")
                .contains("people would not be asked about 1 of them, which waited 3 min all together")
                .contains("Goes through unattended now, and did not");
        assertThat(between(page, "Looser: 1", "Tighter: 1"))
                .contains(
                        "refund-bot, refunds:write on https://payments.example.com", "approve instead of review", held)
                .doesNotContain(read);
        assertThat(page.substring(page.indexOf("Tighter: 1")))
                .contains("refund-bot, refunds:read on", "lifetime 30s instead of 60s (approve as before)", read)
                .doesNotContain(held);
    }

    private static String between(String page, String from, String to) {
        return page.substring(page.indexOf(from), page.indexOf(to));
    }

    @Test
    void auditors_are_led_to_the_trace_of_each() {
        eveAudits();
        past();

        assertThat(body("/requests/" + publication() + "/backtest"))
                .contains("href=\"/policy/decision?ref=" + held, "href=\"/policy/decision?ref=" + read);
        assertThat(body("/policy/decision?ref=" + held)).contains("review by money-moves");
    }

    @Test
    void others_see_which_they_are_and_no_way_to_what_a_client_said() {
        past();

        assertThat(body("/requests/" + publication() + "/backtest"))
                .contains(held, read)
                .doesNotContain("/policy/decision");
    }

    @Test
    void who_may_see_the_request_may_see_it_and_there_is_none_of_requests_of_clients() {
        past();
        var id = publication();

        assertThat(gate.send(gate.request("/requests/" + id + "/backtest").build())
                        .status())
                .isEqualTo(303);
        var other = page("/requests/" + held + "/backtest");
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.raw().body()).contains("That request puts no configuration in force");
        assertThat(page("/requests/nothing/backtest").status()).isEqualTo(404);
        assertThat(body("/requests/" + held)).doesNotContain("/backtest");
    }
}
