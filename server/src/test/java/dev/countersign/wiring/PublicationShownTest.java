package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Vote.Word;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// What reviewers of a publication read before they vote, and who waits for it.
@OneStore
final class PublicationShownTest extends Governed {
    @Test
    void reviewers_read_what_it_changes_what_is_looser_and_what_it_would_have_said() {
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        var files =
                cy.files("policies.yaml", "risk == LOW", "scopes.size() > 0 && scopes != [\"configuration:publish\"]");
        files.put(
                "policies.yaml",
                files.getOrDefault("policies.yaml", "").replace("\"refunds:write\" in scopes || ", ""));
        var id = ask(files);

        var ana = new TestOffers(gate, gate.bearer("ana", "requests:read", "requests:review"));
        var seen = gate.get(ana.bearer, "/requests/" + id).body().path("publication");

        assertThat(seen.path("publisher").stringValue("")).isEqualTo("cy");
        assertThat(seen.path("in_force").stringValue("")).isEqualTo(base);
        assertThat(seen.path("changes").toString()).contains("reads", "instead of risk == LOW");
        assertThat(seen.path("looser").toString()).contains("refund-bot: refunds:write", "\"unattended\":true");
        assertThat(seen.path("backtest").path("compared").asInt()).isEqualTo(1);
        assertThat(seen.path("backtest")
                        .path("matrix")
                        .path("approve")
                        .path("approve")
                        .asInt())
                .isEqualTo(1);
        assertThat(ana.run("requests", "show", id).out())
                .contains("publisher    cy", "rule reads changed", "(nobody is asked)", "of 1 decision since");
    }

    @Test
    void reviewers_read_all_that_would_go_through_unattended_with_a_request_each() {
        var asked = cy.apply(letsMoneyMove());

        var shown = asked.body().path("shown");
        var regions = shown.path("unattended").path("regions");
        assertThat(regions.size()).as(shown.toString()).isEqualTo(1);
        assertThat(regions.get(0).path("client").stringValue("")).isEqualTo("refund-bot");
        assertThat(regions.get(0).path("rule").stringValue("")).isEqualTo("reads");
        assertThat(regions.get(0).path("given").stringValue("")).contains("refund-bot", "refund");
        assertThat(shown.path("unattended").path("failed").stringValue("-")).isEmpty();

        var ana = new TestOffers(gate, gate.bearer("ana", "requests:read", "requests:review"));
        var seen = gate.get(ana.bearer, "/requests/" + asked.text("request"))
                .body()
                .path("publication");
        assertThat(seen.path("unattended")).isEqualTo(shown.path("unattended"));
        assertThat(ana.run("requests", "show", asked.text("request")).out())
                .contains("these would go through unattended, and do not now:", "`refund-bot` at ", "such as client: ");
    }

    /// A request is told of when it is made, and not of when somebody began to look what there is to show.
    @Test
    void however_long_it_takes_to_look_it_can_be_asked() {
        var looks = new AtomicBoolean(true);
        var _ = Thread.ofPlatform().start(() -> {
            while (looks.get() && ProcessHandle.current().children().noneMatch(PublicationShownTest::proves)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
            gate.clock.advance(Duration.ofSeconds(20));
        });
        var asked = cy.apply(letsMoneyMove());
        looks.set(false);
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
    }

    private static boolean proves(ProcessHandle it) {
        return it.info().commandLine().orElse("").contains("prover");
    }

    @Test
    void that_nobody_could_look_for_it_is_said_where_reviewers_read() {
        System.setProperty("countersign.prover", folder.resolve("nowhere.jar").toString());
        try {
            gate.restart();
            var asked = cy.apply(letsMoneyMove());
            assertThat(asked.status()).isEqualTo(202);
            assertThat(asked.body()
                            .path("shown")
                            .path("unattended")
                            .path("failed")
                            .stringValue(""))
                    .startsWith("the prover is not installed");
            assertThat(cy.run("requests", "show", asked.text("request")).out())
                    .contains("what would go through unattended is not known: the prover is not installed");

            // Shorter tokens go to the same requests, and nobody has to look.
            assertThat(cy.apply(shorter())
                            .body()
                            .path("shown")
                            .path("unattended")
                            .toString())
                    .isEqualTo("{\"regions\":[],\"left\":0,\"failed\":\"\"}");
        } finally {
            System.clearProperty("countersign.prover");
        }
    }

    @Test
    void past_requests_that_would_be_easier_to_get_are_named_and_what_they_cost_people_is_said() {
        var held = gate.ask("refund-bot", "scope", WRITE);
        gate.clock.advance(Duration.ofMinutes(3));
        gate.says("bo", Word.APPROVE, held.reference());
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofMinutes(1));
        gate.parts().installation.ledger.settle();
        var files = cy.files("policies.yaml", "risk == LOW", "risk <= HIGH && usage.uses >= 0");
        files.replaceAll((_, text) -> text.replace("\"refunds:write\" in scopes ||", ""));

        var asked = cy.apply(files);

        var past = asked.body().path("shown").path("backtest");
        assertThat(past.path("loosenings").get(0).path("request").stringValue(""))
                .isEqualTo(held.reference());
        assertThat(past.path("waits").path("saved_reviews").asInt()).isEqualTo(1);
        assertThat(past.path("waits").path("saved_s").asInt()).isEqualTo(180);
        assertThat(cy.run("requests", "show", asked.text("request")).out())
                .contains(
                        "looser: " + held.reference() + " of `refund-bot`: approve instead of review",
                        "people would not be asked about 1, which waited 3 min all together");
    }

    /// The past has grown meanwhile, and what reviewers read has not.
    @Test
    void whoever_asks_for_the_same_again_reads_what_reviewers_are_shown() {
        var first = cy.apply(shorter());
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofMinutes(1));
        gate.parts().installation.ledger.settle();

        var again = cy.apply(shorter());

        assertThat(again.text("request")).isEqualTo(first.text("request"));
        assertThat(again.body().path("shown")).isEqualTo(first.body().path("shown"));
    }

    @Test
    void the_command_says_what_becomes_unattended_before_it_waits() {
        gate.write("policies.yaml", letsMoneyMove().getOrDefault("policies.yaml", ""));

        var line = cy.run("apply", folder.toString(), "--no-wait");

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out())
                .contains(
                        "these would go through unattended, and do not now:",
                        "`refund-bot` at ",
                        "of 0 decisions since")
                .containsSubsequence("these would go", "others must approve this: request ");
    }

    /// Whoever answers there decides with the rules, so that another answerer is no small change.
    @Test
    void reviewers_read_that_a_source_is_asked_elsewhere() {
        var files = cy.files("policies.yaml", "risk == LOW", "risk == LOW && source.tickets.open");
        files.put(
                "sources.yaml",
                "sources: { tickets: { url: \"https://tickets.example.com/{ticket}\","
                        + " facts: { open: { pointer: /open, type: bool } } } }");
        var seen = gate.get(cy.bearer, "/requests/" + ask(files)).body().path("publication");
        assertThat(seen.path("changes").toString()).contains("source", "tickets.example.com");
        assertThat(seen.path("looser").toString()).contains("source tickets", "is not compared");
    }

    /// The same names with more behind them: no rule is otherwise, and more goes through.
    @Test
    void reviewers_read_that_a_network_or_a_calendar_holds_more_than_before() {
        var rule = "  - { rule: %s, when: '%s', approve: {} }\n";
        gate.write("places.yaml", """
                zone: Europe/Berlin
                networks: { office: [192.0.2.0/24], vpn: [198.51.100.0/24] }
                calendars:
                  - { name: day, zone: UTC, windows: [ { days: [monday], hours: 08:00-18:00 } ] }
                  - { name: night, zone: UTC, windows: [ { days: [monday], hours: 20:00-22:00 } ] }
                """);
        gate.write(
                "policies.yaml",
                REVIEW
                        + RULE
                        + rule.formatted("in-office", "\"office\" in network.names && usage.mature")
                        + rule.formatted("by-day", "\"day\" in time.windows && usage.mature")
                        + rule.formatted("early", "time.hour < 7 && usage.mature"));
        publish(ask(cy.files()));
        var files = cy.files("places.yaml", "192.0.2.0/24", "0.0.0.0/0, \"::/0\"");
        files.replaceAll((_, text) -> text.replace("08:00-18:00", "00:00-24:00").replace("Europe/Berlin", "UTC"));

        var id = ask(files);

        var seen = gate.get(cy.bearer, "/requests/" + id).body().path("publication");
        assertThat(seen.path("looser").toString())
                .contains(
                        "network office",
                        "compared neither by the prover nor with the last requests",
                        "calendar day",
                        "it was Europe/Berlin")
                .doesNotContain("network vpn", "calendar night");
        assertThat(seen.path("unattended").path("regions")).isEmpty();
        assertThat(cy.run("requests", "show", id).out())
                .contains(
                        "network office: ",
                        "nothing would go through unattended that does not now, of all requests, as networks and"
                                + " calendars are named");
    }

    /// What no rule speaks of decides nothing.
    @Test
    void reviewers_are_not_told_of_networks_and_calendars_that_no_rule_speaks_of() {
        gate.write("places.yaml", "networks: { office: [192.0.2.0/24] }\n");
        publish(ask(cy.files()));

        var id = ask(cy.files("places.yaml", "192.0.2.0/24", "192.0.2.0/23"));

        assertThat(gate.get(cy.bearer, "/requests/" + id)
                        .body()
                        .path("publication")
                        .path("looser"))
                .isEmpty();
    }

    @Test
    void a_publication_that_asks_nobody_about_the_next_one_is_looser_and_says_so() {
        var files = cy.files("policies.yaml", RULE, "");
        files.remove("server.yaml");
        files.put("more.yaml", "limits: { pending_per_client: 5 }");
        var id = ask(files);
        var seen = gate.get(cy.bearer, "/requests/" + id)
                .body()
                .path("publication")
                .path("looser");
        assertThat(seen.toString()).contains("to publish a configuration", "policy has no word in it any more");
    }

    @Test
    void a_test_may_speak_of_publications() {
        var files = shorter();
        files.put("tests.yaml", """
                tests:
                  - name: two people publish
                    given: { client: countersign, scopes: ["configuration:publish"] }
                    expect: { verdict: review, rule: two-people }
                """);
        ask(files);
    }
}
