package dev.countersign.proof;

import dev.countersign.config.Configuration;
import dev.countersign.policy.Ask;
import dev.countersign.policy.Claim;
import dev.countersign.policy.Effect;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Formula;
import dev.countersign.policy.GivenFacts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Prospect;
import dev.countersign.policy.Registrations;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleTrace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks about all requests that may be made by a configuration.
///
/// A solver searches; the policy itself has the last word. What the solver finds is judged as any request is, and when
/// it does not come out as found, nothing is claimed either way.
public final class Proofs {
    private static final String OTHERWISE =
            "a request was found, but the rules judge it otherwise: it hangs on what cannot be read for all requests,"
                    + " such as members of details and what sources say";

    /// Stands for a rule where nobody looked by which.
    private static final String ANY_RULE = "(any rule)";

    private final Configuration configuration;
    private final Registrations registrations;
    private final Prover prover;

    public Proofs(Configuration configuration, Prover prover) {
        this.configuration = configuration;
        this.registrations = configuration.registrations();
        this.prover = prover;
    }

    /// Whether any request refutes a claim, whether the sources of its facts answer or fail.
    public Proof refutation(Claim claim) {
        return search(
                prospects(Prospect.sources()),
                prospect -> {
                    var verdict = prospect.verdict(claim.verdict());
                    return prospect.holds(claim.assume()).and(claim.never() ? verdict : verdict.not());
                },
                (facts, _) -> claim.isRefutedBy(configuration.policy(), facts));
    }

    /// Whether a rule ever applies when all facts are known.
    public Proof application(Rule rule) {
        return search(
                prospects(List.of(true)),
                prospect -> prospect.applies(rule),
                (facts, _) -> configuration.policy().judge(facts).trace().stream()
                        .filter(RuleTrace::applied)
                        .anyMatch(it -> it.rule().equals(rule.name())));
    }

    /// Whether a verdict ever comes from a rule when all facts are known and its client is not attested.
    public Proof decision(Rule rule) {
        return search(
                prospects(List.of(true)),
                prospect -> prospect.settledBy(rule).and(prospect.attested().not()),
                (facts, _) ->
                        configuration.policy().judge(facts).verdict().rules().contains(rule.name()));
    }

    /// Requests of which no rule speaks, one for each client and API that has any.
    public List<Region> gaps() {
        return Asks.all(configuration).stream()
                .map(ask -> region(
                        ask,
                        Policy.NO_RULE,
                        search(
                                Stream.of(new Look(ask, true)),
                                prospect -> prospect.nothingApplies(),
                                (facts, _) -> configuration
                                        .policy()
                                        .judge(facts)
                                        .verdict()
                                        .rule()
                                        .equals(Policy.NO_RULE))))
                .filter(Proofs::isThere)
                .toList();
    }

    /// Whether the same requests go through by two configurations without anything to prove: neither conditions and
    /// verdicts of rules differ, nor who may ask for what, nor what facts of time and place are told by.
    public static boolean areAlike(Configuration one, Configuration other) {
        return one.surroundings().equals(other.surroundings())
                && Asks.all(one).equals(Asks.all(other))
                && areJudgedAlike(one, other);
    }

    private static boolean areJudgedAlike(Configuration one, Configuration other) {
        return judged(one).equals(judged(other))
                && one.registrations()
                        .sources()
                        .facts()
                        .equals(other.registrations().sources().facts());
    }

    private static Map<String, List<String>> judged(Configuration configuration) {
        return configuration.policy().rules().stream()
                .collect(Collectors.toMap(
                        Rule::name, it -> List.of(it.then().word(), it.when().text())));
    }

    /// What goes through unattended and did not by another configuration: all of it, by client, API and the rule that
    /// lets it through. Networks and calendars are known by their names alone: what is in them makes no difference
    /// here.
    ///
    /// Once the prover's time is over it looks no further: of each client and API that is left, nobody can say by
    /// which rule.
    public List<Region> unattended(Configuration before) {
        var asked = Asks.of(before);
        boolean sameRules = areJudgedAlike(configuration, before);
        return Asks.all(configuration).stream()
                .flatMap(ask -> {
                    var then = asked.find(ask.client(), ask.resource());
                    boolean same = sameRules && then.filter(ask::equals).isPresent();
                    return same ? Stream.empty() : unattended(ask, then, before);
                })
                .filter(Proofs::isThere)
                .toList();
    }

    private Stream<Region> unattended(Ask ask, Optional<Ask> asked, Configuration before) {
        var over = prover.over();
        if (over.isPresent()) {
            return Stream.of(region(ask, ANY_RULE, new Proof.Inconclusive(over.get())));
        }
        var looks = Prospect.sources().stream().map(it -> new Look(ask, it)).toList();
        var fresh = new HashMap<Prospect, Formula>();
        return configuration.policy().rules().stream()
                .filter(it -> it.then() instanceof Effect.Approve || it.then() instanceof Effect.BreakTheGlass)
                .map(rule -> region(
                        ask,
                        rule.name(),
                        search(
                                looks.stream(),
                                prospect -> {
                                    var settled = prospect.settledBy(rule);
                                    return settled.equals(Formula.FALSE)
                                            ? settled
                                            : settled.and(fresh.computeIfAbsent(
                                                    prospect, it -> isFresh(it, before.policy(), asked)));
                                },
                                (facts, given) -> isApprovedBy(rule, facts)
                                        && (asked.isEmpty()
                                                || !isApproved(before.policy(), given, before.registrations())))));
    }

    private static Formula isFresh(Prospect prospect, Policy before, Optional<Ask> asked) {
        return prospect.verdict("approve")
                .and(asked.map(it -> wasNot(prospect, before, it)).orElse(Formula.TRUE));
    }

    private static Formula wasNot(Prospect prospect, Policy policy, Ask asked) {
        var then = prospect.beside(policy, asked);
        return then.verdict("approve").and(prospect.possibleBy(then)).not();
    }

    private boolean isApprovedBy(Rule rule, Facts facts) {
        var verdict = configuration.policy().judge(facts).verdict();
        return verdict.word().equals("approve") && verdict.rules().contains(rule.name());
    }

    /// What the client could not ask for was not let through either.
    private static boolean isApproved(Policy policy, Map<String, Object> given, Registrations then) {
        return switch (GivenFacts.of(given, then)) {
            case GivenFacts.Understood(var facts) ->
                policy.judge(facts).verdict().word().equals("approve");
            case GivenFacts.Odd _ -> false;
        };
    }

    private static Region region(Ask ask, String rule, Proof proof) {
        return new Region(ask.client(), ask.resource(), rule, proof);
    }

    private static boolean isThere(Region region) {
        return !(region.proof() instanceof Proof.Never);
    }

    /// Some requests to look at: those of one ask, with what usage is known or not. All conditions are read for them
    /// once, and only when somebody looks.
    private final class Look {
        private final Ask ask;
        private final boolean usageKnown;
        private @Nullable Prospect seen;

        private Look(Ask ask, boolean usageKnown) {
            this.ask = ask;
            this.usageKnown = usageKnown;
        }

        private Prospect prospect() {
            var known = seen == null ? Prospect.of(configuration.policy(), ask, usageKnown) : seen;
            seen = known;
            return known;
        }
    }

    private Stream<Look> prospects(List<Boolean> sources) {
        return Asks.all(configuration).stream().flatMap(ask -> sources.stream().map(known -> new Look(ask, known)));
    }

    private Proof search(
            Stream<Look> looks, Function<Prospect, Formula> what, BiPredicate<Facts, Map<String, Object>> reproduces) {
        Optional<String> unsure = Optional.empty();
        for (var look : (Iterable<Look>) looks::iterator) {
            var over = prover.over();
            if (over.isPresent()) {
                return new Proof.Inconclusive(unsure.orElse(over.get()));
            }
            var prospect = look.prospect();
            switch (prover.ask(what.apply(prospect).and(prospect.possible()))) {
                case Answer.No _ -> {}
                case Answer.Unknown(var because) -> unsure = unsure.or(() -> Optional.of(because));
                case Answer.Yes(var values) -> {
                    var witness = prospect.requests(values)
                            .flatMap(given -> witness(given, reproduces).stream())
                            .findFirst();
                    if (witness.isPresent()) {
                        return new Proof.Shown(witness.get());
                    }
                    unsure = unsure.or(() -> Optional.of(OTHERWISE));
                }
            }
        }
        return unsure.<Proof>map(Proof.Inconclusive::new).orElseGet(Proof.Never::new);
    }

    private Optional<Witness> witness(Map<String, Object> given, BiPredicate<Facts, Map<String, Object>> reproduces) {
        return switch (GivenFacts.of(given, registrations)) {
            case GivenFacts.Understood(var facts) ->
                asksForSomething(facts) && reproduces.test(facts, given)
                        ? Optional.of(new Witness(
                                given,
                                configuration.policy().judge(facts).verdict().word()))
                        : Optional.empty();
            case GivenFacts.Odd _ -> Optional.empty();
        };
    }

    private static boolean asksForSomething(Facts facts) {
        return Stream.of("scopes", "details_types")
                .anyMatch(it ->
                        facts.value(it).filter(list -> !List.of().equals(list)).isPresent());
    }
}
