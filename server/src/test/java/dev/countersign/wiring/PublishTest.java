package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent to be in force: all of it, checked, or nothing.
final class PublishTest extends OverTheWire {
    private TestOffers cy;

    @BeforeEach
    void administrator() {
        cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
    }

    private Map<String, String> shorter() {
        return cy.files("policies.yaml", "60s", "30s");
    }

    @Test
    void what_an_administrator_sends_is_in_force_with_one_entry() {
        var before = cy.inForce();
        gate.clock.advance(Duration.ofSeconds(5));

        var applied = cy.apply(shorter());

        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.text("outcome")).isEqualTo("published");
        assertThat(applied.body().path("number").asInt()).isEqualTo(2);
        assertThat(cy.inForce()).isEqualTo(applied.text("version")).isNotEqualTo(before);
        assertThat(gate.ask("refund-bot", "scope", READ, "requested_lifetime", "600")
                        .body()
                        .path("expires_in")
                        .asInt())
                .isEqualTo(30);
        var entry = gate.entries("configuration.published").getLast();
        assertThat(entry.actor().kind()).isEqualTo("person");
        assertThat(entry.body())
                .containsEntry("version", applied.text("version"))
                .containsEntry("previous", before)
                .containsEntry("policies_changed", List.of("reads"));
    }

    @Test
    void what_is_in_force_already_is_not_published_again() {
        var again = cy.apply(cy.files());

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("outcome")).isEqualTo("unchanged");
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @Test
    void all_faults_are_told_at_once_by_file_line_and_column_and_what_is_in_force_stays() {
        var before = cy.inForce();
        var files = cy.files();
        files.put("policies.yaml", """
                policies:
                  - rule: reads
                    when: risk == LOW && client.nmae == "x"
                    approve: { lifetime: 60s }
                  - rule: money-moves
                    when: scopes == 3
                    review: { stages: [ { group: nobody-here } ] }
                """);

        var refused = cy.apply(files);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.raw().headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(refused.body().path("faults"))
                .extracting(it ->
                        it.path("file").stringValue("") + ":" + it.path("line").asInt())
                .containsExactly("policies.yaml:3", "policies.yaml:6", "policies.yaml:7");
        assertThat(refused.body().path("faults").toString()).contains("client.nmae", "nobody-here");
        assertThat(cy.inForce()).isEqualTo(before);
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @Test
    void a_test_that_fails_keeps_it_out() {
        var files = shorter();
        files.put("tests.yaml", """
                tests:
                  - { name: reads are refused, given: { client: refund-bot, scopes: ["refunds:read"] }, expect: { verdict: deny } }
                """);

        var refused = cy.apply(files);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).startsWith("tests.yaml:2:").contains("reads are refused", "got approve");
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @Test
    void a_claim_that_is_not_true_keeps_it_out_and_is_refuted_by_a_request() {
        var files = shorter();
        files.put("claims.yaml", """
                prove:
                  - { claim: money waits for people, assume: '"refunds:write" in scopes', never: approve }
                  - { claim: nothing is let through, never: approve }
                """);

        var refused = cy.apply(files);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("faults")).hasSize(1);
        assertThat(refused.text("detail"))
                .startsWith("claims.yaml:3:")
                .contains("nothing is let through", "refuted", "--given '");
        assertThat(gate.entries("configuration.published")).hasSize(1);

        files.put("claims.yaml", files.get("claims.yaml").lines().limit(2).collect(Collectors.joining("\n")));
        assertThat(cy.apply(files).text("outcome")).isEqualTo("published");
    }

    @Test
    void what_was_made_from_another_version_is_refused_with_both_hashes() {
        var base = cy.inForce();
        var first = cy.apply(shorter());

        var second = cy.apply(cy.files("policies.yaml", "2m", "1m"), base);

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.text("detail")).contains(base, first.text("version"));
        assertThat(cy.inForce()).isEqualTo(first.text("version"));
    }

    @Test
    void of_several_who_publish_at_once_one_does() throws Exception {
        var base = cy.inForce();
        List<Callable<Answer>> offers = IntStream.range(1, 6)
                .<Callable<Answer>>mapToObj(i -> () -> cy.apply(cy.files("policies.yaml", "60s", i + "s"), base))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = threads.invokeAll(offers).stream()
                    .map(it -> it.resultNow().status())
                    .sorted()
                    .toList();
            assertThat(statuses).containsExactly(200, 409, 409, 409, 409);
        }
        assertThat(gate.entries("configuration.published")).hasSize(2);
    }

    @Test
    void a_folder_that_was_superseded_is_refused() {
        var old = cy.files();
        cy.apply(shorter());

        var refused = cy.apply(old);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("detail")).contains("was superseded");
    }

    @Test
    void only_administrators_publish() {
        var ana = new TestOffers(gate, gate.bearer("ana", "requests:read", "admin"));
        var reads = new TestOffers(gate, gate.bearer("cy", "requests:read"));

        assertThat(ana.apply(shorter()).status()).isEqualTo(403);
        assertThat(reads.apply(shorter()).status()).isEqualTo(403);
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../policies.yaml",
                "/etc/passwd.yaml",
                "a/../../b.yaml",
                ".hidden.yaml",
                "a\\b.yaml",
                "a\nb.yaml"
            })
    void a_name_that_leads_elsewhere_is_refused(String name) {
        var files = shorter();
        files.put(name, "clients: []");

        var refused = cy.apply(files);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).contains("a path inside the folder").doesNotContain("\n");
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @Test
    void a_schema_is_taken_from_what_was_sent_and_from_no_disk() throws Exception {
        var outside = Files.writeString(folder.resolve("outside.json"), "{}");
        var files = cy.files("countersign.yaml", "schema: refund.schema.json", "schema: " + outside);

        var refused = cy.apply(files);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).contains("among those that were sent");
    }

    @Test
    void what_is_too_large_is_refused_before_it_is_read() {
        var long_ = cy.files();
        long_.put("long.yaml", "#" + "x".repeat(1 << 20));
        assertThat(cy.apply(long_).text("detail")).contains("longer than 1 MiB");

        var many = cy.files();
        for (int i = 0; i < 1_001; i++) {
            many.put("f" + i + ".yaml", "");
        }
        assertThat(cy.apply(many).text("detail")).contains("more than 1000 files");

        for (int i = 0; i < 7; i++) {
            long_.put("long" + i + ".yaml", "#" + "x".repeat(1 << 20));
        }
        assertThat(cy.apply(long_).status()).isEqualTo(413);
        assertThat(gate.entries("configuration.published")).hasSize(1);
    }

    @Test
    void a_folder_of_another_installation_is_refused() {
        var refused = cy.apply(cy.files("countersign.yaml", "http://localhost:8080", "https://staging.example.com"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("detail")).contains("another issuer", "http://localhost:8080");
    }

    @Test
    void a_folder_need_not_say_what_is_a_nodes_own_and_must_say_something() {
        var files = shorter();
        var own = "(?m)^(issuer|server|store|keys): .*\n";
        files.put("countersign.yaml", gate.read("countersign.yaml").replaceAll(own, ""));
        assertThat(cy.apply(files).text("outcome")).isEqualTo("published");

        var empty = cy.apply(Map.of("countersign.yaml", "issuer: http://localhost:8080"));
        assertThat(empty.status()).isEqualTo(422);
        assertThat(empty.text("detail")).contains("nothing in it");
    }

    @Test
    void a_node_whose_folder_has_only_its_own_goes_on_with_what_is_in_force() {
        var applied = cy.apply(shorter());
        var base = gate.read("countersign.yaml");
        gate.write("countersign.yaml", base.substring(0, base.indexOf("login:")));
        gate.write("policies.yaml", "");

        gate.restart();

        assertThat(cy.inForce()).isEqualTo(applied.text("version"));
        assertThat(gate.server().reload(folder)).isTrue();
        assertThat(cy.inForce()).isEqualTo(applied.text("version"));
        assertThat(gate.entries("configuration.published")).hasSize(2);
        assertThat(gate.entries("node.started").getLast().text("configuration")).isEqualTo(applied.text("version"));
    }

    @Test
    void no_fault_and_no_answer_has_a_secret_in_it() {
        var files = cy.files("countersign.yaml", "sha256:", "topsecret-");

        var refused = cy.apply(files);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.raw().body()).doesNotContain("topsecret-");
    }

    @Test
    void the_command_sends_a_folder_without_its_key() {
        gate.write("policies.yaml", gate.read("policies.yaml").replace("60s", "30s"));
        assertThat(cy.files()).doesNotContainKey("master.key").containsKey("refund.schema.json");

        var line = cy.run("apply", folder.toString());

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out()).contains("configuration " + cy.inForce() + " is in force, as number 2");
        assertThat(cy.run("apply", folder.toString(), "--json").out()).contains("\"unchanged\"");
    }

    @Test
    void the_command_says_what_goes_through_unattended_from_then_on() {
        var policies = gate.read("policies.yaml");
        gate.write(
                "policies.yaml",
                policies.replace("risk == LOW", "risk <= HIGH").replace("\"refunds:write\" in scopes || ", ""));

        var line = cy.run("apply", folder.toString());

        assertThat(line.exit()).as(line.err()).isZero();
        assertThat(line.out())
                .contains("these go through unattended now, and did not before:")
                .contains("by rule `reads`: such as");

        gate.write("policies.yaml", policies.replace("60s", "59s"));
        assertThat(cy.run("apply", folder.toString()).out())
                .contains("nothing goes through unattended now that did not");
    }

    @Test
    void the_command_names_every_fault_and_exits_1() {
        gate.write("policies.yaml", gate.read("policies.yaml").replace("risk == LOW", "rsk == LOW"));
        gate.write("tests.yaml", "tests: [ { name: x, given: { client: nobody }, expect: { verdict: deny } } ]");

        var line = cy.run("apply", folder.toString());

        assertThat(line.exit()).isEqualTo(1);
        assertThat(line.err()).contains("policies.yaml:3:", "rsk").contains("what was in force stays");
    }

    @Test
    void without_a_server_the_command_writes_into_the_store() {
        gate.write("policies.yaml", gate.read("policies.yaml").replace("60s", "30s"));
        var before = cy.inForce();
        gate.clock.advance(Duration.between(gate.clock.instant(), Instant.now()));
        cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));

        var line = TestOffers.runOnHost("apply", folder.toString(), "--url", "", "--base", before);

        assertThat(line.exit()).as(line.err()).isZero();
        TestGate.until(() -> !cy.inForce().equals(before));
        assertThat(gate.entries("configuration.published").getLast().actor().kind())
                .isEqualTo("operator");
        var stale = TestOffers.runOnHost("apply", folder.toString(), "--url", "", "--base", before);
        assertThat(stale.exit()).isZero(); // it is in force already
        gate.clock.advance(Duration.between(gate.clock.instant(), Instant.now()));
    }

    @Test
    void the_other_nodes_have_it_too() {
        if (!TestStores.onPostgres()) {
            return; // SQLite is for one node
        }
        try (var other = gate.anotherNode()) {
            var there = new TestOffers(other, cy.bearer);
            var applied = cy.apply(shorter());
            TestGate.until(() -> there.inForce().equals(applied.text("version")));
            var back = there.apply(cy.files("policies.yaml", "60s", "45s"));
            assertThat(back.text("outcome")).isEqualTo("published");
            TestGate.until(() -> cy.inForce().equals(back.text("version")));
        }
    }
}
