package dev.countersign.policy;

import dev.countersign.oauth.Risk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Rules, weighed all together: the strictest that applies settles the request, and a request that no rule speaks of is
/// denied.
///
/// A fact that could not be had leaves a condition unknown, and the unknown never helps whoever asks: it keeps an
/// approving rule from applying and lets a stricter one apply. The order of rules means nothing; they are kept sorted
/// by name, so that the same rules give the same words.
///
/// @param version the configuration that the rules come from
/// @param signFrom the risk from which on those who vote sign; empty when only rules say so
/// @param signsLooks whether those who look at broken glass sign where they would if they voted
public record Policy(String version, List<Rule> rules, Optional<Risk> signFrom, boolean signsLooks) {
    /// The name that stands for a rule where no rule speaks.
    public static final String NO_RULE = "(no rule)";

    /// The name that stands for a rule where a client is attested, which people decide by its registration.
    public static final String ATTESTATION = "(attestation)";

    /// The name that stands for a rule where a passkey is enrolled or removed, which others decide.
    public static final String PASSKEYS = "(passkeys)";

    private static final Set<String> TAKEN = Set.of(NO_RULE, ATTESTATION, PASSKEYS);

    /// What [#compile] gives.
    public sealed interface Compiled {
        /// It can judge.
        record Ready(Policy policy) implements Compiled {}

        /// It cannot, and this is all that is wrong with it.
        record Faulty(List<RuleFault> faults) implements Compiled {}
    }

    /// Sorts the rules by name.
    public Policy {
        rules = rules.stream().sorted(Comparator.comparing(Rule::name)).toList();
    }

    /// Rules where only they say which votes are signed.
    public Policy(String version, List<Rule> rules) {
        this(version, rules, Optional.empty(), true);
    }

    /// The same with votes that are signed from that risk on.
    public Policy signedFrom(Optional<Risk> risk) {
        return new Policy(version, rules, risk, signsLooks);
    }

    /// The same where nobody signs who looks at broken glass.
    public Policy withUnsignedLooks() {
        return new Policy(version, rules, signFrom, false);
    }

    /// The same with other rules.
    public Policy with(List<Rule> others) {
        return new Policy(version, others, signFrom, signsLooks);
    }

    /// Whether any vote is signed.
    public boolean signs() {
        return signFrom.isPresent()
                || rules.stream().anyMatch(it -> it.then() instanceof Effect.Review review && review.signed());
    }

    /// Whether votes are signed on what is of such risk, whatever rules say.
    public boolean signs(Risk risk) {
        return signFrom.filter(it -> risk.compareTo(it) >= 0).isPresent();
    }

    /// Checks all rules and plans their conditions, which speak of no source.
    public static Compiled compile(List<RuleSource> sources, String version) {
        return compile(sources, version, new Conditions(SourceFacts.NONE));
    }

    /// Checks all rules, with their conditions.
    public static Compiled compile(List<RuleSource> sources, String version, Conditions conditions) {
        var rules = new ArrayList<Rule>();
        var faults = new ArrayList<RuleFault>();
        var names = new HashSet<String>();
        for (var source : sources) {
            if (source.name().isBlank() || TAKEN.contains(source.name())) {
                faults.add(RuleFault.of(source.name(), "rule", "a rule has a name of its own"));
            } else if (!names.add(source.name())) {
                faults.add(RuleFault.of(source.name(), "rule", "two rules have this name"));
            }
            faults.addAll(source.faults());
            switch (conditions.compile(source.when())) {
                case Condition.Compiled.Ready(var when) -> rules.add(new Rule(source.name(), when, source.then()));
                case Condition.Compiled.Faulty(var found) ->
                    found.forEach(
                            it -> faults.add(new RuleFault(source.name(), "when", it.line(), it.column(), it.said())));
            }
        }
        return faults.isEmpty()
                ? new Compiled.Ready(new Policy(version, rules))
                : new Compiled.Faulty(List.copyOf(faults));
    }

    /// Whether a rule speaks of what the client was given in the last 24 hours, so that it has to be counted.
    public boolean speaksOfPastDay() {
        return rules.stream().anyMatch(it -> FactSchema.isOfPastDay(it.when().facts()));
    }

    /// The sources that its rules speak of.
    public Set<String> sources() {
        return SourceFacts.sources(rules.stream()
                .flatMap(it -> it.when().sources().keySet().stream())
                .toList());
    }

    /// The sources that could still change how a rule weighs, when this is known of a request and nothing of
    /// sources.
    public Set<String> undecided(Facts facts) {
        var activation = Activation.of(facts);
        return SourceFacts.sources(rules.stream()
                .map(Rule::when)
                .filter(it -> !it.sources().isEmpty() && it.weigh(activation).truth() == Truth.UNKNOWN)
                .flatMap(it -> it.sources().keySet().stream())
                .toList());
    }

    /// The verdict on a request of which this is known.
    public Judgement judge(Facts facts) {
        var activation = Activation.of(facts);
        var applied = new ArrayList<Rule>();
        var capping = new ArrayList<Rule>();
        var trace = new ArrayList<RuleTrace>(rules.size());
        for (var written : rules) {
            var weighed = written.when().weigh(activation);
            var rule = written.on(facts);
            boolean applies = rule.applies(weighed.truth(), facts);
            if (applies) {
                applied.add(rule);
            }
            if (rule.caps(weighed.truth(), facts)) {
                capping.add(rule);
            }
            trace.add(new RuleTrace(
                    rule.name(), weighed.truth(), rule.then().word(), applies, weighed.unknown(), weighed.fault()));
        }
        return new Judgement(Union.of(applied, capping, version, facts, signFrom, signsLooks), List.copyOf(trace));
    }
}
