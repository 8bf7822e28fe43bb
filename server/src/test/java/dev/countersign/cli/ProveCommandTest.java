package dev.countersign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.proof.Witness;
import dev.countersign.wiring.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is claimed of a folder's rules, proved and refuted on the command line.
final class ProveCommandTest {
    private static final String RULES = """
            policies:
              - rule: routine
                when: risk == LOW
                approve: { lifetime: 60s }
              - rule: seldom
                when: risk >= MEDIUM && usage.idle_days <= 60
                approve: {}
              - rule: what-can-hurt
                when: risk >= MEDIUM
                review: { stages: [ { group: administrators, votes: 1 } ], lifetime: 2m }
              - rule: nothing
                when: '"orders:burn" in scopes'
                deny: nobody burns orders
            """;

    private static final String PROVED = """
            prove:
              - claim: no refund goes through unattended
                assume: '"orders:refund" in scopes'
                never: approve
            """;

    private static final String REFUTED = PROVED + """
              - claim: reading is always reviewed
                assume: '"orders:read" in scopes && !break_glass'
                always: review
              - claim: nothing is approved
                never: approve
            """;

    @TempDir
    private Path path;

    private String folder;

    @BeforeEach
    void write() throws IOException {
        folder = path.resolve("conf").toString();
        TestLine.run("init", folder);
        policies(RULES + PROVED);
    }

    private void policies(String text) throws IOException {
        Files.writeString(Path.of(folder, "policies.yaml"), text);
    }

    @Test
    void a_claim_is_proved_and_what_else_is_odd_about_the_rules_is_told_with_its_place() {
        var line = TestLine.run("policy", "prove", folder);

        assertThat(line.exit()).as(line.out() + line.err()).isZero();
        assertThat(line.out())
                .contains(
                        "policies.yaml:15:5: claim `no refund goes through unattended`: proved",
                        "policies.yaml:11:5: rule `nothing` is dead: no request can be that it applies to",
                        "policies.yaml:5:5: rule `seldom` never decides: whatever it applies to, a stricter rule settles",
                        "1 claim, all proved")
                .doesNotContain("routine", "no rule speaks");
    }

    @Test
    void claims_that_are_refuted_are_told_all_at_once_with_requests_that_the_rules_explain() throws IOException {
        policies(RULES + REFUTED);

        var check = TestLine.run("check", folder);
        assertThat(check.exit()).isEqualTo(1);
        assertThat(check.err())
                .contains(
                        "policies.yaml:18:5: claim `reading is always reviewed`: refuted: this request gets approve: --given '",
                        "policies.yaml:21:5: claim `nothing is approved`: refuted: this request gets approve: --given '",
                        "2 faults");

        var line = TestLine.run("policy", "prove", folder, "--json");
        assertThat(line.exit()).isEqualTo(1);
        var claims = line.json().path("claims");
        assertThat(claims.path(0).path("result").stringValue("")).isEqualTo("proved");
        assertThat(claims.path(1).path("result").stringValue("")).isEqualTo("refuted");
        assertThat(claims.path(1).path("at").path("line").asInt()).isEqualTo(18);

        var told = check.err()
                .lines()
                .filter(it -> it.contains("nothing is approved"))
                .findFirst()
                .orElseThrow();
        var given = told.substring(told.indexOf("--given '") + 9, told.length() - 1);
        var explained = TestLine.run("policy", "explain", "--policy", folder, "--given", given);
        assertThat(explained.exit()).as(explained.err()).isZero();
        assertThat(explained.out()).contains("approve");
    }

    @Test
    void what_goes_through_now_and_did_not_before_is_listed() throws IOException {
        var now = path.resolve("now").toString();
        TestLine.run("init", now);
        Files.writeString(
                Path.of(now, "policies.yaml"),
                RULES.replace("when: risk >= MEDIUM\n", "when: risk >= HIGH && usage.idle_days > 3\n"));

        var line = TestLine.run("policy", "prove", now, "--against", folder, "--json");

        assertThat(line.exit()).as(line.err()).isZero();
        var unattended = line.json().path("unattended");
        assertThat(unattended.size()).isEqualTo(1);
        assertThat(unattended.path(0).path("client").stringValue("")).isEqualTo("example-bot");
        assertThat(unattended.path(0).path("rule").stringValue("")).isEqualTo("seldom");
        assertThat(unattended.path(0).path("verdict").stringValue("")).isEqualTo("approve");
        assertThat(TestLine.run("policy", "prove", folder, "--against", folder).out())
                .contains("nothing goes through unattended that did not before, as networks and calendars are named");
        assertThat(TestLine.run("policy", "prove", now, "--against", folder).out())
                .contains("these go through unattended now, and did not before:", "by rule `seldom`: --given '");
    }

    /// Its verdicts are proved as ever, and it gets what it asks for whatever they are.
    @Test
    void what_is_observed_only_now_goes_through_and_is_listed() throws IOException {
        var now = path.resolve("now").toString();
        TestLine.run("init", now);
        Files.writeString(Path.of(now, "policies.yaml"), RULES);
        var clients = Path.of(now, "clients.yaml");
        Files.writeString(
                clients,
                Files.readString(clients)
                        .replace("  - id: example-bot\n", "  - id: example-bot\n    observe: { until: 2026-01-31 }\n"));

        var line = TestLine.run("policy", "prove", now, "--against", folder);

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out())
                .contains("client example-bot: whatever is asked: observed only until 2026-01-31T00:00:00Z")
                .doesNotContain("nothing goes through unattended");
        assertThat(TestLine.run("policy", "prove", now, "--against", folder, "--json")
                        .json()
                        .path("observed")
                        .toString())
                .isEqualTo("[\"client example-bot: whatever is asked\"]");
        assertThat(TestLine.run("policy", "prove", folder, "--against", now).out())
                .contains("nothing goes through unattended that did not before");
    }

    @Test
    void what_was_never_published_is_nothing_to_compare_with() {
        var line = TestLine.run("policy", "prove", folder, "--against", "published");

        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.out()).isEmpty();
        assertThat(line.err()).contains("countersign.db");
    }

    @Test
    void a_prover_that_is_not_installed_is_told_in_one_sentence_and_missed_only_where_there_are_claims()
            throws IOException {
        System.setProperty("countersign.prover", path.resolve("nowhere.jar").toString());
        try {
            for (var line : new TestLine[] {TestLine.run("policy", "prove", folder), TestLine.run("check", folder)}) {
                assertThat(line.exit()).isEqualTo(1);
                assertThat(line.err().lines().filter(it -> it.contains("prover")))
                        .hasSize(1);
                assertThat(line.err()).contains("the prover is not installed: " + path.resolve("nowhere.jar"));
            }
            policies(RULES);
            assertThat(TestLine.run("check", folder).exit()).isZero();
        } finally {
            System.clearProperty("countersign.prover");
        }
    }

    @Test
    void what_is_published_is_compared_with() throws IOException {
        var store = path.resolve("countersign.db");
        Server.start(
                        (Read.Good) Configuration.read(Path.of(folder)),
                        new Server.Options(
                                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                                Optional.of(store),
                                false,
                                false),
                        InstantSource.system())
                .close();
        policies(RULES.replace("when: risk >= MEDIUM\n", "when: risk >= HIGH && usage.idle_days > 3\n"));

        var line = TestLine.run("policy", "prove", folder, "--against", "published", "--data", store.toString());

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out()).contains("`example-bot` at https://api.example.com by rule `seldom`: --given '");
    }

    @Test
    void a_request_is_quoted_for_a_shell() {
        var witness = new Witness(new TreeMap<>(Map.of("reason", "it's", "scopes", List.of("a"))), "deny");

        assertThat(witness.quoted()).isEqualTo("'reason: \"it'\\''s\", scopes: [\"a\"]'");
    }
}
