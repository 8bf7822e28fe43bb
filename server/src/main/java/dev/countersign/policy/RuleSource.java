package dev.countersign.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A rule as it is written.
///
/// @param when the text of its condition
public record RuleSource(String name, String when, Effect then) {
    private static final Set<String> REQUIRABLE = Set.of("reason", "ticket");

    /// What is wrong with its effect.
    List<RuleFault> faults() {
        return switch (then) {
            case Effect.Approve(var lifetime) ->
                lifetime.stream()
                        .filter(it -> !it.isPositive())
                        .map(_ -> RuleFault.of(name, "approve", "a lifetime is longer than nothing"))
                        .toList();
            case Effect.Review review -> faults(review);
            case Effect.BreakTheGlass glass -> faults(glass);
            case Effect.Deny(var why) -> why.faults(name);
        };
    }

    private List<RuleFault> faults(Effect.BreakTheGlass glass) {
        var faults = new ArrayList<>(faults(glass.stages()));
        if (!glass.longest().isPositive()
                || !glass.per().isPositive()
                || !glass.within().isPositive()
                || glass.times() < 1) {
            faults.add(RuleFault.of(
                    name, "break_glass", "lifetime, per and within are longer than nothing, and times is 1 or more"));
        }
        return faults;
    }

    private List<RuleFault> faults(List<Stage> stages) {
        var faults = new ArrayList<RuleFault>();
        if (stages.isEmpty()) {
            faults.add(RuleFault.of(name, "stages", "a review names a group at least"));
        }
        var groups = new HashSet<String>();
        stages.stream()
                .filter(stage -> !groups.add(stage.group()))
                .forEach(stage -> faults.add(RuleFault.of(name, "stages", stage.group() + " stands here twice")));
        return faults;
    }

    private List<RuleFault> faults(Effect.Review review) {
        var faults = new ArrayList<RuleFault>();
        faults.addAll(faults(review.stages()));
        review.require().stream()
                .filter(it -> !REQUIRABLE.contains(it))
                .forEach(it ->
                        faults.add(RuleFault.of(name, "require", it + " cannot be required; reason and ticket can")));
        if (!review.within().isPositive()
                || !review.collect().isPositive()
                || review.lifetime().filter(it -> !it.isPositive()).isPresent()) {
            faults.add(RuleFault.of(name, "review", "within, collect and lifetime are longer than nothing"));
        }
        return faults;
    }
}
