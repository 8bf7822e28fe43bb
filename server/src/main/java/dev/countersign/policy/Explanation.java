package dev.countersign.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Why a policy says what it says of one request: how each rule weighed, part by part, and from which rules each term
/// of the verdict comes.
///
/// @param rules all of the policy, by name
/// @param terms what the verdict says, each with the rules it is from
public record Explanation(Facts facts, Judgement judgement, List<OfRule> rules, List<Term> terms) {
    /// How one rule weighed, and its condition part by part.
    ///
    /// @param condition as it was written
    /// @param whole how the condition and its parts weighed
    /// @param caps whether its cap on the lifetime counts
    public record OfRule(RuleTrace trace, String condition, Part.Weighed whole, boolean caps) {}

    /// A term of a verdict: `stage`, `escalates`, `within`, `collect`, `lifetime`, `uses`, `ahead`, `substitutes`,
    /// `rest`,
    /// `require`, or the
    /// `because` of a
    /// denial.
    ///
    /// @param rules those that ask for as much, by name
    public record Term(String name, String value, List<String> rules) {}

    /// Judges and tells why.
    public static Explanation of(Policy policy, Facts facts) {
        var judgement = policy.judge(facts);
        var activation = Activation.of(facts);
        var rules = new ArrayList<OfRule>();
        var applied = new ArrayList<Rule>();
        var capping = new ArrayList<Rule>();
        for (int i = 0; i < policy.rules().size(); i++) {
            var rule = policy.rules().get(i).on(facts);
            var trace = judgement.trace().get(i);
            boolean caps =
                    rule.caps(trace.truth(), facts) && rule.then().lifetime().isPresent();
            rules.add(new OfRule(trace, rule.when().text(), rule.when().parts().weigh(activation), caps));
            if (trace.applied()) {
                applied.add(rule);
            }
            if (rule.caps(trace.truth(), facts)) {
                capping.add(rule);
            }
        }
        return new Explanation(
                facts, judgement, List.copyOf(rules), terms(judgement.verdict(), applied, capping, facts));
    }

    private static List<Term> terms(Verdict verdict, List<Rule> applied, List<Rule> capping, Facts facts) {
        return switch (verdict) {
            case Verdict.Deny _ ->
                applied.stream()
                        .filter(it -> it.then() instanceof Effect.Deny)
                        .map(it -> new Term(
                                "because", ((Effect.Deny) it.then()).why().fill(facts), List.of(it.name())))
                        .toList();
            case Verdict.Approve it -> terms(it, applied, capping);
            case Verdict.Review it -> terms(it, applied, capping);
        };
    }

    private static List<Term> terms(Verdict.Approve verdict, List<Rule> applied, List<Rule> capping) {
        var terms = new ArrayList<Term>();
        lifetime(verdict.lifetime(), capping).ifPresent(terms::add);
        verdict.breakGlass().ifPresent(it -> {
            for (var limit : it.limits()) {
                terms.add(new Term("times", limit.times() + " in " + seconds(limit.per()), List.of(limit.rule())));
            }
            for (var stage : it.stages()) {
                terms.add(new Term(
                        "looked at afterwards by",
                        stage.votes() + " of " + stage.group(),
                        glasses(applied, rule -> rule.stages().contains(stage))));
            }
            terms.add(new Term(
                    "looked at within",
                    seconds(it.within()),
                    glasses(applied, rule -> rule.within().equals(it.within()))));
        });
        return List.copyOf(terms);
    }

    private static List<String> glasses(List<Rule> applied, Predicate<Effect.BreakTheGlass> which) {
        return names(applied, it -> it instanceof Effect.BreakTheGlass glass && which.test(glass));
    }

    private static List<Term> terms(Verdict.Review verdict, List<Rule> applied, List<Rule> capping) {
        var terms = new ArrayList<Term>();
        for (var stage : verdict.stages()) {
            terms.add(new Term(
                    "stage",
                    stage.votes() + " of " + stage.group(),
                    reviews(
                            applied,
                            it -> it.stages().stream()
                                    .anyMatch(mine ->
                                            mine.group().equals(stage.group()) && mine.votes() == stage.votes()))));
            stage.escalates()
                    .ifPresent(it -> terms.add(new Term(
                            "escalates",
                            stage.group() + " to " + it.to() + " after " + seconds(it.after()),
                            reviews(
                                    applied,
                                    rule -> rule.stages().stream()
                                            .anyMatch(mine -> mine.group().equals(stage.group())
                                                    && mine.escalates().equals(stage.escalates()))))));
        }
        terms.add(new Term(
                "within",
                seconds(verdict.within()),
                reviews(applied, it -> it.within().equals(verdict.within()))));
        terms.add(new Term(
                "collect",
                seconds(verdict.collect()),
                reviews(applied, it -> it.collect().equals(verdict.collect()))));
        lifetime(verdict.lifetime(), capping).ifPresent(terms::add);
        if (verdict.uses() > 1) {
            terms.add(new Term(
                    "uses", String.valueOf(verdict.uses()), reviews(applied, it -> it.uses() == verdict.uses())));
        }
        verdict.ahead()
                .ifPresent(most -> terms.add(new Term(
                        "ahead",
                        seconds(most),
                        reviews(applied, it -> it.ahead().equals(Optional.of(most))))));
        if (verdict.signed()) {
            terms.add(new Term("signed", "yes", reviews(applied, Effect.Review::signed)));
        }
        if (verdict.substitutes()) {
            terms.add(new Term("substitutes", "yes", reviews(applied, Effect.Review::substitutes)));
        }
        verdict.rest()
                .ifPresent(rest -> terms.add(new Term(
                        "rest",
                        "after " + rest.approvals() + " approvals in " + seconds(rest.per()),
                        reviews(applied, it -> it.rest().isPresent()))));
        for (var required : verdict.require()) {
            terms.add(new Term(
                    "require", required, reviews(applied, it -> it.require().contains(required))));
        }
        return List.copyOf(terms);
    }

    private static List<String> reviews(List<Rule> applied, Predicate<Effect.Review> which) {
        return names(applied, it -> it instanceof Effect.Review review && which.test(review));
    }

    private static Optional<Term> lifetime(Optional<Duration> cap, List<Rule> capping) {
        return cap.map(most -> new Term(
                "lifetime",
                seconds(most),
                names(capping, it -> it.lifetime().orElse(Effect.LIFETIME).equals(most))));
    }

    private static List<String> names(List<Rule> rules, Predicate<Effect> which) {
        return rules.stream()
                .filter(it -> which.test(it.then()))
                .map(Rule::name)
                .toList();
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }

    /// Why this is the verdict, in a sentence.
    public String because() {
        var verdict = judgement.verdict();
        var names = String.join(", ", verdict.rules());
        return switch (verdict) {
            case Verdict.Deny _ ->
                verdict.rule().equals(Policy.NO_RULE)
                        ? "no rule applies, and silence denies"
                        : isAskedInVain(verdict)
                                ? "it asks to break the glass, no rule that applies allows that, and these want people"
                                        + " to decide: " + names
                                : "a rule that denies beats all others: " + names;
            case Verdict.Review _ ->
                "no rule that applies denies, and these want people to decide: " + names + overruled();
            case Verdict.Approve it
            when it.breakGlass().isPresent() ->
                "no rule that applies denies, and the client breaks the glass by: " + names;
            case Verdict.Approve _ ->
                "no rule that applies denies or wants people to decide, and these approve: " + names;
        };
    }

    /// Whether none of the rules that settled it denies by itself.
    private boolean isAskedInVain(Verdict verdict) {
        return judgement.trace().stream()
                .noneMatch(it -> it.applied()
                        && it.effect().equals("deny")
                        && verdict.rules().contains(it.rule()));
    }

    private String overruled() {
        var beaten = judgement.trace().stream()
                .filter(it -> it.applied() && it.effect().equals("approve"))
                .map(RuleTrace::rule)
                .toList();
        return beaten.isEmpty() ? "" : "; review beats the approval of " + String.join(", ", beaten);
    }
}
