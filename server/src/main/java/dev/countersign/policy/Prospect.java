package dev.countersign.policy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a policy says of all requests that one client may ever make of one API: which verdict they get, as formulas.
///
/// It is what [Policy#judge] does, once more. A test compares the two on requests made at random, and whatever a solver
/// finds is judged by the policy itself before anybody is told.
public final class Prospect {
    /// The most requests that are made of one answer of a solver.
    private static final int MOST = 4_000;

    private final Ask ask;
    private final boolean usageKnown;
    private final Beyonds beyonds;
    private final Symbols symbols;
    private final Policy policy;
    private final Map<String, Both> weighed = new TreeMap<>();
    private final TreeSet<String> spoken = new TreeSet<>();
    private final Map<String, Fact> sources = new TreeMap<>();

    private Prospect(Policy policy, Ask ask, boolean usageKnown, Beyonds beyonds) {
        this.policy = policy;
        this.ask = ask;
        this.usageKnown = usageKnown;
        this.beyonds = beyonds;
        this.symbols = new Symbols(ask, usageKnown);
        for (var rule : policy.rules()) {
            weighed.put(rule.name(), SymbolicCondition.read(rule.when(), symbols, beyonds));
            spoken.addAll(rule.when().facts());
            sources.putAll(rule.when().sources());
        }
    }

    /// Looks at all of them.
    ///
    /// @param usageKnown whether the ledger can say what is usual for the client: when it cannot, all that is
    ///     usual is unknown
    public static Prospect of(Policy policy, Ask ask, boolean usageKnown) {
        return of(policy, ask, usageKnown, new Beyonds());
    }

    static Prospect of(Policy policy, Ask ask, boolean usageKnown, Beyonds beyonds) {
        return new Prospect(policy, ask, usageKnown, beyonds);
    }

    /// Another policy on the same requests, by other registrations of the same client and API.
    public Prospect beside(Policy other, Ask registered) {
        var beside = new Prospect(other, registered, usageKnown, beyonds);
        spoken.addAll(beside.spoken);
        beside.sources.forEach(sources::putIfAbsent);
        return beside;
    }

    /// There is such a request: it asks for something.
    public Formula possible() {
        return symbols.somethingAsked();
    }

    /// The client may ask for that by these other registrations, too.
    public Formula possibleBy(Prospect other) {
        return symbols.within(other.ask);
    }

    /// The condition is known to hold.
    public Formula holds(Condition condition) {
        spoken.addAll(condition.facts());
        sources.putAll(condition.sources());
        return SymbolicCondition.read(condition, symbols, beyonds).yes();
    }

    /// They get this verdict: `approve`, `review` or `deny`.
    public Formula verdict(String word) {
        return switch (word) {
            case "approve" -> passes().or(breaks());
            case "review" -> waits();
            case "deny" -> passes().or(breaks()).or(waits()).not();
            default -> throw new IllegalArgumentException(word);
        };
    }

    /// As [Union] has it: rules approve, and no other is stricter.
    private Formula passes() {
        return some(this::approves)
                .and(some(this::reviews).not())
                .and(some(this::denies).not());
    }

    /// The client breaks the glass, for what rules would not let pass as they are.
    private Formula breaks() {
        return some(this::breaks).and(some(this::denies).not()).and(passes().not());
    }

    private Formula waits() {
        return some(this::reviews).and(asked().not()).and(some(this::denies).not());
    }

    /// Reviews settle in vain, too, what asks to break the glass and no rule lets it.
    private Formula waitsInVain() {
        return some(this::reviews)
                .and(asked())
                .and(some(this::breaks).not())
                .and(some(this::denies).not());
    }

    private Formula asked() {
        return symbols.truthOf(BreakGlass.FACT).yes();
    }

    private Formula breaks(Rule rule) {
        return rule.then() instanceof Effect.BreakTheGlass
                ? weigh(rule).yes().and(asked()).and(symbols.isAttested().not())
                : Formula.FALSE;
    }

    /// The verdict comes from this rule, alone or with others.
    public Formula settledBy(Rule rule) {
        var approved = approves(rule).and(passes()).or(breaks(rule).and(breaks()));
        var reviewed = reviews(rule).and(waits().or(waitsInVain()));
        return approved.or(reviewed).or(denies(rule));
    }

    /// The client is attested, and so every approving rule asks the API's owner, which its text does not show.
    public Formula attested() {
        return symbols.isAttested();
    }

    /// The verdict heeds the rule.
    public Formula applies(Rule rule) {
        return approves(rule).or(breaks(rule)).or(reviews(rule)).or(denies(rule));
    }

    /// No rule speaks.
    public Formula nothingApplies() {
        return some(this::applies).not();
    }

    private Formula some(Function<Rule, Formula> what) {
        return Formula.any(policy.rules().stream().map(what).toList());
    }

    private Formula approves(Rule rule) {
        return rule.then() instanceof Effect.Approve
                ? weigh(rule).yes().and(asksOwner(rule).not())
                : Formula.FALSE;
    }

    private Formula reviews(Rule rule) {
        return switch (rule.then()) {
            case Effect.Approve _ -> ownerReviews(rule);
            case Effect.Review _ -> weigh(rule).no().not();
            case Effect.Deny _, Effect.BreakTheGlass _ -> Formula.FALSE;
        };
    }

    private Formula ownerReviews(Rule rule) {
        return weigh(rule).no().not().and(asksOwner(rule));
    }

    private Formula denies(Rule rule) {
        return rule.then() instanceof Effect.Deny ? weigh(rule).no().not() : Formula.FALSE;
    }

    /// As [Rule#on] has it.
    private Formula asksOwner(Rule rule) {
        if (!(rule.then() instanceof Effect.Approve)) {
            return Formula.FALSE;
        }
        return rule.isSilentOfUsage() ? symbols.isAttested().or(symbols.mayBeUnfamiliar()) : symbols.isAttested();
    }

    private Both weigh(Rule rule) {
        return Objects.requireNonNull(weighed.get(rule.name()));
    }

    /// Requests that may be the one with these values, as [GivenFacts] takes them, most likely first. Where parts of
    /// conditions are beyond formulas, only judging them tells.
    ///
    /// @param values of the formula's variables, as CEL writes them: `61`, `true`; texts as they are
    public Stream<Map<String, Object>> requests(Map<String, Object> values) {
        var request = new Imagined(ask, usageKnown, spoken).request(values);
        if (beyonds.isEmpty()) {
            return Stream.of(request);
        }
        var pastDay = new ImaginedPastDay(beyonds.texts());
        var said = new ImaginedSources(beyonds.texts(), sources);
        return new ImaginedDetails(beyonds.texts())
                .of(request)
                .flatMap(pastDay::of)
                .flatMap(said::of)
                .limit(MOST);
    }

    /// The client.
    public String client() {
        return ask.client();
    }

    /// The API.
    public String resource() {
        return ask.resource();
    }

    @Override
    public String toString() {
        return Stream.of(ask.client(), ask.resource(), usageKnown ? "" : "usage unknown")
                .filter(Predicate.not(String::isEmpty))
                .collect(Collectors.joining(" "));
    }

    /// Both ways in which a source may be: it answers, or it fails.
    public static List<Boolean> sources() {
        return List.of(true, false);
    }
}
