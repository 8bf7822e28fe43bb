package dev.countersign.policy;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How much of a policy some requests reach: how each rule weighed for them, and which parts of its condition were ever
/// true and ever false.
///
/// @param rules by name
public record Coverage(List<OfRule> rules) {
    /// How much of one rule they reach.
    ///
    /// @param yes for how many its condition held; likewise the next two
    /// @param applied for how many the verdict heeded it
    /// @param parts the whole condition first, then what it is made of
    public record OfRule(Rule rule, int yes, int no, int unknown, int applied, List<OfPart> parts) {
        /// What is missing: the comparisons and sides of `&&` and `||` that were never true, or never false. What
        /// speaks of no fact can be but one of them.
        public List<OfPart> gaps() {
            boolean comparison = parts.getFirst().part().parts().isEmpty();
            return parts.stream()
                    .skip(comparison ? 0 : 1)
                    .filter(it -> !it.wasTrue() || !it.wasFalse())
                    .filter(it -> !it.part().facts().isEmpty())
                    .toList();
        }
    }

    /// What a part of its condition was.
    ///
    /// @param wasTrue whether it was true for any of them
    public record OfPart(Part part, boolean wasTrue, boolean wasFalse) {}

    /// What these requests reach.
    public static Coverage of(Policy policy, Collection<Facts> requests) {
        var all = List.copyOf(requests);
        var activations = all.stream().map(Activation::of).toList();
        return new Coverage(
                policy.rules().stream().map(it -> of(it, all, activations)).toList());
    }

    private static OfRule of(Rule rule, List<Facts> facts, List<Activation> requests) {
        var whole = rule.when().parts();
        var truths = truths(whole, requests);
        return new OfRule(
                rule,
                Collections.frequency(truths, Truth.YES),
                Collections.frequency(truths, Truth.NO),
                Collections.frequency(truths, Truth.UNKNOWN),
                (int) IntStream.range(0, facts.size())
                        .filter(i -> rule.applies(truths.get(i), facts.get(i)))
                        .count(),
                whole.all().map(it -> of(it, truths(it, requests))).toList());
    }

    private static OfPart of(Part part, List<Truth> truths) {
        return new OfPart(part, truths.contains(Truth.YES), truths.contains(Truth.NO));
    }

    private static List<Truth> truths(Part part, List<Activation> requests) {
        return requests.stream().map(it -> part.weigh(it).truth()).toList();
    }

    /// The rules that applied to none of them.
    public List<String> untouched() {
        return rules.stream()
                .filter(it -> it.applied() == 0)
                .map(it -> it.rule().name())
                .toList();
    }

    /// The rules that apply to none of these requests, by name.
    public static List<String> untouched(Policy policy, Collection<Facts> requests) {
        var touched = requests.stream()
                .flatMap(it -> policy.judge(it).trace().stream())
                .filter(RuleTrace::applied)
                .map(RuleTrace::rule)
                .collect(Collectors.toSet());
        return policy.rules().stream()
                .map(Rule::name)
                .filter(it -> !touched.contains(it))
                .toList();
    }
}
