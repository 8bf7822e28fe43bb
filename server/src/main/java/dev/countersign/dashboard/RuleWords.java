package dev.countersign.dashboard;

import dev.countersign.policy.Effect;
import dev.countersign.policy.Rule;
import dev.countersign.policy.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says a rule as a sentence.
final class RuleWords {
    private RuleWords() {}

    /// "When its risk is high: people decide, …".
    static String of(Rule rule) {
        var when = ConditionWords.of(rule.when());
        return (when.equals("always") ? "Always: " : "When " + when + ": ") + effect(rule.then()) + ".";
    }

    private static String effect(Effect then) {
        return switch (then) {
            case Effect.Approve it ->
                "it passes at once, for " + Moment.words(it.lifetime().orElse(Effect.LIFETIME)) + " at most";
            case Effect.Review it ->
                people(it.stages()) + " must approve within " + Moment.words(it.within()) + longest(it.lifetime())
                        + several(it) + ahead(it.ahead()) + required(it.require())
                        + (it.signed() ? "; each vote is signed with a passkey" : "")
                        + (it.substitutes() ? "; who stands in for somebody away may vote in their place" : "")
                        + it.rest()
                                .map(rest -> "; who approved " + rest.approvals() + " requests in "
                                        + Moment.words(rest.per()) + " approves no more for now")
                                .orElse("");
            case Effect.BreakTheGlass it ->
                "it passes before people look if the client breaks the glass, for " + Moment.words(it.longest())
                        + " at most, " + times(it.times()) + " in " + Moment.words(it.per()) + "; "
                        + people(it.stages())
                        + " must look at it within " + Moment.words(it.within());
            case Effect.Deny it -> "it is refused, since “" + it.why().text() + "”";
        };
    }

    private static String people(List<Stage> stages) {
        return stages.stream().map(RuleWords::stage).collect(Collectors.joining(" and "));
    }

    private static String stage(Stage stage) {
        return stage.votes() + " of " + stage.group()
                + stage.escalates()
                        .map(it -> " (after " + Moment.words(it.after()) + " of " + it.to() + ", too)")
                        .orElse("");
    }

    private static String longest(Optional<Duration> lifetime) {
        return lifetime.map(it -> "; the token lives for " + Moment.words(it) + " at most")
                .orElse("");
    }

    private static String several(Effect.Review it) {
        return it.uses() == 1
                ? ""
                : "; one approval gives up to " + it.uses() + " tokens in " + Moment.words(it.collect());
    }

    private static String ahead(Optional<Duration> ahead) {
        return ahead.map(it -> "; it may be asked for " + Moment.words(it) + " before it starts")
                .orElse("");
    }

    private static String required(List<String> names) {
        return names.isEmpty() ? "" : "; it has to say its " + String.join(" and its ", names);
    }

    private static String times(int times) {
        return times == 1 ? "once" : times + " times";
    }
}
