package dev.countersign.dashboard;

import java.util.List;

/// How policy came to what it said of one request: each rule, part by part, with the facts it was told.
///
/// @param reference what was looked up
/// @param sentence what was recorded, in words
/// @param version the policy of then
/// @param because why it says so
/// @param terms what the verdict holds, each with the rules it is from
/// @param rules those that applied first
/// @param untold why there is no trace; empty when there is
public record DecisionView(
        String reference,
        String client,
        Moment at,
        String sentence,
        String version,
        String because,
        List<RefusalsView.Line> terms,
        List<Rule> rules,
        List<RefusalsView.Line> facts,
        String untold)
        implements View {
    /// One rule.
    ///
    /// @param said whether it applies, and why
    /// @param parts its condition, from the top down
    public record Rule(String name, String effect, boolean applied, String said, List<Part> parts) {}

    /// A part of a condition.
    ///
    /// @param depth how deep it stands, from 0
    /// @param truth `yes`, `no` or `unknown`
    /// @param facts those it speaks of with their values, where it is a comparison
    public record Part(int depth, String truth, String text, String facts) {}
}
