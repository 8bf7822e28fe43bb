package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelRuntimeFactory;
import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Formulas against the engine that they stand for: random rules, random requests. A failure names its seed.
final class ProspectTest {
    private static final int RUNS = 100;

    private static final List<String> CONDITIONS = List.of(
            "true",
            "risk >= HIGH",
            "risk == LOW || risk == CRITICAL",
            "usage.idle_days > 60 && !usage.mature",
            "usage.mature && findings.size() == 0",
            "findings.size() > 1",
            "'write' in scopes",
            "!('read' in scopes) && 'nobody' in scopes",
            "scopes.exists(s, s.startsWith('wr') || s == 'admin')",
            "scopes.all(s, s.endsWith('ad') && risk < HIGH)",
            "scopes.size() > 1 ? usage.uses > 3 : auth.key_bound",
            "client.owner in ['payments', 'search'] && 'prod' in client.tags",
            "client.tags.all(t, t in ['prod', 'pci'])",
            "usage.unfamiliar",
            "usage.attested && usage.idle_days > 60",
            "usage.idle_days > 60 && !usage.attested || usage.attested_days > 3",
            "usage.unfamiliar == false && lifetime <= 120",
            "usage.first_time_scopes.size() > 0 || 'write' in usage.dormant_scopes",
            "'refund' in details_types && time.hour >= 9",
            "details.exists(d, d.amount > 100)",
            "details[0].amount > 3",
            "reason.size() > 3 && reason.contains('inc')",
            "reason == ticket",
            "resource_owner == client.owner || subject.id == client.id && client.id == 'other'",
            "usage.uses / 10 > lifetime",
            "usage.new.exists(n, n in findings) || 'network' in usage.new",
            "auth.method == 'private_key_jwt' || usage.idle_days < -1",
            "'office' in time.holidays && !('freeze' in time.windows) || reason == 'x'",
            "'office' in time.windows || time.windows.exists(w, w == 'freeze' && lifetime > 60)");

    private static final List<Effect> EFFECTS = List.of(
            new Effect.Approve(Optional.empty()),
            new Effect.Approve(Optional.of(Duration.ofMinutes(1))),
            Effect.Review.by(List.of(new Stage("security", 1))),
            new Effect.BreakTheGlass(
                    Duration.ofMinutes(1), 1, Effect.DAY, List.of(new Stage("security", 1)), Effect.DAY),
            Effect.Deny.because("no"));

    private static final Ask ASK = new Ask(
            "bot",
            "Bot",
            "payments",
            List.of("pci", "prod"),
            "client_secret_basic",
            "https://api.example.com",
            "payments",
            new TreeMap<>(Map.of("read", Risk.LOW, "write", Risk.HIGH, "admin", Risk.CRITICAL)),
            new TreeMap<>(Map.of("refund", Risk.MEDIUM)),
            "Europe/Berlin",
            Map.of(
                    "findings", List.of("burst", "dormant", "first_scope"),
                    "usage.new", List.of("agent", "network"),
                    "network.names", List.of("office", "vpn"),
                    "time.holidays", List.of("office"),
                    "time.windows", List.of("freeze", "office")),
            Set.of("dormant", "first_scope"));

    @Test
    void a_formula_is_true_of_the_requests_that_the_policy_gives_that_verdict() {
        var seen = new TreeSet<String>();
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            var policy = policy(random);
            boolean usageKnown = random.nextInt(3) > 0;
            var beyonds = new Beyonds();
            var prospect = Prospect.of(policy, ASK, usageKnown, beyonds);
            var assume = condition(random);
            var holds = prospect.holds(assume);
            var facts = facts(random, usageKnown);
            var judgement = policy.judge(facts);
            seen.add(judgement.verdict().word() + usageKnown);
            for (var word : List.of("approve", "review", "deny")) {
                assertThat(isTrue(prospect.verdict(word), facts, beyonds))
                        .as("seed %d: %s by %s of %s", seed, word, policy.rules(), facts)
                        .isEqualTo(judgement.verdict().word().equals(word));
            }
            assertThat(isTrue(holds, facts, beyonds))
                    .as("seed %d: %s of %s", seed, assume, facts)
                    .isEqualTo(assume.weigh(Activation.of(facts)).truth() == Truth.YES);
            for (var rule : policy.rules()) {
                assertThat(isTrue(prospect.settledBy(rule), facts, beyonds))
                        .as("seed %d: settled by %s of %s", seed, rule, facts)
                        .isEqualTo(judgement.verdict().rules().contains(rule.name()));
                assertThat(isTrue(prospect.applies(rule), facts, beyonds))
                        .as("seed %d: %s applies to %s", seed, rule, facts)
                        .isEqualTo(judgement.trace().stream()
                                .anyMatch(it -> it.rule().equals(rule.name()) && it.applied()));
            }
            assertThat(isTrue(prospect.nothingApplies(), facts, beyonds))
                    .as("seed %d: nothing of %s applies to %s", seed, policy.rules(), facts)
                    .isEqualTo(judgement.verdict().rule().equals(Policy.NO_RULE));
        }
        assertThat(seen).hasSize(6);
    }

    /// What a solver is given must hold of every request, or it proves what is not so.
    @Test
    void no_request_is_outside_of_what_is_asked_about() {
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            var facts = facts(random, true);
            for (var variable : Prospect.of(policy(random), ASK, true)
                    .verdict("approve")
                    .and(new Symbols(ASK, true).somethingAsked())
                    .variables()) {
                if (!variable.domain().isEmpty()) {
                    assertThat(isTrue(Formula.of(variable.domain(), Set.of(variable)), facts, new Beyonds()))
                            .as("seed %d: %s of %s", seed, variable, facts)
                            .isTrue();
                }
            }
            assertThat(isTrue(new Symbols(ASK, true).somethingAsked(), facts, new Beyonds()))
                    .isTrue();
        }
    }

    @Test
    void a_request_that_asks_for_more_than_another_registration_allows_is_outside_of_it() {
        var less = new Ask(
                ASK.client(),
                ASK.name(),
                ASK.owner(),
                ASK.tags(),
                ASK.authMethod(),
                ASK.resource(),
                ASK.resourceOwner(),
                Map.of("read", Risk.LOW),
                Map.of(),
                ASK.zone(),
                ASK.codes(),
                ASK.unfamiliar());
        var policy = Policies.of(new RuleSource("all", "true", EFFECTS.getFirst()));
        var now = Prospect.of(policy, ASK, true);
        var within = now.possibleBy(now.beside(policy, less));

        assertThat(isTrue(within, quiet().set("scopes", List.of("read")).build(), new Beyonds()))
                .isTrue();
        assertThat(isTrue(
                        within, quiet().set("scopes", List.of("read", "write")).build(), new Beyonds()))
                .isFalse();
        assertThat(isTrue(
                        within, quiet().set("details_types", List.of("refund")).build(), new Beyonds()))
                .isFalse();
    }

    @Test
    void a_text_that_the_verifier_reads_otherwise_is_left_open() {
        for (var text : List.of("\\\\u{41}", "😀")) {
            var policy = Policies.of(new RuleSource("odd", "reason == '" + text + "'", EFFECTS.getFirst()));
            assertThat(Prospect.of(policy, ASK, true).verdict("approve").variables())
                    .extracting(Formula.Variable::name)
                    .contains("b0_holds")
                    .doesNotContain("reason");
        }
    }

    private static Policy policy(Random random) {
        return Policies.of(IntStream.rangeClosed(1, 1 + random.nextInt(4))
                .mapToObj(number -> new RuleSource(
                        "r" + number,
                        CONDITIONS.get(random.nextInt(CONDITIONS.size())),
                        EFFECTS.get(random.nextInt(EFFECTS.size()))))
                .toList());
    }

    private static Condition condition(Random random) {
        return ((Condition.Compiled.Ready) Condition.compile(CONDITIONS.get(random.nextInt(CONDITIONS.size()))))
                .condition();
    }

    private static Facts.Builder quiet() {
        return Policies.quiet()
                .client(ASK.client(), ASK.name(), ASK.owner(), ASK.tags())
                .subject(ASK.client())
                .set("resource", ASK.resource())
                .set("resource_owner", ASK.resourceOwner());
    }

    /// As [dev.countersign.approval.Judge] gathers them.
    private static Facts facts(Random random, boolean usageKnown) {
        var scopes = some(random, ASK.scopes().keySet());
        var types =
                scopes.isEmpty() ? List.of("refund") : some(random, ASK.types().keySet());
        var risk = ASK.risk(scopes, types);
        var findings = some(random, List.of("burst", "dormant", "first_scope"));
        var facts = quiet().set("scopes", scopes)
                .set("details_types", types)
                .set("risk", risk)
                .set("lifetime", (long) (1 + random.nextInt(200)))
                .set("reason", List.of("", "inc-7", "because").get(random.nextInt(3)))
                .set("ticket", List.of("", "inc-7").get(random.nextInt(2)))
                .set("time.hour", (long) random.nextInt(24))
                .set("auth.key_bound", random.nextBoolean())
                .set("time.windows", some(random, List.of("freeze", "office")))
                .set("time.holidays", some(random, List.of("office")))
                .breakGlass(random.nextBoolean());
        if (!types.isEmpty()) {
            facts.set(
                    "details",
                    Policies.details(List.of(
                                    "[{\"amount\":200,\"type\":\"refund\"}]",
                                    "[{\"type\":\"refund\"}]",
                                    "[{\"amount\":\"much\",\"type\":\"refund\"}]",
                                    "[{\"amount\":5,\"type\":\"refund\"}]")
                            .get(random.nextInt(4))));
        }
        boolean high = risk >= FactSchema.level(Risk.HIGH);
        if (usageKnown) {
            long attested = Math.max(0, random.nextInt(9) - 4);
            return facts.set("usage.idle_days", (long) random.nextInt(120))
                    .set("usage.attested", attested > 0)
                    .set("usage.attested_days", attested)
                    .set("usage.uses", (long) random.nextInt(3_000))
                    .set("usage.mature", random.nextBoolean())
                    .set("usage.first_time_scopes", some(random, scopes))
                    .set("usage.dormant_scopes", some(random, scopes))
                    .set("usage.new", some(random, List.of("agent", "network")))
                    .set("findings", findings)
                    .set(
                            FactSchema.UNFAMILIAR,
                            high && (findings.contains("dormant") || findings.contains("first_scope")))
                    .build();
        }
        FactSchema.facts().stream().map(Fact::name).filter(Symbols::isOfUsage).forEach(facts::unknown);
        return high ? facts.build() : facts.set(FactSchema.UNFAMILIAR, false).build();
    }

    private static List<String> some(Random random, Collection<String> of) {
        return new TreeSet<>(of).stream().filter(_ -> random.nextBoolean()).toList();
    }

    /// The formula with the values that these facts give its variables.
    private static boolean isTrue(Formula formula, Facts facts, Beyonds beyonds) {
        var values = new HashMap<String, Object>();
        var compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(CelOptions.current().maxParseRecursionDepth(500).build());
        for (var variable : formula.variables()) {
            values.put(variable.name(), value(variable.name(), facts, beyonds));
            compiler.addVar(
                    variable.name(),
                    switch (variable.type()) {
                        case INT -> SimpleType.INT;
                        case STRING -> SimpleType.STRING;
                        case BOOL -> SimpleType.BOOL;
                    });
        }
        try {
            return (Boolean) CelRuntimeFactory.plannerRuntimeBuilder()
                    .build()
                    .createProgram(compiler.build().compile(formula.toString()).getAst())
                    .eval(values);
        } catch (Exception failed) {
            throw new AssertionError(formula.toString(), failed);
        }
    }

    private static Object value(String name, Facts facts, Beyonds beyonds) {
        if (name.startsWith("m_")) {
            var parts = name.split("_", -1);
            return facts.value(text(parts[1]))
                    .map(it -> ((List<?>) it).contains(text(parts[2])))
                    .orElse(false);
        }
        if (name.matches("b[0-9]+_.*")) {
            var text = new ArrayList<>(beyonds.texts()).get(Integer.parseInt(name.substring(1, name.indexOf('_'))));
            var truth = ((Condition.Compiled.Ready) Condition.compile(text))
                    .condition()
                    .weigh(Activation.of(facts))
                    .truth();
            return truth == (name.endsWith("_holds") ? Truth.YES : Truth.NO);
        }
        return facts.value(name).orElseThrow();
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), java.nio.charset.StandardCharsets.UTF_8);
    }
}
