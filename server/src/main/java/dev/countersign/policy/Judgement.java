package dev.countersign.policy;

import java.util.List;

/// A verdict and how it came about.
///
/// @param trace every rule of the policy, sorted by name
public record Judgement(Verdict verdict, List<RuleTrace> trace) {}
