package dev.countersign.policy;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What several rules ask for together. Deny beats review beats approve, and only a client that breaks the glass by a
/// rule that lets it gets past reviews; reviews unite: all stages, the larger number
/// of votes for a group, the smallest times, everything that any of them requires. In a group's place nobody decides
/// whom not all of them let that speak of the group.
///
/// No step here depends on the order of the rules, and each can only tighten, so one more rule never loosens the
/// others. What a rule does not say counts as the value that holds when none says: silence loosens nothing either.
final class Union {
    private static final String SILENCE = "no rule speaks of this";
    private static final String WHOLE = "people decide this, and no rule lets this client break the glass for it";

    private Union() {}

    /// @param applied the rules that apply, sorted by name
    /// @param capping the rules whose caps count
    /// @param signFrom the risk from which on votes are signed; empty when none is
    /// @param signsLooks whether those who look at broken glass sign where they would if they voted
    static Verdict of(
            List<Rule> applied,
            List<Rule> capping,
            String version,
            Facts facts,
            Optional<Risk> signFrom,
            boolean signsLooks) {
        var denies = new ArrayList<String>();
        var reasons = new ArrayList<String>();
        var reviews = new ArrayList<Effect.Review>();
        var reviewers = new ArrayList<String>();
        var approves = new ArrayList<String>();
        var glasses = new TreeMap<String, Effect.BreakTheGlass>();
        for (var rule : applied) {
            switch (rule.then()) {
                case Effect.Deny(var why) -> {
                    denies.add(rule.name());
                    reasons.add(why.fill(facts));
                }
                case Effect.Review review -> {
                    reviewers.add(rule.name());
                    reviews.add(review);
                }
                case Effect.Approve _ -> approves.add(rule.name());
                case Effect.BreakTheGlass glass -> glasses.put(rule.name(), glass);
            }
        }
        if (!denies.isEmpty()) {
            return new Verdict.Deny(
                    List.copyOf(denies), version, reasons.stream().distinct().collect(Collectors.joining("; ")));
        }
        // Where policy approves anyhow, the glass stays whole.
        if (!glasses.isEmpty() && (approves.isEmpty() || !reviews.isEmpty())) {
            return new Verdict.Approve(
                    List.copyOf(glasses.keySet()),
                    version,
                    lifetime(capping),
                    Optional.of(glass(glasses, signsLooks && (isSigned(facts, signFrom) || anySigned(reviews)))));
        }
        if (!reviews.isEmpty() && BreakGlass.isAsked(facts)) {
            return new Verdict.Deny(List.copyOf(reviewers), version, WHOLE);
        }
        if (!reviews.isEmpty()) {
            return review(List.copyOf(reviewers), version, reviews, lifetime(capping), isSigned(facts, signFrom));
        }
        return approves.isEmpty()
                ? new Verdict.Deny(List.of(Policy.NO_RULE), version, SILENCE)
                : new Verdict.Approve(List.copyOf(approves), version, lifetime(capping));
    }

    /// Each rule counts for itself; for the rest they ask for all that any of them asks for.
    private static BreakGlass glass(SortedMap<String, Effect.BreakTheGlass> all, boolean signed) {
        return new BreakGlass(
                all.entrySet().stream()
                        .map(it -> new BreakGlass.Limit(
                                it.getKey(),
                                it.getValue().times(),
                                it.getValue().per()))
                        .toList(),
                united(all.values().stream().map(Effect.BreakTheGlass::stages)),
                smallest(all.values().stream().map(Effect.BreakTheGlass::within)),
                signed);
    }

    private static boolean anySigned(List<Effect.Review> reviews) {
        return reviews.stream().anyMatch(Effect.Review::signed);
    }

    private static Verdict review(
            List<String> rules, String version, List<Effect.Review> all, Optional<Duration> lifetime, boolean signed) {
        var within = smallest(all.stream().map(Effect.Review::within));
        boolean isSigned = signed || anySigned(all);
        return new Verdict.Review(
                rules,
                version,
                united(all.stream().map(Effect.Review::stages)).stream()
                        .map(it -> it.within(within))
                        .toList(),
                within,
                smallest(all.stream().map(Effect.Review::collect)),
                lifetime,
                all.stream()
                        .flatMap(review -> review.require().stream())
                        .distinct()
                        .sorted()
                        .toList(),
                all.stream().mapToInt(Effect.Review::uses).min().orElseThrow(),
                Optional.of(smallest(all.stream().map(it -> it.ahead().orElse(Duration.ZERO))))
                        .filter(Duration::isPositive),
                isSigned,
                // What a passkey signs does not say in whose place it is.
                !isSigned && all.stream().allMatch(Effect.Review::substitutes),
                all.stream().flatMap(it -> it.rest().stream()).reduce(Rest::and));
    }

    /// A risk that is not known is none that one may vote on unsigned.
    private static boolean isSigned(Facts facts, Optional<Risk> signFrom) {
        return signFrom.isPresent()
                && facts.value("risk")
                        .map(it -> (Long) it >= signFrom.get().level)
                        .orElse(true);
    }

    private static List<Stage> united(Stream<List<Stage>> all) {
        var stages = new TreeMap<String, Stage>();
        all.flatMap(List::stream).forEach(stage -> stages.merge(stage.group(), stage, Stage::and));
        return List.copyOf(stages.values());
    }

    /// Caps bind whatever the effect of the rule that sets them: an approving rule caps a review that another demands.
    private static Optional<Duration> lifetime(List<Rule> capping) {
        if (capping.stream().allMatch(rule -> rule.then().lifetime().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                smallest(capping.stream().map(rule -> rule.then().lifetime().orElse(Effect.LIFETIME))));
    }

    private static Duration smallest(Stream<Duration> durations) {
        return durations.min(Comparator.naturalOrder()).orElseThrow();
    }
}
