package dev.countersign.policy;

import java.util.List;

/// A verdict and how it came about.
///
/// @param trace every rule of the policy, sorted by name
public record Judgement(Verdict verdict, List<RuleTrace> trace) {
    /// Whether it might be another if sources had said what they did not: no rule is known to deny, and one
    /// that is not known to hold or not speaks of a source.
    public boolean hangsOnSilence() {
        return trace.stream().noneMatch(it -> it.effect().equals("deny") && it.truth() == Truth.YES)
                && trace.stream()
                        .anyMatch(it -> it.truth() == Truth.UNKNOWN
                                && it.unknown().stream().anyMatch(SourceFacts::is));
    }
}
