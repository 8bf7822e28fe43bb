package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.policy.ReferencePolicy.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The engine beside a small interpreter that is obviously right, on small policies and facts made at random. A failure
/// names its seed, the rules and the facts.
final class PolicyDifferentialTest {
    private static final int POLICIES = 400;
    private static final int REQUESTS = 25;
    private static final List<String> GROUPS = List.of("oncall", "security", "leads");
    private static final List<String> SCOPES = List.of("read", "write", "burn");
    private static final List<String> FINDINGS = List.of("storm", "dormant");

    @Test
    void the_engine_says_what_the_reference_says() {
        var words = new HashSet<String>();
        for (int seed = 0; seed < POLICIES; seed++) {
            var random = new Random(seed);
            var rules = rules(random);
            var policy = compiled(rules);
            for (int at = 0; at < REQUESTS; at++) {
                var facts = facts(random);
                var said = ReferencePolicy.Said.of(policy.judge(built(facts)).verdict());
                assertThat(said)
                        .as("seed %d, request %d: %s of %s", seed, at, rules, facts)
                        .isEqualTo(ReferencePolicy.judge(rules, facts));
                words.add(said.word());
            }
        }
        assertThat(words).containsExactlyInAnyOrder("approve", "review", "deny");
    }

    /// Condition by condition, so that a wrong one does not hide behind a stricter rule.
    @Test
    void each_condition_weighs_as_it_does_by_the_reference() {
        for (int seed = 0; seed < POLICIES; seed++) {
            var random = new Random(1_000_000 + seed);
            var tree = tree(random, 4);
            var when = condition(tree);
            for (int at = 0; at < REQUESTS; at++) {
                var facts = facts(random);
                assertThat(when.weigh(Activation.of(built(facts))).truth())
                        .as("seed %d: %s of %s", seed, ReferencePolicy.text(tree), facts)
                        .isEqualTo(ReferencePolicy.worth(tree, facts)
                                .map(it -> it ? Truth.YES : Truth.NO)
                                .orElse(Truth.UNKNOWN));
            }
        }
    }

    private static Condition condition(Tree tree) {
        return switch (Condition.compile(ReferencePolicy.text(tree))) {
            case Condition.Compiled.Ready(var it) -> it;
            case Condition.Compiled.Faulty(var faults) ->
                throw new AssertionError(ReferencePolicy.text(tree) + ": " + faults);
        };
    }

    private static Policy compiled(List<ReferencePolicy.Rule> rules) {
        return Policies.of(rules.stream()
                .map(it -> new RuleSource(it.name(), ReferencePolicy.text(it.when()), it.then()))
                .toList());
    }

    private static List<ReferencePolicy.Rule> rules(Random random) {
        return IntStream.range(0, 1 + random.nextInt(5))
                .mapToObj(it -> new ReferencePolicy.Rule("rule-" + it, tree(random, 3), effect(random)))
                .toList();
    }

    private static Effect effect(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Effect.Deny.because("no");
            case 1 ->
                new Effect.BreakTheGlass(
                        seconds(random), 1 + random.nextInt(3), Effect.DAY, stages(random), Effect.DAY);
            case 2, 3 ->
                new Effect.Review(
                        stages(random),
                        seconds(random),
                        seconds(random),
                        cap(random),
                        random.nextBoolean() ? List.of("reason") : List.of(),
                        1 + random.nextInt(3),
                        Optional.empty());
            default -> new Effect.Approve(cap(random));
        };
    }

    private static List<Stage> stages(Random random) {
        var stages = new ArrayList<Stage>();
        GROUPS.stream()
                .filter(_ -> random.nextBoolean())
                .forEach(it -> stages.add(new Stage(it, 1 + random.nextInt(3))));
        return stages.isEmpty() ? List.of(new Stage("oncall", 1)) : stages;
    }

    private static Duration seconds(Random random) {
        return Duration.ofSeconds(30 + 30L * random.nextInt(60));
    }

    private static Optional<Duration> cap(Random random) {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(seconds(random));
    }

    private static Tree tree(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return leaf(random);
        }
        return switch (random.nextInt(4)) {
            case 0 -> new Tree.Not(tree(random, depth - 1));
            case 1 -> new Tree.And(tree(random, depth - 1), tree(random, depth - 1));
            case 2 -> new Tree.Or(tree(random, depth - 1), tree(random, depth - 1));
            default -> new Tree.Choice(tree(random, depth - 1), tree(random, depth - 1), tree(random, depth - 1));
        };
    }

    private static Tree leaf(Random random) {
        var operators = List.of("<", "<=", ">", ">=", "==", "!=");
        var operator = operators.get(random.nextInt(operators.size()));
        return switch (random.nextInt(7)) {
            case 0 -> new Tree.Compared("risk", operator, random.nextInt(4));
            case 1 -> new Tree.Compared("usage.idle_days", operator, random.nextInt(4) * 30L);
            case 2 -> new Tree.Compared("lifetime", operator, random.nextInt(4) * 60L);
            case 3 -> new Tree.Flag(random.nextBoolean() ? "usage.mature" : "auth.key_bound");
            case 4 -> new Tree.In(SCOPES.get(random.nextInt(3)), "scopes");
            case 5 -> new Tree.In(FINDINGS.get(random.nextInt(2)), "findings");
            default -> new Tree.Is("client.id", random.nextBoolean() ? "bot" : "other");
        };
    }

    /// Some of them are missing.
    private static Map<String, Object> facts(Random random) {
        var facts = new HashMap<String, Object>();
        put(facts, random, "risk", (long) random.nextInt(4));
        put(facts, random, "usage.idle_days", random.nextInt(5) * 30L);
        put(facts, random, "lifetime", random.nextInt(5) * 60L + 1);
        put(facts, random, "usage.mature", random.nextBoolean());
        put(facts, random, "auth.key_bound", random.nextBoolean());
        put(
                facts,
                random,
                "scopes",
                SCOPES.stream().filter(_ -> random.nextBoolean()).toList());
        put(
                facts,
                random,
                "findings",
                FINDINGS.stream().filter(_ -> random.nextBoolean()).toList());
        put(facts, random, "client.id", random.nextBoolean() ? "bot" : "other");
        put(facts, random, "resource_owner", GROUPS.get(random.nextInt(3)));
        put(facts, random, "usage.unfamiliar", random.nextInt(3) == 0);
        put(facts, random, "usage.attested", random.nextInt(8) == 0);
        put(facts, random, "break_glass", random.nextInt(4) == 0);
        return facts;
    }

    private static void put(Map<String, Object> facts, Random random, String name, Object value) {
        if (random.nextInt(8) > 0) {
            facts.put(name, value);
        }
    }

    private static Facts built(Map<String, Object> facts) {
        var builder = Facts.builder();
        facts.forEach(builder::set);
        return builder.build();
    }
}
