package dev.countersign.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.policy.GivenFacts;
import dev.countersign.policy.Prospect;
import dev.countersign.policy.Rule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What is proved and refuted of whole configurations, by the solver itself.
final class ProofsTest {
    private static final Path JAR = Path.of("..", "prover", "target", "countersign-prover.jar");

    private static final String NODE = """
            issuer: https://auth.example.com
            keys: { master: { file: master.key } }
            login:
              local:
                - { user: ana, name: Ana Lima, password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }
            groups: { oncall: { members: [ana] }, dev: { members: [] } }
            resources:
              - id: https://pay.example.com
                name: Pay
                owner: oncall
                scopes:
                  - { name: read, title: Read, risk: low }
                  - { name: write, title: Write, risk: high }
                details:
                  - type: refund
                    title: "Refund {amount}"
                    risk: medium
                    schema: { type: object, properties: { type: { const: refund }, amount: { type: integer } }, required: [type, amount], additionalProperties: false }
              - { id: https://ship.example.com, name: Ship, owner: oncall, scopes: [ { name: send, title: Send, risk: medium } ] }
            clients:
              - { id: bot, name: Bot, owner: dev, tags: [prod], auth: &auth { method: client_secret_basic, secrets: [ { hash: "sha256:1111111111111111111111111111111111111111111111111111111111111111" } ] }, grants: [client_credentials], access: { https://pay.example.com: [read, write] }, details: { https://pay.example.com: [refund] } }
              - { id: ship, name: Ship bot, owner: dev, auth: { method: client_secret_post, secrets: [ { hash: "sha256:2222222222222222222222222222222222222222222222222222222222222222" } ] }, grants: [client_credentials], access: { https://ship.example.com: [send] } }
            """.replace("&auth ", "");

    private static final String REVIEW = "review: { stages: [ { group: oncall, votes: 1 } ] }";

    @TempDir
    private Path path;

    private Configuration configuration(String rest) throws IOException {
        var folder = Files.createTempDirectory(path, "conf");
        Files.writeString(folder.resolve("all.yaml"), NODE + rest);
        return switch (Configuration.read(folder)) {
            case Read.Good(var configuration, _, _) -> configuration;
            case Read.Bad(var faults, _, _) -> throw new AssertionError(faults.toString());
        };
    }

    private static String rules(String... effectsAndConditions) {
        var text = new StringBuilder("policies:\n");
        for (int i = 0; i < effectsAndConditions.length; i += 2) {
            text.append("  - { rule: r%d, when: '%s', %s }\n"
                    .formatted(i / 2 + 1, effectsAndConditions[i + 1].replace("'", "''"), effectsAndConditions[i]));
        }
        return text.toString();
    }

    private static Prover prover() {
        return Prover.at(JAR, Duration.ofSeconds(20), Duration.ofMinutes(5));
    }

    private Proof refutation(String rules, String claim) throws IOException {
        var configuration = configuration(rules + "prove:\n  - { claim: it, " + claim + " }\n");
        try (var prover = prover()) {
            return new Proofs(configuration, prover)
                    .refutation(configuration.claims().getFirst());
        }
    }

    @Test
    void a_claim_is_proved_when_no_request_can_refute_it() throws IOException {
        assertThat(refutation(
                        rules("approve: {}", "usage.mature", REVIEW, "risk >= HIGH"),
                        "assume: '\"write\" in scopes', never: approve"))
                .isEqualTo(new Proof.Never());
    }

    private static final String SOURCES = """
            sources:
              tickets:
                url: https://tickets.example.com/{ticket}
                facts:
                  open: { pointer: /open, type: bool }
                  level: { pointer: /level, type: int }
                  state: { pointer: /state, type: string }
                  watchers: { pointer: /watchers, type: list(string) }
            """;

    /// Nothing is assumed of what a source says, nor that it says anything.
    @Test
    void what_sources_say_is_free() throws IOException {
        var write = "assume: '\"write\" in scopes', never: approve";
        assertThat(refutation(
                        SOURCES
                                + rules(
                                        "approve: {}",
                                        "source.tickets.open && usage.mature",
                                        "deny: no",
                                        "'write' in scopes && !source.tickets.open",
                                        REVIEW,
                                        "risk >= HIGH"),
                        write))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(
                        SOURCES
                                + rules(
                                        "approve: {}",
                                        "source.tickets.open && usage.mature",
                                        "deny: no",
                                        "!source.tickets.open"),
                        write))
                .isInstanceOfSatisfying(
                        Proof.Shown.class,
                        it -> assertThat(it.by().given()).containsEntry("source.tickets.open", true));
        for (var condition : List.of(
                "source.tickets.level > 7 && usage.mature",
                "source.tickets.state == \"urgent\" && usage.mature",
                "\"ana\" in source.tickets.watchers && usage.mature")) {
            assertThat(refutation(SOURCES + rules("approve: {}", condition), write))
                    .as(condition)
                    .isInstanceOf(Proof.Shown.class);
        }
    }

    /// That a source fails is no less possible than that it answers.
    @Test
    void a_claim_must_hold_of_a_source_that_fails() throws IOException {
        var rules = rules("approve: {}", "source.tickets.open || !source.tickets.open");
        assertThat(refutation(SOURCES + rules, "assume: 'risk == LOW', always: approve"))
                .isInstanceOfSatisfying(
                        Proof.Shown.class, it -> assertThat(it.by().given()).doesNotContainKey("source.tickets.open"));
    }

    @Test
    void a_claim_is_refuted_by_a_request_that_the_rules_give_the_verdict() throws IOException {
        var configuration = configuration(rules("approve: {}", "usage.mature", REVIEW, "usage.idle_days > 60")
                + "prove:\n  - { claim: it, assume: '\"write\" in scopes && usage.idle_days > 41', never: approve }\n");
        try (var prover = prover()) {
            var shown = (Proof.Shown) new Proofs(configuration, prover)
                    .refutation(configuration.claims().getFirst());

            assertThat(shown.by().verdict()).isEqualTo("approve");
            assertThat(shown.by().given()).containsEntry("client", "bot").containsKey("usage.idle_days");
            assertThat(String.valueOf(shown.by().given().get("scopes"))).contains("write");
            var facts =
                    ((GivenFacts.Understood) GivenFacts.of(shown.by().given(), configuration.registrations())).facts();
            assertThat(configuration.policy().judge(facts).verdict().word()).isEqualTo("approve");
        }
    }

    @Test
    void a_rule_that_is_silent_of_usage_lets_no_unfamiliar_privilege_through() throws IOException {
        assertThat(refutation(rules("approve: {}", "true"), "assume: usage.unfamiliar, never: approve"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules("approve: {}", "findings.size() < 5"), "assume: usage.unfamiliar, never: approve"))
                .isInstanceOf(Proof.Shown.class);
    }

    private static final String CALENDARS = """
            calendars:
              - { name: office, zone: Europe/Berlin, windows: [ { days: [monday], hours: 08:00-18:00 } ], holidays: [2026-12-25] }
              - { name: freeze, zone: UTC, windows: [ { days: [friday], hours: 22:00-06:00 } ] }
            """;

    @Test
    void what_calendars_say_is_taken_either_way() throws IOException {
        var rules = CALENDARS
                + rules(
                        "approve: {}",
                        "\"office\" in time.windows",
                        "deny: no",
                        "\"freeze\" in time.windows",
                        "deny: no",
                        "\"office\" in time.holidays");
        assertThat(refutation(rules, "assume: '!(\"office\" in time.windows)', never: approve"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: '\"freeze\" in time.windows', always: deny"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: '\"office\" in time.holidays', always: deny"))
                .isEqualTo(new Proof.Never());
        // One that has no holidays never has one.
        assertThat(refutation(rules, "assume: '\"freeze\" in time.holidays', never: deny"))
                .isEqualTo(new Proof.Never());
        var shown = (Proof.Shown) refutation(rules, "assume: 'time.windows.size() > 0', never: deny");
        assertThat(shown.by().verdict()).isEqualTo("deny");
        assertThat(String.valueOf(shown.by().given())).containsAnyOf("freeze", "time.holidays");
        assertThat(((Proof.Shown) refutation(rules, "never: approve")).by().given())
                .containsEntry("time.windows", List.of("office"));
    }

    private static final String PLACES = """
            zone: Europe/Berlin
            networks: { office: [192.0.2.0/24], vpn: [10.8.0.0/16] }
            """;

    @Test
    void where_a_request_comes_from_is_taken_either_way_and_the_zone_as_it_is() throws IOException {
        var rules = PLACES
                + rules(
                        "approve: {}",
                        "\"office\" in network.names && time.zone == \"Europe/Berlin\"",
                        "deny: no",
                        "network.family == \"ipv6\"");
        assertThat(refutation(rules, "assume: '!(\"office\" in network.names)', never: approve"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: 'network.family == \"ipv6\"', always: deny"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: 'time.zone == \"UTC\"', never: approve"))
                .isEqualTo(new Proof.Never());
        var shown = (Proof.Shown) refutation(rules, "never: approve");
        assertThat(shown.by().verdict()).isEqualTo("approve");
        assertThat(String.valueOf(shown.by().given().get("network.names"))).contains("office");
        assertThat(((Proof.Shown) refutation(rules, "never: deny")).by().given())
                .isNotEmpty();
    }

    /// To attest a client lifts denials, and never makes anything pass unattended.
    @Test
    void nothing_is_approved_of_an_attested_client_whatever_the_rules_speak_of() throws IOException {
        var rules = rules(
                "approve: {}",
                "usage.attested",
                "approve: {}",
                "findings.size() < 5 && usage.attested_days < 9",
                "approve: {}",
                "true");
        assertThat(refutation(rules, "assume: usage.attested, never: approve")).isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: usage.attested_days > 0, never: approve"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: '!usage.attested', never: approve"))
                .isInstanceOf(Proof.Shown.class);
    }

    /// Where the ledger cannot say what is usual, an approving rule that speaks of it does not apply.
    @Test
    void sources_that_fail_are_thought_of() throws IOException {
        var shown = refutation(
                rules("approve: {}", "usage.idle_days >= 0"),
                "assume: 'client.id == \"bot\" && !break_glass', never: deny");

        assertThat(((Proof.Shown) shown).by().given()).containsEntry("usage.idle_days", "unknown");
        assertThat(((Proof.Shown) shown).by().verdict()).isEqualTo("deny");
    }

    @Test
    void what_is_always_so_is_proved_and_refuted_too() throws IOException {
        var rules = rules("deny: no", "\"write\" in scopes", "approve: {}", "true", REVIEW, "risk == MEDIUM");
        assertThat(refutation(rules, "assume: '\"write\" in scopes', always: deny"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: '\"refund\" in details_types', always: deny"))
                .isInstanceOf(Proof.Shown.class);
        assertThat(refutation(rules, "never: review")).isInstanceOf(Proof.Shown.class);
        assertThat(refutation(rules, "assume: 'client.id == \"ship\" && !break_glass', always: review"))
                .isEqualTo(new Proof.Never());
        // Where no rule breaks it, whoever asks to is refused instead of held.
        assertThat(refutation(rules, "assume: 'client.id == \"ship\" && break_glass', always: deny"))
                .isEqualTo(new Proof.Never());
    }

    @Test
    void what_was_given_in_a_day_is_proved_as_it_is_written_and_tried() throws IOException {
        var rules = rules(
                "approve: {}",
                "usage.idle_days >= 0",
                "deny: no",
                "past_day.tokens > 200",
                "deny: no",
                "past_day.amounts.refund.amount > 1000");
        assertThat(refutation(rules, "assume: 'past_day.tokens > 200', never: approve"))
                .isEqualTo(new Proof.Never());
        assertThat(refutation(rules, "assume: 'past_day.amounts.refund.amount > 1000', never: approve"))
                .isEqualTo(new Proof.Never());
        var many = (Proof.Shown) refutation(rules, "assume: 'past_day.tokens > 100', never: approve");
        assertThat(many.by().given()).containsEntry("past_day.tokens", 101L);
        assertThat(refutation(rules, "assume: 'past_day.amounts.refund.amount > 900', never: approve"))
                .isInstanceOf(Proof.Shown.class);
        // They may be unknown while all else is known.
        var unknown = (Proof.Shown) refutation(rules, "assume: 'risk == LOW && usage.idle_days >= 0', never: deny");
        assertThat(unknown.by().given().toString()).contains("past_day.");
    }

    @Test
    void members_of_details_are_proved_as_they_are_written_and_tried() throws IOException {
        var rules = rules("approve: {}", "true", REVIEW, "details.exists(d, d.amount > 100)");
        assertThat(refutation(rules, "assume: 'details.exists(d, d.amount > 100)', never: approve"))
                .isEqualTo(new Proof.Never());
        var shown = refutation(rules, "assume: 'details.exists(d, d.amount > 90)', never: approve");
        assertThat(String.valueOf(((Proof.Shown) shown).by().given().get("details")))
                .contains("amount=");
        assertThat(refutation(rules, "assume: 'details.exists(d, d.amount > 200)', never: approve"))
                .isInstanceOf(Proof.Inconclusive.class);
    }

    @Test
    void a_rule_may_be_dead_or_never_decide() throws IOException {
        var configuration = configuration(rules(
                "approve: {}",
                "risk == LOW",
                REVIEW,
                "\"send\" in scopes && risk == CRITICAL",
                "approve: {}",
                "\"write\" in scopes && usage.mature",
                REVIEW,
                "risk == HIGH",
                "deny: no",
                "client.tags.exists(t, t == \"test\")"));
        try (var prover = prover()) {
            var proofs = new Proofs(configuration, prover);
            assertThat(configuration.policy().rules().stream()
                            .filter(it -> proofs.application(it) instanceof Proof.Never)
                            .map(Rule::name))
                    .containsExactly("r2", "r5");
            assertThat(configuration.policy().rules().stream()
                            .filter(it -> proofs.decision(it) instanceof Proof.Never)
                            .map(Rule::name))
                    .containsExactly("r2", "r3", "r5");
        }
    }

    @Test
    void what_no_rule_speaks_of_is_found_for_each_client_and_api() throws IOException {
        var configuration = configuration(rules("approve: {}", "risk == LOW", REVIEW, "\"write\" in scopes"));
        try (var prover = prover()) {
            assertThat(new Proofs(configuration, prover).gaps())
                    .extracting(
                            Region::client,
                            it -> ((Proof.Shown) it.proof()).by().verdict())
                    .containsExactly(tuple("bot", "deny"), tuple("ship", "deny"));
        }
    }

    @Test
    void all_that_goes_through_and_did_not_is_listed_by_client_api_and_rule() throws IOException {
        var before = configuration(rules("approve: {}", "risk == LOW", REVIEW, "risk > LOW"));
        var after = configuration(rules(
                "approve: {}",
                "risk == LOW",
                REVIEW,
                "risk > LOW && usage.idle_days > 30",
                "approve: {}",
                "risk == MEDIUM && usage.mature",
                "approve: {}",
                "risk == HIGH && findings.size() == 0"));
        try (var prover = prover()) {
            assertThat(new Proofs(after, prover).unattended(before))
                    .allSatisfy(it -> assertThat(it.proof()).isInstanceOf(Proof.Shown.class))
                    .extracting(Region::client, Region::rule)
                    .containsExactly(tuple("bot", "r3"), tuple("bot", "r4"), tuple("ship", "r3"));
            assertThat(new Proofs(before, prover).unattended(after)).isEmpty();
            assertThat(new Proofs(after, prover).unattended(after)).isEmpty();
        }
    }

    /// The same rules let more through when the client may ask for more, or when what it asks for is less of a risk.
    @Test
    void a_registration_that_grows_lets_more_through() throws IOException {
        var rules = rules("approve: {}", "usage.mature && risk < HIGH");
        var before = configuration(rules);
        var folder = Files.createTempDirectory(path, "conf");
        Files.writeString(
                folder.resolve("all.yaml"),
                NODE.replace("{ name: write, title: Write, risk: high }", "{ name: write, title: Write, risk: medium }")
                        + rules);
        var after = ((Read.Good) Configuration.read(folder)).configuration();
        try (var prover = prover()) {
            assertThat(new Proofs(after, prover).unattended(before))
                    .extracting(Region::client)
                    .containsExactly("bot");
        }
    }

    /// There may be a question for each client, API and rule, each of which takes time and memory to make.
    @Test
    void once_the_time_is_over_nothing_is_looked_at_and_nothing_kept() throws IOException {
        var before = configuration(rules("approve: {}", "risk == LOW"));
        var after = configuration(rules("approve: {}", "risk == LOW", "approve: {}", "false"));
        var over = "the time for all questions is over";
        try (var prover = Prover.at(JAR, Duration.ofSeconds(20), Duration.ZERO)) {
            var proofs = new Proofs(after, prover);

            assertThat(proofs.unattended(before))
                    .containsExactly(
                            new Region("bot", "https://pay.example.com", "(any rule)", new Proof.Inconclusive(over)),
                            new Region("ship", "https://ship.example.com", "(any rule)", new Proof.Inconclusive(over)));
            // It never applies, which a look would show without a question.
            assertThat(proofs.application(after.policy().rules().getLast())).isEqualTo(new Proof.Inconclusive(over));
            var question = Prospect.of(after.policy(), Asks.all(after).getFirst(), true)
                    .possible();
            assertThat(prover.ask(question)).isEqualTo(new Answer.Unknown(over));
            assertThat(prover.kept()).isZero();
        }
    }

    /// By the same rules a client that may ask for the same gets the same, and nobody has to look.
    @Test
    void only_whoever_may_ask_for_something_else_is_looked_at_where_rules_are_the_same() throws IOException {
        var rules = rules("approve: {}", "usage.mature && risk < HIGH");
        var before = configuration(rules);
        var folder = Files.createTempDirectory(path, "conf");
        Files.writeString(folder.resolve("all.yaml"), NODE.replace("tags: [prod]", "tags: [test]") + rules);
        var after = ((Read.Good) Configuration.read(folder)).configuration();
        try (var prover = Prover.at(JAR, Duration.ofSeconds(20), Duration.ZERO)) {
            assertThat(new Proofs(after, prover).unattended(before))
                    .extracting(Region::client)
                    .containsExactly("bot");
        }
    }

    /// A name stands for other addresses and hours then, which no rule shows.
    @Test
    void configurations_whose_places_and_times_differ_are_not_alike() throws IOException {
        var rules = rules("approve: {}", "\"office\" in network.names && usage.mature");
        var before = configuration(PLACES + CALENDARS + rules);

        assertThat(Proofs.areAlike(before, configuration(PLACES + CALENDARS + rules)))
                .isTrue();
        for (var other : List.of(
                PLACES.replace("192.0.2.0/24", "0.0.0.0/0") + CALENDARS,
                PLACES + CALENDARS.replace("08:00-18:00", "00:00-24:00"),
                PLACES.replace("Europe/Berlin", "Europe/Paris") + CALENDARS)) {
            assertThat(Proofs.areAlike(before, configuration(other + rules)))
                    .as(other)
                    .isFalse();
        }
    }

    /// Nobody is refuted by a request that the policy judges otherwise, or that nobody can make, whatever the solver
    /// says.
    @Test
    void a_prover_that_lies_is_not_believed() throws IOException {
        var configuration = configuration(rules("approve: {}", "usage.mature", REVIEW, "risk >= HIGH")
                + "prove:\n  - { claim: it, never: approve }\n");
        for (var kind : List.of("lying", "empty")) {
            try (var prover = Prover.at(liar(kind), Duration.ofSeconds(20), Duration.ofMinutes(5))) {
                assertThat(new Proofs(configuration, prover)
                                .refutation(configuration.claims().getFirst()))
                        .as(kind)
                        .isInstanceOfSatisfying(
                                Proof.Inconclusive.class,
                                it -> assertThat(it.because()).startsWith("a request was found, but"));
            }
        }
    }

    @Test
    void a_prover_that_is_silent_or_gone_makes_everything_inconclusive() throws IOException {
        var configuration = configuration(rules("approve: {}", "usage.mature")
                + "prove:\n  - { claim: it, never: review }\n" + "  - { claim: and, never: deny }\n");
        for (var kind : List.of("silent", "gone")) {
            try (var prover = Prover.at(
                    liar(kind),
                    Duration.ofSeconds(20),
                    kind.equals("silent") ? Duration.ofMillis(300) : Duration.ofMinutes(1))) {
                var proofs = new Proofs(configuration, prover);
                assertThat(proofs.refutation(configuration.claims().getFirst()))
                        .as(kind)
                        .isInstanceOfSatisfying(
                                Proof.Inconclusive.class,
                                it -> assertThat(it.because())
                                        .isEqualTo(
                                                kind.equals("silent")
                                                        ? "the prover took too long and was ended"
                                                        : "the prover ended without an answer"));
            }
        }
    }

    /// 35 MB for nothing, at each start.
    @Test
    @EnabledOnOs(OS.LINUX)
    void what_the_build_has_unpacked_no_start_unpacks() throws IOException {
        try (var prover = prover()) {
            assertThat(asked(prover)).isInstanceOf(Proof.Shown.class);

            assertThat(prover.folder().orElseThrow()).isEmptyDirectory();
        }
    }

    /// Where it was not unpacked before each process does: what nobody else would delete.
    @Test
    void a_prover_that_has_ended_leaves_nothing_behind() throws IOException {
        var jar = TestProver.copy(path, JAR);
        var prover = Prover.at(jar, Duration.ofSeconds(20), Duration.ofMinutes(5));
        try (prover) {
            assertThat(asked(prover)).isInstanceOf(Proof.Shown.class);

            assertThat(prover.folder().orElseThrow()).isNotEmptyDirectory();
        }
        assertThat(prover.folder().orElseThrow()).doesNotExist();
    }

    private Proof asked(Prover prover) throws IOException {
        var configuration =
                configuration(rules("approve: {}", "usage.mature") + "prove:\n  - { claim: it, never: approve }\n");
        return new Proofs(configuration, prover)
                .refutation(configuration.claims().getFirst());
    }

    @Test
    void a_prover_that_is_missing_is_told_at_once() {
        assertThatThrownBy(() -> Prover.at(path.resolve("prover.jar"), Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .isInstanceOf(Prover.Missing.class)
                .hasMessageContaining("the prover is not installed: ");
    }

    /// Random rules and claims: what is refuted is so by construction, and what is proved no request refutes.
    @Test
    void prover_and_engine_agree() throws IOException {
        var conditions = List.of(
                "risk >= HIGH",
                "\"write\" in scopes",
                "usage.idle_days > 60",
                "usage.mature && findings.size() == 0",
                "usage.unfamiliar || lifetime > 90",
                "scopes.size() > 1",
                "client.id == \"ship\"",
                "\"refund\" in details_types",
                "true");
        var effects = List.of("approve: {}", REVIEW, "deny: no");
        var seen = new TreeSet<String>();
        try (var prover = prover()) {
            for (int seed = 0; seed < 25; seed++) {
                var random = new Random(seed);
                var rules = new ArrayList<String>();
                for (int i = 0; i < 1 + random.nextInt(3); i++) {
                    rules.add(effects.get(random.nextInt(3)));
                    rules.add(conditions.get(random.nextInt(conditions.size())));
                }
                var configuration = configuration(rules(rules.toArray(String[]::new))
                        + "prove:\n  - { claim: it, assume: '%s', %s: %s }\n"
                                .formatted(
                                        conditions.get(random.nextInt(conditions.size())),
                                        random.nextBoolean() ? "never" : "always",
                                        List.of("approve", "review", "deny").get(random.nextInt(3))));
                var claim = configuration.claims().getFirst();
                var proof = new Proofs(configuration, prover).refutation(claim);
                seen.add(proof.getClass().getSimpleName());
                assertThat(proof).as("seed %d", seed).isNotInstanceOf(Proof.Inconclusive.class);
                if (proof instanceof Proof.Never) {
                    for (int i = 0; i < 500; i++) {
                        var given = given(random);
                        var facts =
                                ((GivenFacts.Understood) GivenFacts.of(given, configuration.registrations())).facts();
                        assertThat(claim.isRefutedBy(configuration.policy(), facts))
                                .as("seed %d: %s refutes %s of %s", seed, given, claim, rules)
                                .isFalse();
                    }
                }
            }
        }
        assertThat(seen).containsExactly("Never", "Shown");
    }

    private static Map<String, Object> given(Random random) {
        if (random.nextInt(4) == 0) {
            return Map.of("client", "ship", "scopes", List.of("send"), "usage.idle_days", random.nextInt(120));
        }
        var scopes = List.of(List.of("read"), List.of("write"), List.of("read", "write"))
                .get(random.nextInt(3));
        boolean unfamiliar = scopes.contains("write") && random.nextBoolean();
        return Map.of(
                "client",
                "bot",
                "resource",
                "https://pay.example.com",
                "scopes",
                scopes,
                "usage.idle_days",
                (long) random.nextInt(120),
                "usage.mature",
                random.nextBoolean(),
                "usage.unfamiliar",
                unfamiliar,
                "findings",
                unfamiliar ? List.of("dormant") : random.nextBoolean() ? List.of("burst") : List.of(),
                "lifetime",
                (long) (1 + random.nextInt(200)),
                "details",
                random.nextBoolean() ? List.of() : List.of(Map.of("type", "refund", "amount", 7)));
    }

    private Path liar(String kind) throws IOException {
        var jar = path.resolve(kind + ".jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Liar.class.getName());
        try (OutputStream out = Files.newOutputStream(jar);
                var entries = new JarOutputStream(out, manifest);
                var code = Liar.class.getResourceAsStream("Liar.class")) {
            entries.putNextEntry(new JarEntry(Liar.class.getName().replace('.', '/') + ".class"));
            Objects.requireNonNull(code).transferTo(entries);
        }
        return jar;
    }
}
