package dev.countersign.dashboard;

import java.util.List;
import java.util.Optional;

/// The policy in force: its rules as sentences, with what they settled of late.
///
/// @param version of the configuration that has it
/// @param rules the strictest first
/// @param unspoken what no rule spoke of, and was refused therefore
/// @param suggestions what people always agree to, and a rule could for a while
/// @param shadow what a candidate that runs beside it says; empty when none does
/// @param published the last publications, the newest first
public record PolicyView(
        String version,
        List<Rule> rules,
        Optional<Bars> unspoken,
        List<Suggested> suggestions,
        Optional<Shadow> shadow,
        List<Published> published)
        implements View {
    /// One rule.
    ///
    /// @param effect `deny`, `break_glass`, `review` or `approve`
    /// @param condition as it is written
    /// @param bars of the last 30 days; empty when it settled nothing
    /// @param totals the same in words
    public record Rule(
            String name, String effect, String sentence, String condition, Optional<Bars> bars, String totals) {
        /// The effect in words.
        public String kind() {
            return switch (effect) {
                case "deny" -> "refuses";
                case "review" -> "asks people";
                case "break_glass" -> "breaks glass";
                default -> "lets pass";
            };
        }
    }

    /// What people always agree to.
    ///
    /// @param yaml to be pasted and published
    public record Suggested(String sentence, String yaml) {}

    /// A candidate that judges beside the policy in force.
    public record Shadow(String version, Moment since, FlipsView flips) {}

    /// A publication.
    ///
    /// @param by who published it
    /// @param request the access request by which it was agreed to; empty when it needed none
    public record Published(long number, String version, String by, Moment at, Optional<String> request) {}
}
