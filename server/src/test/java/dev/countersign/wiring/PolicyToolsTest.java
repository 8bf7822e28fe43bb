package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.cli.CommandLines;
import dev.countersign.cli.Terminal;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.http.Json;
import dev.countersign.ledger.Entry;
import dev.countersign.policy.GivenFacts;
import dev.countersign.policy.TakenFacts;
import dev.countersign.replay.Decision;
import dev.countersign.replay.Flips;
import dev.countersign.replay.Past;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the command line says of decisions that a server made, beside that server.
final class PolicyToolsTest {
    private static final String POLICIES = """
            policies:
              - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
              - { rule: huge, when: "lifetime > 800", deny: "{lifetime} seconds is too long" }
              - rule: money-moves
                when: '"refunds:write" in scopes && usage.idle_days < 60'
                review: { stages: [ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ], within: 15m, lifetime: 2m }
            """;
    /// It speaks of usage, and so means what was never asked for, too.
    private static final String OPEN = "policies: [ { rule: all, when: \"usage.idle_days >= 0\", approve: {} } ]\n";
    private static final String READ = "refunds:read";
    private static final String WRITE = "refunds:write";

    @TempDir
    private Path folder;

    @TempDir
    private Path candidate;

    private TestGate gate;
    private String reviewed;

    @BeforeEach
    void live() {
        gate = new TestGate(folder, POLICIES);
        gate.ask("refund-bot", "scope", READ);
        gate.ask("other-bot", "scope", READ, "requested_lifetime", "90");
        reviewed = gate.defer("refund-bot", "scope", WRITE, "reason", "order “17” \u200d came broken", "ticket", "T-1")
                .reference();
        gate.clock.advance(Duration.ofMinutes(4));
        gate.says("bo", Word.APPROVE, reviewed);
        gate.says("cy", Word.APPROVE, reviewed);
        gate.ask("refund-bot", "scope", READ, "requested_lifetime", "850");
        gate.defer("other-bot", "scope", WRITE);
    }

    @AfterEach
    void close() {
        gate.close();
    }

    private record Said(int exit, String out, String err) {
        JsonNode json() {
            return Json.read(out);
        }
    }

    private Said policy(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var all = new ArrayList<>(List.of("policy"));
        all.addAll(List.of(args));
        all.addAll(List.of("--config", folder.toString()));
        int exit = CommandLines.run(
                new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), "1"),
                all.toArray(String[]::new));
        return new Said(exit, out.toString(UTF_8), err.toString(UTF_8));
    }

    private String other(String policies) throws IOException {
        for (var file : List.of("countersign.yaml", "master.key", "refund.schema.json")) {
            if (!Files.exists(candidate.resolve(file))) {
                Files.copy(folder.resolve(file), candidate.resolve(file));
            }
        }
        Files.writeString(candidate.resolve("policies.yaml"), policies);
        return candidate.toString();
    }

    private Flips backtest(String policies) throws IOException, SQLException {
        return backtest(policies, Instant.EPOCH, 10);
    }

    private Flips backtest(String policies, Instant since, int named) throws IOException, SQLException {
        var read = (Read.Good) Configuration.read(Path.of(other(policies)));
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            return past.backtest(read.configuration(), since, named, 2);
        }
    }

    @Test
    void a_test_is_taken_from_a_request_that_was_made_and_passes() throws IOException {
        var said = policy("explain", "--request", reviewed, "--as-test");

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .contains(
                        "  - name: \"as request " + reviewed + "\"\n",
                        "      client: \"refund-bot\"\n",
                        "      reason: \"order",
                        "    expect: { verdict: review, rule: \"money-moves\" }\n");
        var conf = other(POLICIES);
        Files.writeString(candidate.resolve("taken.yaml"), said.out());
        var tested = TestOffers.runOnHost("policy", "test", conf);
        assertThat(tested.exit()).as(tested.out() + tested.err()).isZero();
        assertThat(tested.out()).contains("1 test, all passed");
        assertThat(TestOffers.runOnHost("check", conf).exit()).isZero();

        other(POLICIES.replace("usage.idle_days < 60", "usage.idle_days > 60"));
        assertThat(TestOffers.runOnHost("policy", "test", conf).exit()).isEqualTo(1);
    }

    @Test
    void the_facts_that_are_taken_are_those_that_were_recorded() throws SQLException {
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            var decision = past.decision(reviewed).orElseThrow();
            var facts = ((Decision.Recorded.Known) decision.recorded()).facts();
            var registrations = gate.configuration().registrations();
            var taken = TakenFacts.of(facts, registrations);

            assertThat(taken.left()).isEmpty();
            assertThat(taken.given()).doesNotContainKeys("client.name", "risk", "resource_owner");
            assertThat(GivenFacts.of(taken.given(), registrations))
                    .isInstanceOfSatisfying(
                            GivenFacts.Understood.class,
                            it -> assertThat(it.facts().known()).isEqualTo(facts.known()));
        }
    }

    @Test
    void all_that_are_loosened_can_be_named_and_the_picture_is_a_file_by_itself() throws IOException {
        for (int i = 0; i < 25; i++) {
            gate.clock.advance(Duration.ofSeconds(1));
            gate.ask("refund-bot", "scope", READ, "requested_lifetime", "850");
        }
        gate.parts().installation.ledger.settle();
        var file = folder.resolve("flips.svg");
        var conf = other(OPEN);
        var args = new String[] {"backtest", "--candidate", conf, "--days", "9999", "--names", "all", "--json"};

        var all = policy(args).json();
        assertThat(all.path("loosenings").size())
                .isEqualTo(all.path("loosened").asInt())
                .isGreaterThan(25);
        assertThat(policy("backtest", "--candidate", conf, "--days", "9999", "--json")
                        .json()
                        .path("loosenings")
                        .size())
                .isEqualTo(20);

        assertThat(policy("backtest", "--candidate", conf, "--days", "9999", "--svg", file.toString())
                        .exit())
                .isZero();
        assertThat(Files.readString(file))
                .startsWith("<svg xmlns=")
                .contains("<title>candidate ", "deny would be approve: 26.", "would be approve: ")
                .doesNotContain("href", "script", "style=");
    }

    private static long count(Flips flips, String was, String now) {
        return flips.count(word(was), word(now));
    }

    private static dev.countersign.replay.Word word(String word) {
        return dev.countersign.replay.Word.valueOf(word.toUpperCase(java.util.Locale.ROOT));
    }

    @Test
    void a_request_is_explained_by_the_facts_and_the_policy_of_then() {
        gate.configure("policies.yaml", "policies: [ { rule: nothing, when: \"true\", deny: no } ]\n");

        var said = policy("explain", "--request", reviewed);

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .contains(
                        "request " + reviewed + " of refund-bot, made 2026-06-01T10:00:00Z",
                        "recorded: review by money-moves, policy ",
                        "review by money-moves, policy ",
                        ", the one in force then",
                        "because no rule that applies denies, and these want people to decide: money-moves",
                        "stage     1 of payments-oncall (money-moves)",
                        "within    900s (money-moves)",
                        "lifetime  120s (money-moves)",
                        "rule huge: deny, no: does not apply",
                        "scopes = [refunds:write]",
                        "usage.idle_days = 0")
                .containsPattern("no +lifetime > 800\n +lifetime = 60\n")
                .doesNotContain("rule nothing");
        var json = policy("explain", "--request", reviewed, "--json").json();
        assertThat(json.path("trace").size()).isEqualTo(3);
        assertThat(json.path("facts").path("ticket").stringValue("")).isEqualTo("T-1");
        assertThat(json.path("trace")
                        .path(1)
                        .path("parts")
                        .path(0)
                        .path("parts")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void a_request_is_explained_by_another_folder() throws IOException {
        var other = other("policies: [ { rule: talkative, when: 'reason != \"\"', deny: no } ]\n");

        var said = policy("explain", "--request", reviewed, "--policy", other);

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .contains(
                        "recorded: review by money-moves",
                        "deny by talkative",
                        "reason = “order “17” ⟨U+200D⟩ came broken”")
                .doesNotContain("\u200d", "in force then");
    }

    @Test
    void a_request_is_found_by_its_entry_and_by_its_token() {
        var token = gate.entries("token.minted").getFirst();

        for (var reference : List.of(String.valueOf(token.index()), token.text("jti"))) {
            assertThat(policy("explain", "--request", reference).out())
                    .contains("request " + token.request().orElseThrow(), "recorded: approve by routine");
        }
        assertThat(policy("explain", "--request", "01a2133c-2df3-794f-899f-551e196dd82e"))
                .isEqualTo(new Said(1, "", "countersign: the ledger has no such request that policy judged\n"));
    }

    @Test
    void what_was_erased_is_said_to_be() throws IOException, SQLException {
        var installation = gate.parts().installation;
        installation.store.write(
                tx -> installation.ledger.erase(tx, new Entry.Actor("operator", "test"), "refund-bot"));

        var said = policy("explain", "--request", reviewed);

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).contains("got review by money-moves of policy ", "its facts are withheld");
        assertThat(backtest(POLICIES).withheld()).isEqualTo(3);
        assertThat(backtest(POLICIES).compared()).isEqualTo(2);
    }

    @Test
    void what_would_have_changed_a_request_is_told_of_the_rules_of_then() {
        gate.configure("policies.yaml", "policies: [ { rule: nothing, when: \"true\", deny: no } ]\n");

        var said = policy("why-not", "--request", reviewed);

        assertThat(said.exit()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("review by money-moves", "  1. the client can do it: approve by routine")
                .contains("     ask for the scopes [refunds:read] instead of [refunds:write]");
        assertThat(policy("why-not", "--request", reviewed, "--want", "review").out())
                .contains("that is review already");
        assertThat(policy("why-not", "--request", reviewed, "--want", "deny").out())
                .contains("ask for a life of 801 s instead of 60 s");
        assertThat(policy("why-not", "--request", reviewed, "--want", "deny", "--json")
                        .json()
                        .path("answers")
                        .path(0)
                        .path("who")
                        .stringValue(""))
                .isEqualTo("client");
    }

    @Test
    void the_same_rules_flip_nothing() throws IOException, SQLException {
        var flips = backtest(POLICIES);

        assertThat(flips.compared()).isEqualTo(5);
        assertThat(flips.flipped()).isZero();
        assertThat(flips.loosened() + flips.tightened()).isZero();
        assertThat(flips.incomparable() + flips.unreadable() + flips.withheld()).isZero();
        assertThat(count(flips, "approve", "approve")).isEqualTo(2);
        assertThat(count(flips, "review", "review")).isEqualTo(2);
        assertThat(count(flips, "deny", "deny")).isEqualTo(1);
        assertThat(flips.waits().count()).isEqualTo(1);
        assertThat(flips.waits().median()).contains(Duration.ofMinutes(4));
    }

    /// POL-1: whatever is added can only tighten.
    @Test
    void one_more_rule_or_a_smaller_cap_loosens_nothing() throws IOException, SQLException {
        var more = List.of(
                "  - { rule: no-writes, when: \"risk >= HIGH\", deny: no }\n",
                "  - { rule: no-idlers, when: \"usage.idle_days >= 0\", deny: no }\n",
                "  - { rule: short, when: \"true\", approve: { lifetime: 5s } }\n",
                "  - { rule: all, when: \"true\", review: { stages: [ { group: security, votes: 2 } ], within: 5m } }\n",
                "  - { rule: tickets, when: \"ticket == ''\", review: { stages: [ { group: security } ], require: [ticket] } }\n");
        for (var rule : more) {
            var flips = backtest(POLICIES + rule);
            assertThat(flips.compared()).isEqualTo(5);
            assertThat(flips.loosened()).as(rule).isZero();
            assertThat(flips.tightened()).as(rule).isPositive();
        }
        var capped = backtest(POLICIES.replace("lifetime: 60s", "lifetime: 30s"));
        assertThat(capped.loosened()).isZero();
        assertThat(capped.tightened()).isEqualTo(2);
        assertThat(capped.tightenedWithin()).isEqualTo(2);
        assertThat(capped.tightenings())
                .flatExtracting(Flips.Named::how)
                .containsExactly("lifetime 30s instead of 60s", "lifetime 30s instead of 60s");
    }

    @Test
    void what_is_loosened_is_named_and_the_rest_counted() throws IOException, SQLException {
        var looser = POLICIES.replace(", { group: security, votes: 1 }", "")
                .replace("within: 15m", "within: 30m")
                .replace("lifetime: 60s", "lifetime: 90s")
                .replace("lifetime > 800", "lifetime > 900");

        var flips = backtest(looser);

        assertThat(flips.flipped()).isEqualTo(1);
        assertThat(count(flips, "deny", "approve")).isEqualTo(1);
        assertThat(flips.loosened()).isEqualTo(4);
        assertThat(flips.loosenedWithin()).isEqualTo(3);
        assertThat(flips.loosenings())
                .flatExtracting(Flips.Named::how)
                .containsExactlyInAnyOrder(
                        "lifetime 90s instead of 60s",
                        "within 1800s instead of 900s",
                        "without security",
                        "within 1800s instead of 900s",
                        "without security",
                        "approve instead of deny");
        assertThat(backtest(looser, Instant.EPOCH, 1).loosenings()).hasSize(1);
        assertThat(backtest(POLICIES.replace("lifetime: 60s", "lifetime: 30s"), Instant.EPOCH, 1)
                        .tightenings())
                .hasSize(1);
        assertThat(backtest(looser, gate.clock.instant(), 10).compared()).isEqualTo(2);
    }

    @Test
    void people_s_time_is_counted_by_what_they_took() throws IOException, SQLException {
        var nobody = backtest(OPEN);
        assertThat(nobody.savedReviews()).isEqualTo(2);
        assertThat(nobody.savedWait()).isEqualTo(Duration.ofMinutes(4));

        var everybody =
                backtest("policies: [ { rule: all, when: \"true\", review: { stages: [ { group: security } ] } } ]\n");
        assertThat(everybody.newReviews()).isEqualTo(3);
        assertThat(everybody.newWait()).isEqualTo(Duration.ofMinutes(12));
    }

    @Test
    void a_backtest_fails_by_the_limits_it_is_given() throws IOException {
        var same = other(POLICIES);
        var days = "36500";
        assertThat(policy("backtest", "--candidate", same, "--days", days, "--fail-if", "flipped > 0")
                        .exit())
                .isZero();

        var open = other(OPEN);
        var said = policy(
                "backtest",
                "--candidate",
                open,
                "--days",
                days,
                "--fail-if",
                "review->approve > 0",
                "--fail-if",
                "loosened > 99");
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).isEqualTo("fails, since review->approve is 2 (review->approve > 0)\n");
        assertThat(said.out())
                .contains("3 flips among 5 decisions", "loosened: 4, 1 of them with the verdict they had")
                .containsPattern("review +2 +0 +0\n")
                .contains("review by money-moves; would be approve by all");
        var json = policy("backtest", "--candidate", open, "--days", days, "--json")
                .json();
        assertThat(json.path("matrix").path("review").path("approve").asInt(0)).isEqualTo(2);

        assertThat(policy("backtest", "--candidate", open, "--fail-if", "reviews > 0")
                        .exit())
                .isEqualTo(2);

        var closed = other("policies: [ { rule: none, when: \"true\", deny: closed } ]\n");
        assertThat(policy("backtest", "--candidate", closed, "--days", days).out())
                .contains("tightened: 4, 0 of them with the verdict they had")
                .containsPattern("refund-bot  .*\n    deny instead of approve .* would be deny by none\\)");
    }

    @Test
    void what_was_refused_for_another_reason_is_told() throws IOException, SQLException {
        gate.configure("policies.yaml", POLICIES.replace("lifetime: 2m", "lifetime: 2m, require: [reason]"));
        gate.ask("other-bot", "scope", WRITE, "requested_lifetime", "7");

        var flips = backtest(gate.read("policies.yaml"));

        assertThat(flips.refusedOtherwise()).isEqualTo(1);
        assertThat(count(flips, "review", "review")).isEqualTo(3);
        assertThat(flips.loosened()).isZero();
        assertThat(flips.tightened()).isEqualTo(2);
    }
}
