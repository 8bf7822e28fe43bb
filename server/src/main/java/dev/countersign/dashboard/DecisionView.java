package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// How policy came to what it said of one request: each rule, part by part, with the facts it was told.
///
/// @param reference what was looked up
/// @param sentence what was recorded, in words
/// @param version the policy of then
/// @param because why it says so
/// @param terms what the verdict holds, each with the rules it is from
/// @param rules those that applied first
/// @param instead what would have changed it; empty when there is no trace
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
        Optional<Instead> instead,
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

    /// The smallest changes of facts that would have given it another verdict.
    ///
    /// @param tried how much was looked through
    public record Instead(List<Change> changes, String tried) {}

    /// One of them.
    ///
    /// @param sentence what would have to be otherwise
    /// @param verdict what policy would then say
    /// @param rules those that it would say so by
    /// @param by who can bring it about
    public record Change(String sentence, String verdict, String rules, String by) {}
}
