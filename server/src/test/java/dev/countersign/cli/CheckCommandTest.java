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

/// All that is wrong with a folder, told at once: also tests and claims, as far as they can be judged by the rest.
final class CheckCommandTest {
    private static final String FAULTY = """
            policies:
              - rule: typo
                when: risk > "x"
                approve: {}
              - rule: stranger
                when: client.nmae == "x"
                review: { stages: [ { group: administrators } ] }
              - rule: what-can-hurt
                when: risk >= MEDIUM
                review: { stages: [ { group: nobody-here } ] }
              - rule: clamp
                when: usage.mature && lifetime > 300
                approve: { lifetime: 5m }
              - rule: routine
                when: risk == LOW
                approve: { lifetime: 60s }
              - rule: no-refunds-at-night
                when: '"orders:refund" in scopes && time.hour < 6'
                deny: at night nobody looks
            """;
    private static final String TESTS = """
            tests:
              - name: a refund at night is looked at
                given: { client: example-bot, scopes: ["orders:refund"], time.hour: 3 }
                expect: { verdict: review }
              - name: a refund by day is looked at
                given: { client: example-bot, scopes: ["orders:refund"], time.hour: 12 }
                expect: { verdict: review, rule: what-can-hurt }
              - name: reading is refused
                given: { client: example-bot, scopes: ["orders:read"] }
                expect: { verdict: deny }
              - name: reading is looked at
                given: { client: example-bot, scopes: ["orders:read"] }
                expect: { verdict: review, rule: stranger }
            """;
    private static final String CLAIMS = """
            prove:
              - claim: refunds are looked at by night as well
                assume: '"orders:refund" in scopes && time.hour < 6'
                never: deny
              - claim: nothing goes through
                never: approve
              - claim: refunds at night wait for nobody
                assume: '"orders:refund" in scopes && time.hour < 6'
                always: deny
            """;

    @TempDir
    private Path path;

    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = path.resolve("conf");
        TestLine.run("init", folder.toString());
    }

    private TestLine check(String policies, String tests, String claims) throws IOException {
        Files.writeString(folder.resolve("policies.yaml"), policies);
        Files.writeString(folder.resolve("tests.yaml"), tests);
        Files.writeString(folder.resolve("claims.yaml"), claims);
        return TestLine.run("check", folder.toString());
    }

    private static List<String> places(TestLine line) {
        return line.err()
                .lines()
                .map(it -> Stream.of(it.split(": ", -1))
                        .filter(word -> word.contains(".yaml:"))
                        .findFirst()
                        .map(at -> (it.startsWith("not judged: ") ? "? " : "") + at)
                        .orElse(it))
                .toList();
    }

    @Test
    void rules_tests_and_claims_are_told_at_once_each_with_its_place() throws IOException {
        var line = check(FAULTY, TESTS, CLAIMS);

        assertThat(line.exit()).isEqualTo(1);
        assertThat(places(line))
                .containsExactly(
                        "claims.yaml:2:5",
                        "policies.yaml:3:16",
                        "policies.yaml:6:11",
                        "policies.yaml:10:34",
                        "policies.yaml:13:16",
                        "tests.yaml:2:5",
                        "tests.yaml:8:5",
                        "? claims.yaml:5:5",
                        "? claims.yaml:7:5",
                        "? tests.yaml:11:5",
                        "7 faults");
        assertThat(line.err())
                .contains(
                        "claim `refunds are looked at by night as well`: refuted: this request gets deny",
                        "rule `clamp` speaks only of requests that ask for longer than 5m",
                        "test: a refund at night is looked at: expected review, got deny",
                        "test: reading is refused: expected deny, got approve",
                        "not judged: tests.yaml:11:5: test: reading is looked at: expected review, got approve",
                        "that may change, since rule `typo` and rule `stranger` cannot be read");
    }

    @Test
    void a_failed_test_and_a_refuted_claim_are_told_together() throws IOException {
        var rules = FAULTY.substring(FAULTY.indexOf("  - rule: routine"));
        var line = check("policies:\n" + rules, TESTS, CLAIMS);

        assertThat(places(line))
                .containsExactly(
                        "claims.yaml:2:5",
                        "claims.yaml:5:5",
                        "tests.yaml:2:5",
                        "tests.yaml:5:5",
                        "tests.yaml:8:5",
                        "tests.yaml:11:5",
                        "6 faults");
    }

    @Test
    void what_a_rule_that_cannot_be_read_could_change_is_told_as_that() throws IOException {
        var line = check("""
                policies:
                  - { rule: routine, when: risk == LOW, approve: {} }
                  - { rule: never, when: risk >, deny: never }
                """, TESTS, CLAIMS);

        assertThat(places(line)).contains("? tests.yaml:8:5", "? claims.yaml:5:5", "tests.yaml:2:5");
        assertThat(line.err()).contains("that may change, since rule `never` cannot be read");
    }

    @Test
    void what_hangs_on_a_group_that_is_not_there_is_not_judged_and_the_verdict_is() throws IOException {
        var line = check("""
                policies:
                  - { rule: hurts, when: risk >= HIGH, review: { stages: [ { group: nobody-here } ] } }
                """, """
                tests:
                  - name: whom
                    given: { client: example-bot, scopes: ["orders:refund"] }
                    expect: { verdict: review, stages: [ { group: administrators } ] }
                  - name: that
                    given: { client: example-bot, scopes: ["orders:refund"] }
                    expect: { verdict: approve }
                """, "");

        assertThat(places(line))
                .containsExactly("policies.yaml:2:69", "tests.yaml:5:5", "? tests.yaml:2:5", "2 faults");
        assertThat(line.err()).contains("since rule `hurts` cannot be read whole");
    }

    @Test
    void what_hangs_on_more_than_rules_is_not_judged_and_that_is_said() throws IOException {
        Files.writeString(folder.resolve("groups.yaml"), "groups: { ops: { members: [nobody] } }");
        var line = check(
                FAULTY.substring(0, FAULTY.indexOf("  - rule: typo"))
                        + FAULTY.substring(FAULTY.indexOf("  - rule: routine")),
                TESTS,
                CLAIMS);

        assertThat(line.err())
                .contains(
                        "groups.yaml:1:28: there is no person `nobody`",
                        "not judged: tests.yaml:2:5: the tests from here on are judged once the other faults are put"
                                + " right",
                        "not judged: claims.yaml:2:5: the claims from here on are judged once");
    }

    @Test
    void machines_are_told_the_same() throws IOException {
        check(FAULTY, TESTS, CLAIMS);
        var json = TestLine.run("check", folder.toString(), "--json").json();

        assertThat(json.path("good").asBoolean()).isFalse();
        assertThat(json.path("faults")).hasSize(7);
        assertThat(json.path("unjudged"))
                .extracting(it ->
                        it.path("file").stringValue("") + ":" + it.path("line").asInt())
                .containsExactly("claims.yaml:5", "claims.yaml:7", "tests.yaml:11");
    }

    @Test
    void a_client_with_a_fault_is_left_out_and_what_is_about_it_is_not_judged() throws IOException {
        Files.writeString(folder.resolve("more.yaml"), """
                clients:
                  - id: other-bot
                    name: Other bot
                    owner: nobody-here
                    auth: { method: none }
                    grants: [client_credentials]
                    access: { https://api.example.com: ["orders:read"] }
                """);
        var line = check("""
                policies:
                  - { rule: routine, when: risk == LOW, approve: {} }
                """, """
                tests:
                  - { name: one, given: { client: other-bot, scopes: ["orders:read"] }, expect: { verdict: deny } }
                  - { name: two, given: { client: example-bot, scopes: ["orders:read"] }, expect: { verdict: deny } }
                """, "");

        assertThat(places(line)).contains("? tests.yaml:2:5", "tests.yaml:3:5");
        assertThat(line.err()).contains("since client `other-bot` cannot be read");
    }
}
