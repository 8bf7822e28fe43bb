package dev.countersign.config;

import dev.countersign.policy.Condition;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Rule;
import dev.countersign.policy.SourceFacts;
import dev.countersign.policy.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What may be meant by rules that have faults. One whose condition and verdict can be read is meant as it is written;
/// any other may apply or not, and to anything.
final class Meant {
    /// With more, nobody looks at all of them.
    private static final int MOST = 256;

    /// It applies whatever the facts are, and speaks of none.
    private static final Condition ALWAYS = condition("true");

    /// The same and it speaks of usage, so that it lets through what is unfamiliar, too.
    private static final Condition ALWAYS_USED = condition("true || usage.uses >= 0");

    private static final List<Stage> SOMEBODY = List.of(new Stage("(not read)", 1));

    private final List<String> unread = new ArrayList<>();
    private final List<List<Rule>> ways = new ArrayList<>();
    private final List<Rule> read = new ArrayList<>();

    /// @param taken the rules that have faults
    /// @param sources the facts of sources that they may speak of
    Meant(List<Sound.Taken> taken, SourceFacts sources) {
        for (var it : taken) {
            var name =
                    it.rule().text("rule").isEmpty() ? "(unnamed)" : it.rule().text("rule");
            var effect = Records.effect(it.rule());
            var when = it.isRead() ? compiled(it.rule().text("when"), sources) : Optional.<Condition>empty();
            if (effect.isPresent() && when.isPresent()) {
                read.add(new Rule(name, when.get(), effect.get()));
            } else {
                unread.add("rule `" + name + "`");
                ways.add(effect.map(then -> ways(name, then)).orElseGet(() -> any(name)));
            }
        }
    }

    /// The rules that cannot be read, in words.
    List<String> unread() {
        return unread;
    }

    /// Those of which only groups, times or the like have faults, in words.
    List<String> read() {
        return read.stream().map(it -> "rule `" + it.name() + "`").toList();
    }

    /// The policies that may be meant together with these rules, without those that cannot be read first.
    List<Policy> policies(Policy others) {
        var rules = new ArrayList<>(others.rules());
        rules.addAll(read);
        var all = new ArrayList<>(List.of(List.<Rule>copyOf(rules)));
        for (var each : ways) {
            for (var before : List.copyOf(all)) {
                each.forEach(way -> {
                    var more = new ArrayList<>(before);
                    more.add(way);
                    all.add(more);
                });
            }
            if (all.size() > MOST) {
                return List.of();
            }
        }
        return all.stream().map(others::with).toList();
    }

    private static Optional<Condition> compiled(String when, SourceFacts sources) {
        return switch (Condition.compile(when, sources)) {
            case Condition.Compiled.Ready(var it) -> Optional.of(it);
            case Condition.Compiled.Faulty _ -> Optional.empty();
        };
    }

    private static Condition condition(String text) {
        return compiled(text, SourceFacts.NONE).orElseThrow();
    }

    /// The ways in which a rule may apply that gives this.
    private static List<Rule> ways(String name, Effect then) {
        return then instanceof Effect.Approve
                ? List.of(new Rule(name, ALWAYS, then), new Rule(name, ALWAYS_USED, then))
                : List.of(new Rule(name, ALWAYS, then));
    }

    private static List<Rule> any(String name) {
        var all = new ArrayList<Rule>();
        all.addAll(ways(name, Effect.Deny.because("it cannot be read")));
        all.addAll(ways(name, Effect.Review.by(SOMEBODY)));
        all.addAll(ways(name, new Effect.Approve(Optional.empty())));
        all.addAll(ways(
                name,
                new Effect.BreakTheGlass(
                        Effect.BREAK_GLASS_LIFETIME, Effect.TIMES, Effect.DAY, SOMEBODY, Duration.ofDays(1))));
        return all;
    }
}
