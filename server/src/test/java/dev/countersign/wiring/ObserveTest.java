package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.countersign.OneStore;
import dev.countersign.TestStores;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.doctor.Result;
import dev.countersign.http.Json;
import dev.countersign.ledger.EntryView;
import dev.countersign.replay.Flips;
import dev.countersign.replay.Past;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is observed only: judged and recorded as ever, and not held. After each test its ledger is verified offline,
/// and
/// the doctor judges each decision again.
@OneStore
final class ObserveTest {
    private static final String POLICIES = """
            policies:
              - { rule: reads, when: risk == LOW, approve: { lifetime: 60s } }
              - { rule: huge, when: lifetime > 600, deny: "{lifetime} seconds is too long" }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review:
                  stages: [ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ]
                  within: 15m
                  lifetime: 2m
            """;
    private static final String WRITE = "refunds:write";
    private static final String READ = "refunds:read";
    private static final String BOT = "name: Refund bot";
    private static final String API = "name: Payments API";
    private static final Instant END = Instant.parse("2026-07-31T00:00:00Z");

    @TempDir
    private Path folder;

    private TestGate gate;

    @BeforeEach
    void live() {
        gate = new TestGate(folder, POLICIES);
    }

    @AfterEach
    void close() {
        gate.close();
    }

    private void observe(String what) {
        observe(what, "2026-07-31");
    }

    private void observe(String what, String until) {
        gate.change(what, what + "\n    observe: { until: " + until + " }");
    }

    private EntryView minted() {
        return gate.entries("token.minted").getLast();
    }

    private static int life(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body().path("expires_in").asInt(0);
    }

    @Test
    void what_would_be_held_is_issued_and_the_ledger_says_what_policy_said() {
        observe(BOT);

        var answer = gate.ask("refund-bot", "scope", WRITE);

        assertThat(life(answer)).isEqualTo(60);
        assertThat(gate.codes()).containsExactly("token.minted");
        assertThat(minted().body())
                .containsEntry("by", "observation")
                .containsEntry("observed", List.of("client"))
                .containsEntry("observed_until", END.toEpochMilli())
                .containsEntry("verdict", "review")
                .containsEntry("rules", List.of("money-moves"))
                .containsEntry("within_s", 900L)
                .containsEntry("verdict_lifetime_s", 60L)
                .containsEntry("lifetime_s", 60L)
                .containsEntry(
                        "stages",
                        List.of(
                                Map.of("group", "payments-oncall", "votes", 1L),
                                Map.of("group", "security", "votes", 1L)))
                .doesNotContainKey("because");
        assertThat(minted().text("policy")).isEqualTo(gate.configuration().version());
        assertThat(gate.disclosed(minted(), "facts")).contains("refunds:write");
    }

    /// The client learns nothing of it: its answer and its token have what any answer and token have.
    @Test
    void the_client_is_told_what_it_is_always_told() {
        var before = gate.ask("refund-bot", "scope", READ);
        observe(BOT);
        var after = gate.ask("refund-bot", "scope", WRITE);

        assertThat(after.body().propertyNames()).isEqualTo(before.body().propertyNames());
        assertThat(after.claims().keySet()).isEqualTo(before.claims().keySet());
        assertThat(after.claims().toString()).contains("by=policy").doesNotContain("observ");
    }

    @Test
    void what_would_be_denied_or_capped_is_issued_as_long_as_a_token_may_live() {
        observe(BOT);

        assertThat(life(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "700")))
                .isEqualTo(700);
        assertThat(minted().body())
                .containsEntry("by", "observation")
                .containsEntry("verdict", "deny")
                .containsEntry("rules", List.of("huge"))
                .containsEntry("sentence", "700 seconds is too long");
        assertThat(life(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "9999")))
                .isEqualTo(900);
        assertThat(life(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "300")))
                .isEqualTo(300);
        assertThat(minted().body())
                .containsEntry("by", "observation")
                .containsEntry("verdict", "approve")
                .containsEntry("verdict_lifetime_s", 60L)
                .containsEntry("lifetime_s", 300L);
    }

    /// To observe makes nothing tighter: a rule that writes more than the usual most is heeded.
    @Test
    void a_longer_life_that_policy_gives_stays() {
        gate.configure("policies.yaml", "policies: [ { rule: long, when: \"true\", approve: { lifetime: 1h } } ]\n");
        observe(BOT);

        assertThat(life(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "3000")))
                .isEqualTo(3000);
        assertThat(minted().text("by")).isEqualTo("policy");
    }

    @Test
    void what_policy_approves_is_approved_by_policy() {
        observe(BOT);

        assertThat(life(gate.ask("refund-bot", "scope", READ))).isEqualTo(60);
        assertThat(minted().body())
                .containsEntry("by", "policy")
                .containsEntry("observed", List.of("client"))
                .doesNotContainKey("verdict");
    }

    @Test
    void one_client_is_observed_and_others_are_not() {
        observe(BOT);

        assertThat(gate.defer("other-bot", "scope", WRITE).error()).isEqualTo("authorization_pending");
        assertThat(gate.ask("other-bot", "scope", READ, "requested_lifetime", "700")
                        .error())
                .isEqualTo("invalid_grant");
    }

    @Test
    void a_resource_is_observed_whoever_asks_and_both_are_named() {
        observe(API, "2026-07-01");
        assertThat(life(gate.ask("other-bot", "scope", WRITE))).isEqualTo(60);
        assertThat(minted().body()).containsEntry("observed", List.of("resource"));

        observe(BOT);
        assertThat(life(gate.ask("refund-bot", "scope", WRITE))).isEqualTo(60);
        assertThat(minted().body())
                .containsEntry("observed", List.of("client", "resource"))
                .containsEntry("observed_until", END.toEpochMilli());
    }

    @Test
    void when_it_ends_everything_is_held_again() {
        observe(BOT);
        gate.clock.advance(Duration.between(gate.clock.instant(), END).minusMillis(1));
        assertThat(life(gate.ask("refund-bot", "scope", WRITE))).isEqualTo(60);

        gate.clock.advance(Duration.ofMillis(1));

        assertThat(gate.defer("refund-bot", "scope", WRITE).error()).isEqualTo("authorization_pending");
    }

    /// A configuration may come from a store, or a clock may be put back: an end that is too far ahead is none.
    @Test
    void one_that_ends_too_far_ahead_has_no_effect() {
        observe(BOT, "2026-08-30T10:00:01Z");
        assertThat(gate.defer("refund-bot", "scope", WRITE).error()).isEqualTo("authorization_pending");

        gate.clock.advance(Duration.ofSeconds(1));

        assertThat(life(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "700")))
                .isEqualTo(700);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"kind\":\"client\",\"target\":\"refund-bot\"",
                "\"kind\":\"resource\",\"target\":\"https://payments.example.com\"",
                "\"kind\":\"all\""
            })
    void a_freeze_stops_what_is_observed(String what) {
        observe(BOT);
        var admin = gate.bearer("cy", "admin");
        assertThat(gate.tell(admin, "/freezes", "{" + what + ",\"reason\":\"a key has leaked\"}")
                        .status())
                .isEqualTo(200);

        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("invalid_grant");
        assertThat(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "700")
                        .error())
                .isEqualTo("invalid_grant");

        assertThat(gate.codes()).containsExactly("request.refused", "request.refused");
        assertThat(gate.entries("request.refused"))
                .allSatisfy(it -> assertThat(it.text("because")).isEqualTo("frozen"));
        assertThat(gate.entries("request.refused").getLast().body())
                .containsEntry("verdict", "deny")
                .doesNotContainKey("sentence");
    }

    @Test
    void registration_keys_and_authentication_hold() {
        gate.change(BOT, BOT + "\n    dpop: required");
        observe(BOT);
        observe(API);

        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("invalid_dpop_proof");
        assertThat(gate.ask("refund-bot", "scope", "payments:write").error()).isEqualTo("invalid_dpop_proof");
        assertThat(gate.ask("other-bot", "scope", "payments:write").error()).isEqualTo("invalid_scope");
        assertThat(gate.ask("other-bot", "scope", WRITE, "resource", "https://other.example.com")
                        .error())
                .isEqualTo("invalid_target");
        assertThat(gate.ask("gateway", "scope", WRITE).error()).isEqualTo("unauthorized_client");
        gate.change("name: Other bot", "name: Other bot\n    disabled: true");
        assertThat(gate.ask("other-bot", "scope", WRITE).error()).isEqualTo("invalid_client");
        assertThat(gate.codes()).isEmpty();
    }

    @Test
    void people_s_no_stands_for_a_while() {
        gate.says("bo", Word.DENY, gate.defer("refund-bot", "scope", WRITE).reference());
        observe(BOT);

        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("invalid_grant");
        assertThat(gate.entries("request.refused").getLast().text("because")).isEqualTo("again-after");
        gate.clock.advance(Duration.ofMinutes(11));
        assertThat(life(gate.ask("refund-bot", "scope", WRITE))).isEqualTo(60);
    }

    @Test
    void what_waits_already_goes_on_waiting_and_is_joined() {
        var waits = gate.defer("refund-bot", "scope", WRITE);
        observe(BOT);

        var again = gate.defer("refund-bot", "scope", WRITE);

        assertThat(again.error()).isEqualTo("authorization_pending");
        assertThat(again.reference()).isEqualTo(waits.reference());
        gate.says("bo", Word.APPROVE, waits.reference());
        gate.says("cy", Word.APPROVE, waits.reference());
        assertThat(gate.poll("refund-bot", waits.text("deferral_code")).status())
                .isEqualTo(200);
        assertThat(minted().text("by")).isEqualTo("people");
        assertThat(gate.approval(waits.reference())).isInstanceOf(Approval.Redeemed.class);
    }

    @Test
    void that_it_would_be_refused_at_once_is_recorded() {
        gate.configure(
                "policies.yaml", POLICIES.replace("lifetime: 2m", "lifetime: 2m\n      require: [reason, ticket]"));
        observe(BOT);

        gate.ask("refund-bot", "scope", WRITE);
        assertThat(minted().text("because")).isEqualTo("no-reason");
        gate.ask("refund-bot", "scope", WRITE, "reason", "an order");
        assertThat(minted().text("because")).isEqualTo("no-ticket");
        gate.ask("refund-bot", "scope", WRITE, "reason", "an order", "ticket", "T-1");
        assertThat(minted().text("because")).isEmpty();
        gate.change("security: { members: [cy, ana] }", "security: { members: [dev] }"); // who owns the client
        gate.ask("refund-bot", "scope", WRITE, "reason", "an order", "ticket", "T-1");
        assertThat(minted().text("because")).isEqualTo("no-reviewer");
    }

    @Test
    void a_restart_observes_the_same() {
        observe(BOT);
        gate.restart();

        assertThat(life(gate.ask("refund-bot", "scope", WRITE))).isEqualTo(60);
    }

    @Test
    void metrics_count_by_verdict_and_name_no_client() {
        observe(BOT);
        gate.ask("refund-bot", "scope", WRITE);
        gate.parts().installation.ledger.settle();

        TestGate.until(() -> metrics().contains("countersign_observed_unfollowed_total{verdict=\"review\"} 1.0"));
        assertThat(metrics()).doesNotContain("refund-bot");
    }

    private String metrics() {
        return gate.send(gate.request("/metrics").build()).raw().body();
    }

    @Test
    void the_api_and_the_command_line_tell_of_it() {
        observe(BOT);
        var ana = new TestOffers(gate, gate.bearer("ana", "requests:read"));

        assertThat(gate.get(ana.bearer, "/clients").body().toString())
                .contains("\"observed_until\":\"2026-07-31T00:00:00Z\"");
        assertThat(ana.run("clients", "list").out()).contains("Refund bot (observed only until 2026-07-31T00:00:00Z)");
        assertThat(ana.run("clients", "show", "refund-bot").out()).contains("observed only until 2026-07-31");
        assertThat(ana.run("clients", "show", "other-bot").out()).doesNotContain("observed");
        observe(API);
        assertThat(gate.get(ana.bearer, "/resources").body().toString())
                .contains("\"observed_until\":\"2026-07-31T00:00:00Z\"");
    }

    private TestOffers.Line policy(String... args) {
        var all = new ArrayList<>(List.of("policy"));
        all.addAll(List.of(args));
        all.addAll(List.of("--config", folder.toString()));
        return TestOffers.runOnHost(all.toArray(String[]::new));
    }

    @Test
    void a_doctor_tells_of_it() {
        observe(BOT);
        gate.ask("refund-bot", "scope", WRITE);
        gate.parts().installation.ledger.settle();

        assertThat(gate.examine())
                .anySatisfy(it -> assertThat(it)
                        .isInstanceOfSatisfying(
                                Result.Holds.class,
                                holds -> assertThat(holds.note())
                                        .isEqualTo("tokens of which policy said otherwise, observed only: 1;"
                                                + " client refund-bot is observed only until 2026-07-31T00:00:00Z")));
    }

    @Test
    void a_decision_that_was_not_followed_is_explained_as_one() {
        observe(BOT);
        gate.ask("refund-bot", "scope", WRITE);

        var said = policy("explain", "--request", minted().text("jti"));

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out()).contains("recorded: review by money-moves", "; observed only, and the token was issued");
    }

    @Test
    void a_backtest_compares_what_policy_said_and_saves_nobody_s_time() throws SQLException {
        observe(BOT);
        gate.ask("refund-bot", "scope", WRITE);
        gate.ask("refund-bot", "scope", READ, "requested_lifetime", "700");
        gate.parts().installation.ledger.settle();

        var flips = backtest("policies: [ { rule: all, when: \"usage.idle_days >= 0\", approve: {} } ]\n");

        assertThat(flips.matrix().get("review")).containsEntry("approve", 1L);
        assertThat(flips.matrix().get("deny")).containsEntry("approve", 1L);
        assertThat(flips.compared()).isEqualTo(2);
        assertThat(flips.unfollowed()).isEqualTo(2);
        assertThat(flips.savedReviews()).isZero();
        assertThat(flips.refusedOtherwise()).isZero();
    }

    private Flips backtest(String policies) throws SQLException {
        gate.write("policies.yaml", policies);
        var read = (Read.Good) Configuration.read(folder);
        gate.write("policies.yaml", POLICIES);
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            return past.backtest(read.configuration(), Instant.EPOCH, 10, 2);
        }
    }

    @Test
    void a_report_tells_what_enforcing_would_make_of_it() {
        // how long people take: 5 minutes
        var waits = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "90");
        gate.clock.advance(Duration.ofMinutes(5));
        gate.says("bo", Word.APPROVE, waits.reference());
        gate.says("cy", Word.APPROVE, waits.reference());
        assertThat(policy("observed", "--days", "36500").out()).contains("nothing was observed only");
        gate.configure("policies.yaml", POLICIES.replace("lifetime: 2m", "lifetime: 2m\n      require: [reason]"));
        observe(BOT);
        gate.ask("refund-bot", "scope", READ);
        gate.ask("refund-bot", "scope", READ, "requested_lifetime", "300");
        gate.ask("refund-bot", "scope", READ, "requested_lifetime", "700");
        gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "45"); // refused, and another question
        gate.ask("refund-bot", "scope", WRITE, "reason", "an order"); //    asked
        gate.clock.advance(Duration.ofMinutes(4));
        gate.ask("refund-bot", "scope", WRITE, "reason", "the order"); //   joins it
        gate.ask("refund-bot", "scope", READ + " " + WRITE, "reason", "x"); // another question
        gate.clock.advance(Duration.ofMinutes(1));
        gate.ask("refund-bot", "scope", WRITE, "reason", "an order"); //    asked again
        gate.ask("other-bot", "scope", READ);
        gate.clock.advance(Duration.ofDays(3).minusMinutes(5));
        gate.parts().panel.expireDue(10); // nobody collected
        gate.ask("refund-bot", "scope", READ);
        gate.parts().installation.ledger.settle();

        var said = policy("observed", "--days", "36500", "--names", "1");
        var json = Json.read(policy("observed", "--days", "36500", "--json").out());

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .containsPattern("refund-bot +https://payments.example.com +9 +2 +1 +4 +1 +1 +1.0 a day")
                .contains(
                        "  held 4 by money-moves 4",
                        "  denied 1 by huge 1",
                        "  capped 1 by reads 1",
                        "  approved 2 by reads 2",
                        "  refused 1 by money-moves 1: no-reason 1",
                        "people would be asked 1.0 a day: payments-oncall 1.0 a day, security 1.0 a day",
                        "enforcing would ask people 1.0 a day, 1.3 a day once what would be refused has what it lacks,"
                                + " the same again within 5:00 joining it")
                .doesNotContain("other-bot");
        assertThat(json.path("median_s").asInt(0)).isEqualTo(300);
        var item = json.path("items").path(0);
        assertThat(json.path("items").size()).isEqualTo(1);
        assertThat(item.path("requests").asInt(0)).isEqualTo(9);
        assertThat(item.path("prompts").asInt(0)).isEqualTo(3);
        assertThat(item.path("prompts_a_day").asDouble(0)).isCloseTo(1.0, within(0.01));
        assertThat(item.path("held").path("rules").path("money-moves").asInt(0)).isEqualTo(4);
        assertThat(item.path("held").path("examples").size()).isEqualTo(3);
        var held = item.path("held").path("examples").path(0).stringValue("");
        assertThat(policy("explain", "--request", held).out()).contains("recorded: review by money-moves");
    }

    @Test
    void a_publication_that_observes_is_looser_and_says_so() {
        var cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
        var looser = cy.post(
                "/configuration/diff",
                Map.of("files", cy.files("countersign.yaml", BOT, BOT + "\n    observe: { until: 2026-07-31 }")));

        assertThat(looser.body().path("changes").toString())
                .contains("\"name\":\"refund-bot\"", "observe.until: 2026-07-31, new");
        assertThat(looser.body().path("looser").path(0).path("what").stringValue(""))
                .isEqualTo("client refund-bot: whatever is asked");
        assertThat(looser.body().path("looser").path(0).path("how").toString())
                .contains(
                        "observed only until 2026-07-31T00:00:00Z: what policy says is recorded, and nothing is held");
        assertThat(looser.body().path("looser").path(0).path("unattended").asBoolean(false))
                .isTrue();

        observe(BOT, "2026-07-01");
        assertThat(lines(cy, "2026-07-01", "2026-07-02"))
                .contains("until 2026-07-02T00:00:00Z instead of 2026-07-01T00:00:00Z");
        assertThat(lines(cy, "2026-07-01", "2026-06-30")).isEqualTo("[]");
    }

    private static String lines(TestOffers cy, String was, String now) {
        return cy.post("/configuration/diff", Map.of("files", cy.files("countersign.yaml", was, now)))
                .body()
                .path("looser")
                .toString();
    }
}
