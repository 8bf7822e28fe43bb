package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Random rules over random facts. A failure names its seed.
final class PolicyPropertyTest {
    private static final int RUNS = 3_000;

    private static final List<String> CONDITIONS = List.of(
            "true",
            "risk >= HIGH",
            "risk < MEDIUM",
            "usage.idle_days > 60",
            "usage.mature && findings.size() == 0",
            "'write' in scopes",
            "'dormant' in findings || risk == CRITICAL",
            "auth.key_bound",
            "!(usage.uses > 3)",
            "details[0].amount > 3");

    private static final List<RuleSource> RULES = rules();

    /// The same rules, planned once.
    private static final Policy ALL = Policies.of(RULES);

    @Test
    void the_order_of_rules_means_nothing() {
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            var rules = some(random);
            var facts = facts(random);
            var shuffled = new ArrayList<>(rules);
            Collections.shuffle(shuffled, random);
            assertThat(new Policy("v", shuffled).judge(facts))
                    .as("seed %d", seed)
                    .isEqualTo(new Policy("v", rules).judge(facts));
        }
    }

    @Test
    void one_more_rule_never_loosens() {
        int compared = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            var rules = some(random);
            var facts = facts(random);
            var before = new Policy("v", rules).judge(facts).verdict();
            rules.add(ALL.rules().get(random.nextInt(ALL.rules().size())));
            var after = new Policy("v", rules).judge(facts).verdict();
            if (!before.rule().equals(Policy.NO_RULE)) {
                compared++;
                assertThat(asTightAs(after, before))
                        .as("seed %d: %s, then %s", seed, before, after)
                        .isTrue();
                assertThat(Loosening.between(before, after, facts).looser())
                        .as("seed %d: %s, then %s", seed, before, after)
                        .isEmpty();
                assertThat(Loosening.between(after, before, facts).tighter())
                        .as("seed %d: %s, after %s", seed, before, after)
                        .isEmpty();
            }
        }
        assertThat(compared).isGreaterThan(RUNS / 2);
    }

    /// Where no rule spoke, a missing fact may put the request before people instead: that is what a review rule says
    /// of the unknown.
    @Test
    void one_fact_less_never_loosens() {
        int compared = 0;
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            var policy = new Policy("v", some(random));
            var facts = facts(random);
            var names = List.copyOf(facts.known().keySet());
            var less = facts.toBuilder()
                    .unknown(names.get(random.nextInt(names.size())))
                    .build();
            var before = policy.judge(facts).verdict();
            var after = policy.judge(less).verdict();
            if (!before.rule().equals(Policy.NO_RULE)) {
                compared++;
                assertThat(asTightAs(after, before))
                        .as("seed %d: %s, then %s", seed, before, after)
                        .isTrue();
            }
        }
        assertThat(compared).isGreaterThan(RUNS / 2);
    }

    private static boolean asTightAs(Verdict after, Verdict before) {
        if (strictness(after) != strictness(before)) {
            return strictness(after) > strictness(before) && (after instanceof Verdict.Deny || caps(after, before));
        }
        if (after instanceof Verdict.Review now && before instanceof Verdict.Review then) {
            return caps(after, before)
                    && then.stages().stream()
                            .allMatch(it -> now.stages().stream().anyMatch(stage -> stage.covers(it)))
                    && now.within().compareTo(then.within()) <= 0
                    && now.collect().compareTo(then.collect()) <= 0
                    && now.require().containsAll(then.require());
        }
        return after instanceof Verdict.Deny || caps(after, before);
    }

    private static boolean caps(Verdict after, Verdict before) {
        return cap(after).compareTo(cap(before)) <= 0;
    }

    private static Duration cap(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve approve -> approve.lifetime().orElse(Effect.LIFETIME);
            case Verdict.Review review -> review.lifetime().orElse(Effect.LIFETIME);
            case Verdict.Deny _ -> Duration.ZERO;
        };
    }

    private static int strictness(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve _ -> 0;
            case Verdict.Review _ -> 1;
            case Verdict.Deny _ -> 2;
        };
    }

    private static List<Rule> some(Random random) {
        var rules = new ArrayList<>(ALL.rules());
        Collections.shuffle(rules, random);
        return new ArrayList<>(rules.subList(0, random.nextInt(6)));
    }

    private static Facts facts(Random random) {
        var facts = Policies.quiet()
                .set("risk", random.nextInt(4))
                .set("usage.idle_days", random.nextInt(120))
                .set("usage.mature", random.nextBoolean())
                .set("usage.uses", random.nextInt(6))
                .set("auth.key_bound", random.nextBoolean())
                .set("scopes", random.nextBoolean() ? List.of("read", "write") : List.of("read"))
                .set("findings", random.nextBoolean() ? List.of("dormant") : List.of())
                .set("details", Policies.details(random.nextBoolean() ? "[{\"amount\":5}]" : "[]"));
        FactSchema.facts().stream().filter(_ -> random.nextInt(12) == 0).forEach(fact -> facts.unknown(fact.name()));
        return facts.build();
    }

    private static List<RuleSource> rules() {
        var random = new Random(7);
        return IntStream.range(0, 60)
                .mapToObj(i -> new RuleSource("rule-" + i, CONDITIONS.get(i % CONDITIONS.size()), effect(random)))
                .toList();
    }

    private static Effect effect(Random random) {
        Optional<Duration> lifetime =
                random.nextBoolean() ? Optional.of(Duration.ofMinutes(1 + random.nextInt(40))) : Optional.empty();
        return switch (random.nextInt(5)) {
            case 0, 1 -> new Effect.Approve(lifetime);
            case 2, 3 ->
                new Effect.Review(
                        List.of(
                                new Stage("g" + random.nextInt(2), 1 + random.nextInt(3), escalation(random)),
                                new Stage("h" + random.nextInt(3), 1, escalation(random))),
                        Duration.ofMinutes(1 + random.nextInt(30)),
                        Duration.ofMinutes(1 + random.nextInt(30)),
                        lifetime,
                        random.nextBoolean() ? List.of("reason") : List.of("ticket"));
            default -> Effect.Deny.because("no, {risk}");
        };
    }

    private static Optional<Escalation> escalation(Random random) {
        return random.nextInt(3) == 0
                ? Optional.empty()
                : Optional.of(new Escalation(Duration.ofMinutes(1 + random.nextInt(9)), "e" + random.nextInt(2)));
    }
}
