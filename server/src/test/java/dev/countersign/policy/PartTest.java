package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Conditions taken apart.
final class PartTest {
    private static final int RUNS = 400;

    private static final List<String> CONDITIONS = List.of(
            "true",
            "risk >= HIGH && usage.idle_days > 60",
            "!(usage.uses > 3) || (auth.key_bound && 'write' in scopes)",
            "usage.mature && findings.size() == 0 && risk < MEDIUM",
            "risk == LOW || risk == MEDIUM || 'dormant' in findings",
            "usage.mature ? risk < HIGH : auth.key_bound",
            "details[0].amount > 3 && risk >= MEDIUM",
            "details.exists(d, d.amount > 3 && d.amount < 9) || !usage.mature",
            "!(risk > LOW && !(usage.idle_days < 20 || 'write' in scopes))",
            "details[0].flag && auth.key_bound",
            "(usage.mature == auth.key_bound) != (risk in [LOW, HIGH])",
            "usage.mature ? (auth.key_bound ? risk > LOW : risk < HIGH) : usage.uses / (usage.idle_days - 10) > 1");

    @Test
    void the_parts_are_the_sides_of_and_and_or_and_what_they_compare() {
        assertThat(parts("risk >= HIGH && (usage.mature || !('write' in scopes)) && usage.uses > 3"))
                .containsExactly(
                        "1:1 AND risk >= HIGH && (usage.mature || !(\"write\" in scopes)) && usage.uses > 3",
                        "1:1 NONE risk >= HIGH",
                        "1:18 OR usage.mature || !(\"write\" in scopes)",
                        "1:18 NONE usage.mature",
                        "1:34 NOT !(\"write\" in scopes)",
                        "1:36 NONE \"write\" in scopes",
                        "1:59 NONE usage.uses > 3");
    }

    @Test
    void a_loop_is_one_comparison_and_reads_as_it_was_written() {
        assertThat(parts("usage.mature &&\n  details.exists(d, d.amount > 3)"))
                .containsExactly(
                        "1:1 AND usage.mature && details.exists(d, d.amount > 3)",
                        "1:1 NONE usage.mature",
                        "2:3 NONE details.exists(d, d.amount > 3)");
    }

    private static List<String> parts(String condition) {
        return compiled(condition)
                .parts()
                .all()
                .map(it -> it.line() + ":" + it.column() + " " + it.joint() + " " + it.text())
                .toList();
    }

    @Test
    void the_truth_of_the_parts_makes_the_truth_of_the_whole() {
        for (var text : CONDITIONS) {
            var condition = compiled(text);
            var whole = condition.parts();
            for (int seed = 0; seed < RUNS; seed++) {
                var facts = facts(new Random(seed));
                var weighed = whole.weigh(facts);
                assertThat(weighed.truth())
                        .as("%s, seed %d", text, seed)
                        .isEqualTo(condition.weigh(Activation.of(facts)).truth());
                assertThat(weighed.all())
                        .as("%s, seed %d", text, seed)
                        .allSatisfy(it ->
                                assertThat(it.truth()).as(it.part().text()).isEqualTo(united(it)));
            }
        }
    }

    /// Kleene's logic over the parts.
    private static Truth united(Part.Weighed it) {
        var parts = it.parts().stream().map(Part.Weighed::truth).toList();
        return switch (it.part().joint()) {
            case NONE -> it.truth();
            case AND -> parts.stream().min(Truth::compareTo).orElseThrow();
            case OR -> parts.stream().max(Truth::compareTo).orElseThrow();
            case NOT ->
                switch (parts.getFirst()) {
                    case YES -> Truth.NO;
                    case NO -> Truth.YES;
                    case UNKNOWN -> Truth.UNKNOWN;
                };
            case CHOICE ->
                switch (parts.getFirst()) {
                    case YES -> parts.get(1);
                    case NO -> parts.get(2);
                    case UNKNOWN -> Truth.UNKNOWN;
                };
        };
    }

    private static Facts facts(Random random) {
        var facts = Policies.quiet()
                .set("risk", random.nextInt(4))
                .set("usage.idle_days", random.nextInt(30))
                .set("usage.mature", random.nextBoolean())
                .set("usage.uses", random.nextInt(6))
                .set("auth.key_bound", random.nextBoolean())
                .set("scopes", random.nextBoolean() ? List.of("read", "write") : List.of("read"))
                .set("findings", random.nextBoolean() ? List.of("dormant") : List.of())
                .set(
                        "details",
                        Policies.details(random.nextBoolean() ? "[{\"amount\":" + random.nextInt(12) + "}]" : "[]"));
        FactSchema.facts().stream().filter(_ -> random.nextInt(8) == 0).forEach(fact -> facts.unknown(fact.name()));
        return facts.build();
    }

    private static Condition compiled(String text) {
        return switch (Condition.compile(text)) {
            case Condition.Compiled.Ready(var condition) -> condition;
            case Condition.Compiled.Faulty(var faults) -> throw new AssertionError(text + ": " + faults);
        };
    }
}
