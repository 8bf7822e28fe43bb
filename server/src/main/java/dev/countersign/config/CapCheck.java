package dev.countersign.config;

import dev.countersign.policy.Condition;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Rule;

/// Finds caps that contradict their rule: it speaks of no request but those that ask for a longer life than it lets a
/// token have, so that nobody ever gets by it what they ask for.
final class CapCheck {
    private final Names names;
    private final Faults faults;

    CapCheck(Names names, Faults faults) {
        this.names = names;
        this.faults = faults;
    }

    void check(View root) {
        root.views("policies").forEach(this::rule);
    }

    private void rule(View rule) {
        var when = names.conditions().compile(rule.text("when"));
        if (rule.has("when") && when instanceof Condition.Compiled.Ready(var condition)) {
            Records.effect(rule)
                    .filter(it -> new Rule(rule.text("rule"), condition, it).isNeverMet())
                    .ifPresent(it -> faults.add(cap(rule, it), said(rule, it)));
        }
    }

    private static String said(View rule, Effect effect) {
        return "rule `%s` speaks only of requests that ask for longer than %s, which is the most it lets a token live; write a longer `lifetime`, or another condition"
                .formatted(rule.text("rule"), Units.written(effect.lifetime().orElse(Effect.LIFETIME)));
    }

    /// Where the cap is written, or the verdict that has none of its own.
    private static Place cap(View rule, Effect effect) {
        return rule.view(effect.word())
                .filter(it -> it.has("lifetime"))
                .map(it -> it.at("lifetime"))
                .orElse(rule.at(effect.word()));
    }
}
