package dev.countersign.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A test that stands beside the rules: what is given of a request, and what the policy must say of it.
///
/// `given` takes `client`, `scopes`, `resource`, `details`, `reason`, `ticket`, `lifetime` and any fact by its name;
/// the word `unknown` for a fact whose source failed. What is not given comes from the registrations, or else is the
/// quiet value of [FactSchema].
public record PolicyTest(String name, Map<String, Object> given, Expected expect) {
    /// What the verdict must be; what is empty may be anything.
    ///
    /// @param verdict `approve`, `review` or `deny`
    /// @param rule one of the rules that settled it
    /// @param lifetime the cap, as [Verdict] has it
    /// @param stages in any order
    /// @param entry what the ledger must record of it; nobody here knows what it would
    public record Expected(
            Optional<String> verdict,
            Optional<String> rule,
            Optional<Duration> lifetime,
            Optional<Duration> within,
            Optional<List<Stage>> stages,
            Optional<ExpectedEntry> entry) {
        /// Expects no more than a verdict, by a rule.
        public static Expected of(String verdict, String rule) {
            return new Expected(
                    Optional.of(verdict),
                    Optional.of(rule),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /// The same, expecting only the verdict and a rule that settles it.
    public PolicyTest ofWords() {
        return new PolicyTest(
                name,
                given,
                new Expected(
                        expect.verdict(),
                        expect.rule(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /// What the ledger must record; what is empty may be anything.
    ///
    /// @param code of the entry that has the verdict
    /// @param rules all of those that settled it, in any order
    /// @param because why it is refused at once
    /// @param by who lets it through
    /// @param sentence what a denial says
    public record ExpectedEntry(
            Optional<String> code,
            Optional<List<String>> rules,
            Optional<String> because,
            Optional<String> by,
            Optional<String> sentence) {}

    /// What came of a test.
    ///
    /// @param facts those of the request it gives; empty when no request can have them
    /// @param judgement what the policy said of them
    /// @param wrong what is not as expected, in words
    public record Outcome(Optional<Facts> facts, Optional<Judgement> judgement, List<String> wrong) {
        public boolean passed() {
            return wrong.isEmpty();
        }

        /// The same with more that is not as expected.
        public Outcome and(List<String> more) {
            return new Outcome(
                    facts,
                    judgement,
                    Stream.concat(wrong.stream(), more.stream()).toList());
        }
    }

    /// Runs it.
    public Outcome run(Policy policy, Registrations registrations) {
        return switch (GivenFacts.of(given, registrations)) {
            case GivenFacts.Understood(var facts) -> {
                var judgement = policy.judge(facts);
                yield new Outcome(Optional.of(facts), Optional.of(judgement), compare(judgement));
            }
            case GivenFacts.Odd(var said) ->
                new Outcome(Optional.empty(), Optional.empty(), List.of(name + ": " + said));
        };
    }

    private List<String> compare(Judgement judgement) {
        var verdict = judgement.verdict();
        var wrong = new ArrayList<String>();
        expect.verdict()
                .filter(it -> !it.equals(verdict.word()))
                .ifPresent(it -> wrong.add("expected " + it + ", got " + verdict.word()));
        expect.rule()
                .filter(it -> !verdict.rules().contains(it))
                .ifPresent(it -> wrong.add("expected rule " + it + ", got " + String.join(", ", verdict.rules())));
        expect.lifetime()
                .filter(it -> !Optional.of(it).equals(lifetime(verdict)))
                .ifPresent(it -> wrong.add("expected lifetime " + seconds(it) + ", got "
                        + lifetime(verdict).map(PolicyTest::seconds).orElse("none")));
        expect.within()
                .filter(it -> !Optional.of(it).equals(within(verdict)))
                .ifPresent(it -> wrong.add("expected within " + seconds(it) + ", got "
                        + within(verdict).map(PolicyTest::seconds).orElse("none")));
        expect.stages()
                .filter(it -> !Objects.equals(sorted(it), sorted(stages(verdict))))
                .ifPresent(it -> wrong.add("expected stages " + sorted(it) + ", got " + sorted(stages(verdict))));
        if (wrong.isEmpty()) {
            return List.of();
        }
        return List.of(name + ": " + String.join("; ", wrong) + " [" + trace(judgement) + "]");
    }

    private static String trace(Judgement judgement) {
        return judgement.trace().stream().map(RuleTrace::toString).collect(Collectors.joining("; "));
    }

    private static Optional<Duration> lifetime(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve approve -> approve.lifetime();
            case Verdict.Review review -> review.lifetime();
            case Verdict.Deny _ -> Optional.empty();
        };
    }

    private static Optional<Duration> within(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Review review -> Optional.of(review.within());
            case Verdict.Approve _, Verdict.Deny _ -> Optional.empty();
        };
    }

    private static List<Stage> stages(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Review review -> review.stages();
            case Verdict.Approve _, Verdict.Deny _ -> List.of();
        };
    }

    private static List<String> sorted(List<Stage> stages) {
        return stages.stream().map(it -> it.group() + " " + it.votes()).sorted().toList();
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }
}
