package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is asked of a folder's rules, without a server and without a store.
final class PolicyCommandTest {
    @TempDir
    private Path path;

    private String folder;

    @BeforeEach
    void write() throws IOException {
        folder = path.resolve("conf").toString();
        TestLine.run("init", folder);
        policies("""
                policies:
                  - rule: routine
                    when: risk == LOW
                    approve: { lifetime: 60s }
                  - rule: dormant
                    when: risk >= MEDIUM && usage.idle_days > 60
                    deny: "not used for {usage.idle_days} days"
                  - rule: what-can-hurt
                    when: risk >= MEDIUM
                    review: { stages: [ { group: administrators, votes: 1 } ], lifetime: 2m }
                tests:
                  - name: reading needs nobody
                    given: { client: example-bot, scopes: ["orders:read"] }
                    expect: { verdict: approve, rule: routine }
                  - name: a refund is put before an administrator
                    given: { client: example-bot, scopes: ["orders:refund"] }
                    expect: { verdict: review, rule: what-can-hurt }
                """);
    }

    private void policies(String text) throws IOException {
        Files.writeString(Path.of(folder, "policies.yaml"), text);
    }

    @Test
    void tests_are_run_and_what_they_leave_out_is_told_with_its_place() {
        var line = TestLine.run("policy", "test", folder);

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out())
                .contains(
                        "ok    reading needs nobody: approve by routine",
                        "given client: \"example-bot\", scopes: [\"orders:read\"]",
                        "policies.yaml:5:5: rule `dormant`: no test makes it apply",
                        "policies.yaml:6:29: rule `dormant`: no test makes `usage.idle_days > 60` true",
                        "2 tests, all passed")
                .containsPattern("what-can-hurt +review +1 +1 +0 +1\n")
                .doesNotContain("no test makes `risk >= MEDIUM`", "no test makes `risk == LOW`");
    }

    @Test
    void check_hints_at_rules_that_no_test_makes_apply_and_is_good_all_the_same() {
        var line = TestLine.run("check", folder);

        assertThat(line.exit()).isZero();
        assertThat(line.out()).contains("no test makes these rules apply: dormant;");
        assertThat(TestLine.run("check", "--json", folder)
                        .json()
                        .path("untouched")
                        .path(0)
                        .stringValue(""))
                .isEqualTo("dormant");
    }

    @Test
    void a_test_that_fails_is_told_as_check_tells_it_and_exits_1() throws IOException {
        policies(Files.readString(Path.of(folder, "policies.yaml"))
                .replace("expect: { verdict: approve, rule: routine }", "expect: { verdict: deny }"));

        var line = TestLine.run("policy", "test", folder);
        var check = TestLine.run("check", folder);

        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.out())
                .contains("FAIL  policies.yaml:12:5: reading needs nobody: expected deny, got approve", "1 failed");
        assertThat(check.err()).contains("policies.yaml:12:5: test: reading needs nobody: expected deny, got approve");
        var json = TestLine.run("policy", "test", "--json", folder);
        assertThat(json.exit()).isEqualTo(1);
        assertThat(json.json().path("tests").path(1).path("passed").asBoolean(true))
                .isFalse();
        assertThat(json.json().path("tests").path(1).path("at").path("line").asInt(0))
                .isEqualTo(12);
    }

    @Test
    void what_a_test_gives_does_nothing_to_the_terminal() throws IOException {
        policies(Files.readString(Path.of(folder, "policies.yaml"))
                .replace("scopes: [\"orders:read\"] }", "scopes: [\"orders:read\"], reason: \"\\e[31mred\\u202e\" }"));

        assertThat(TestLine.run("policy", "test", folder).out()).doesNotContain("\u001b", "\u202e");
    }

    @Test
    void other_faults_come_first() throws IOException {
        policies("policies: [ { rule: a, when: rsk == LOW, approve: {} } ]\n");

        var line = TestLine.run("policy", "test", folder);
        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.err()).contains("policies.yaml:1:30: ", "has faults, see above");
    }

    @Test
    void an_imagined_request_is_explained_by_a_folder() {
        var line = TestLine.run(
                "policy",
                "explain",
                "--policy",
                folder,
                "--given",
                "client: example-bot, scopes: [\"orders:refund\"], usage.idle_days: unknown");

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out())
                .contains(
                        "deny by dormant, policy ",
                        "because a rule that denies beats all others: dormant",
                        "  because   not used for unknown days (dormant)",
                        "rule dormant: deny, unknown: applies, since the unknown never helps whoever asks",
                        "rule routine: approve, no: does not apply",
                        "usage.idle_days = unknown");
        assertThat(line.out()).containsPattern("yes +risk >= MEDIUM\n +risk = HIGH\n");
    }

    @Test
    void what_is_given_wrongly_is_told_with_its_place() throws IOException {
        var given = TestLine.run("policy", "explain", "--policy", folder, "--given", "client: [example-bot");
        assertThat(given.exit()).isEqualTo(2);
        assertThat(given.err()).contains("--given:1:21: this is not YAML");

        var file = path.resolve("given.yaml");
        Files.writeString(file, "client: example-bot\nscopes: [a\n");
        assertThat(TestLine.run("policy", "explain", "--policy", folder, "--given-file", file.toString())
                        .err())
                .contains("given.yaml:3:1: this is not YAML");

        assertThat(TestLine.run("policy", "explain", "--policy", folder, "--given", "clent: example-bot")
                        .err())
                .isEqualTo("countersign: no request is like that: clent is not a fact\n");
        assertThat(TestLine.run("policy", "explain", "--given", "risk: low").err())
                .contains("by which rules? Give --policy DIR");
        assertThat(TestLine.run("policy", "explain", "--policy", folder).exit()).isEqualTo(2);
    }

    @Test
    void commands_that_are_called_wrongly_exit_with_2_and_those_that_are_refused_with_1() {
        var given = "client: example-bot, scopes: [\"orders:read\"]";
        var wrong = List.of(
                List.of("explain", "--given", given),
                List.of("explain", "--request", "7"),
                List.of("explain", "--policy", folder, "--config", folder, "--request", "../x"),
                List.of("explain", "--policy", folder, "--given", given, "--as-test"),
                List.of("why-not", "--policy", folder, "--given", given, "--want", "perhaps"),
                List.of("backtest", "--config", folder, "--candidate", folder, "--days", "0"),
                List.of("backtest", "--config", folder, "--candidate", folder, "--names", "some"),
                List.of("backtest", "--config", folder, "--candidate", folder, "--fail-if", "everything"),
                List.of("observed", "--config", folder, "--days", "0"),
                List.of("observed", "--config", folder, "--names", "-1"),
                List.of("prove", folder, "--timeout", "0s"),
                List.of("prove", folder, "--within", "soon"),
                List.of("test", "--wrong"),
                List.of("shadow", "more"));
        for (var args : wrong) {
            var line = TestLine.run(
                    Stream.concat(Stream.of("policy"), args.stream()).toArray(String[]::new));
            assertThat(line.exit()).as("%s: %s", args, line.err()).isEqualTo(2);
        }
        var refused = List.of(
                List.of("explain", "--policy", folder, "--given", "client: nobody"),
                List.of("explain", "--config", folder, "--request", "7"),
                List.of("backtest", "--config", folder, "--candidate", folder),
                List.of("test", path.resolve("nowhere").toString()));
        for (var args : refused) {
            var line = TestLine.run(
                    Stream.concat(Stream.of("policy"), args.stream()).toArray(String[]::new));
            assertThat(line.exit()).as("%s: %s", args, line.err()).isEqualTo(1);
        }
    }

    @Test
    void a_test_may_expect_what_the_ledger_records() throws IOException {
        policies("""
                policies:
                  - { rule: routine, when: risk == LOW, approve: {} }
                  - { rule: dormant, when: usage.idle_days > 60, deny: "not used for {usage.idle_days} days" }
                  - rule: hurts
                    when: risk >= HIGH
                    review: { stages: [ { group: administrators, votes: 1 } ], require: [reason] }
                tests:
                  - name: said why
                    given: { client: example-bot, scopes: ["orders:read"], usage.idle_days: 147 }
                    expect:
                      verdict: deny
                      entry: { code: request.refused, because: policy, rules: [dormant], sentence: not used for 147 days }
                  - name: people are asked
                    given: { client: example-bot, scopes: ["orders:refund"], reason: because }
                    expect: { verdict: review, entry: { code: request.judged, rules: [hurts] } }
                  - name: nobody is asked without a reason
                    given: { client: example-bot, scopes: ["orders:refund"] }
                    expect: { verdict: review, entry: { code: request.refused, because: no-reason } }
                  - name: passes
                    given: { client: example-bot, scopes: ["orders:read"] }
                    expect: { verdict: approve, entry: { code: token.minted, by: policy } }
                """);
        assertThat(TestLine.run("policy", "test", folder).out()).contains("4 tests, all passed");

        policies(Files.readString(Path.of(folder, "policies.yaml"))
                .replace("sentence: not used for 147 days", "sentence: not used for 60 days")
                .replace("code: token.minted, by: policy", "code: token.minted, by: break-glass"));
        var check = TestLine.run("check", folder);
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.err())
                .contains(
                        "said why: expected an entry with sentence `not used for 60 days`, got `not used for 147 days`",
                        "passes: expected an entry with by `break-glass`, got `policy`");
    }

    @Test
    void why_not_says_what_would_have_to_be_otherwise_and_when_nothing_would_do() throws IOException {
        var some = TestLine.run(
                "policy",
                "why-not",
                "--policy",
                folder,
                "--given",
                "client: example-bot, scopes: [\"orders:refund\"], usage.idle_days: 147",
                "--want",
                "review");
        assertThat(some.exit()).as(some.err()).isZero();
        assertThat(some.out()).contains("usage.idle_days is 60 instead of 147", "none of them is the client's to make");

        policies("policies: [ { rule: never, when: \"true\", deny: no } ]\n");
        var none = TestLine.run("policy", "why-not", "--policy", folder, "--given", "client: example-bot");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.out()).contains("no change of at most three facts that was tried makes it approve");
    }
}
