package dev.countersign.policy;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Risk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The smallest changes of a request's facts that would have given it another verdict.
///
/// It tries the values that the conditions can tell apart, of one fact, then of two, then of three, and judges each by
/// the policy itself: what it answers holds. That there is nothing else it knows only of what it tried. Facts that come
/// from others come along: who asks for fewer scopes asks for less risk.
public final class WhyNot {
    private static final int FACTS = 3;

    /// The most answers that are given.
    private static final int ANSWERS = 12;

    /// Of answers that change the same facts and are as near, the most that are given.
    private static final int TIES = 2;

    /// What nobody can ask for being: another client, another API.
    private static final Set<String> FIXED =
            Set.of("client.id", "client.name", "subject.id", "resource", FactSchema.ZONE, "details_types");

    /// What a client asks for.
    private static final Set<String> ASKED = Set.of("scopes", "details", "lifetime");

    /// What follows from scopes and details.
    private static final Set<String> DERIVED = Set.of(
            "risk",
            "details_types",
            "usage.first_time_scopes",
            FactSchema.UNFAMILIAR,
            "findings",
            FactSchema.PAST_DAY_AMOUNTS);

    private final Policy policy;
    private final Candidates candidates;
    private final Registrations registrations;
    private final Facts facts;
    private final String want;
    private final int work;
    private final Predicate<String> changed;
    private final List<Part> comparisons;
    private final Map<String, List<Object>> values = new LinkedHashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Set<Set<String>> solved = new HashSet<>();
    private int tried;

    private WhyNot(
            Policy policy, Registrations registrations, Facts facts, String want, int work, Predicate<String> changed) {
        this.policy = policy;
        this.candidates = Candidates.of(policy);
        this.registrations = registrations;
        this.facts = candidates.fitting(facts);
        this.want = want;
        this.work = work;
        this.changed = changed;
        this.comparisons = policy.rules().stream()
                .flatMap(it -> it.when().parts().all())
                .filter(it -> it.parts().isEmpty())
                .toList();
    }

    /// Who can bring a change about, the nearest first.
    public enum Who {
        /// The client, by asking otherwise.
        CLIENT,
        /// Nobody: it has to wait for another hour or day.
        TIME,
        /// Nobody: what the client uses and does not use has to become another.
        USE,
        /// Nobody here: what a source says has to become another.
        SOURCE,
        /// Whoever writes the configuration.
        CONFIGURATION;

        static Who of(String fact) {
            return switch (fact) {
                case "scopes",
                        "details",
                        "lifetime",
                        "reason",
                        "ticket",
                        "auth.method",
                        "auth.key_bound",
                        FactSchema.NETWORKS,
                        FactSchema.FAMILY,
                        BreakGlass.FACT -> CLIENT;
                case "time.hour", "time.weekday", FactSchema.WINDOWS, FactSchema.HOLIDAYS -> TIME;
                case "client.owner", "client.tags", "resource_owner", "risk" -> CONFIGURATION;
                default -> SourceFacts.is(fact) ? SOURCE : USE;
            };
        }
    }

    /// One fact that is another.
    ///
    /// @param was empty when it was unknown
    public record Change(String fact, Optional<Object> was, Object now) {
        /// Who can bring it about.
        public Who who() {
            return Who.of(fact);
        }
    }

    /// Changes that together give the verdict that is wanted, and of which none can be left out.
    ///
    /// @param facts as they then are, with what follows
    /// @param verdict what the policy says of them
    /// @param distance how far they are from what was, for the order of answers
    public record Answer(List<Change> changes, Facts facts, Verdict verdict, long distance) {
        /// Who it takes at the farthest.
        public Who who() {
            return changes.stream()
                    .map(Change::who)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /// What the search found.
    ///
    /// @param answers the fewest changes first, of as many those that the client can make first
    /// @param tried how many requests were judged
    /// @param whole whether all that was to be tried was, or there was too much of it
    public record Found(List<Answer> answers, int tried, boolean whole) {}

    /// Looks for what would have given that verdict.
    ///
    /// @param want `approve`, `review` or `deny`
    /// @param work how many requests it may judge
    public static Found search(Policy policy, Registrations registrations, Facts facts, String want, int work) {
        return new WhyNot(policy, registrations, facts, want, work, _ -> true).search();
    }

    /// The same by asking for something else, and in no other way.
    public static Found asking(Policy policy, Registrations registrations, Facts facts, String want, int work) {
        return new WhyNot(policy, registrations, facts, want, work, ASKED::contains).search();
    }

    private Found search() {
        var mayAsk = Candidates.mayAsk(facts, registrations);
        for (var fact : variable(candidates.facts())) {
            var apart = apart(fact, candidates.values(fact, facts, mayAsk));
            if (!apart.isEmpty()) {
                values.put(fact, apart);
            }
        }
        boolean whole = true;
        for (int size = 1; size <= Math.min(FACTS, values.size()) && whole; size++) {
            var found = new ArrayList<Answer>();
            whole = sets(List.copyOf(values.keySet()), 0, size, new ArrayList<>(), found);
            best(found);
        }
        answers.sort(Comparator.<Answer>comparingInt(it -> it.changes().size())
                .thenComparing(Answer::who)
                .thenComparingLong(Answer::distance));
        return new Found(answers.stream().limit(ANSWERS).toList(), tried, whole);
    }

    /// The facts to be changed: those that are spoken of, and those that they follow from.
    private Set<String> variable(Set<String> spoken) {
        var all = new TreeSet<>(spoken);
        if (!Collections.disjoint(spoken, DERIVED)) {
            all.add("scopes");
            all.add("details");
        }
        all.removeAll(FIXED);
        all.removeIf(changed.negate());
        return all;
    }

    /// Of values that no comparison tells apart, the nearest.
    private List<Object> apart(String fact, List<Object> all) {
        boolean alone = comparisons.stream()
                .noneMatch(it -> it.facts().contains(fact) && it.facts().size() > 1);
        // Rules ask for this one without naming it.
        if (!alone || fact.equals(BreakGlass.FACT)) {
            return all;
        }
        var seen = new HashSet<List<Truth>>();
        seen.add(truths(facts));
        return all.stream()
                .filter(it -> seen.add(truths(with(Map.of(fact, it)))))
                .toList();
    }

    private List<Truth> truths(Facts of) {
        var activation = Activation.of(of);
        return comparisons.stream().map(it -> it.weigh(activation).truth()).toList();
    }

    /// Tries all sets of that many facts; false when it was too much.
    private boolean sets(List<String> facts, int from, int size, List<String> chosen, List<Answer> found) {
        if (chosen.size() == size) {
            var set = Set.copyOf(chosen);
            return solved.stream().anyMatch(set::containsAll) || values(chosen, 0, new LinkedHashMap<>(), found);
        }
        for (int i = from; i < facts.size(); i++) {
            chosen.add(facts.get(i));
            boolean whole = sets(facts, i + 1, size, chosen, found);
            chosen.removeLast();
            if (!whole) {
                return false;
            }
        }
        return true;
    }

    private boolean values(List<String> chosen, int at, Map<String, Object> changes, List<Answer> found) {
        if (at == chosen.size()) {
            if (tried == work) {
                return false;
            }
            tried++;
            var changed = with(changes);
            var verdict = policy.judge(changed).verdict();
            if (verdict.word().equals(want)) {
                found.add(answer(changes, changed, verdict));
            }
            return true;
        }
        for (var value : values.getOrDefault(chosen.get(at), List.of())) {
            changes.put(chosen.get(at), value);
            boolean whole = values(chosen, at + 1, changes, found);
            changes.remove(chosen.get(at));
            if (!whole) {
                return false;
            }
        }
        return true;
    }

    private Answer answer(Map<String, Object> changes, Facts changed, Verdict verdict) {
        var list = changes.entrySet().stream()
                .map(it -> new Change(it.getKey(), facts.value(it.getKey()), it.getValue()))
                .toList();
        long distance = list.stream()
                .mapToLong(it -> Candidates.distance(it.was(), it.now()))
                .sum();
        return new Answer(list, changed, verdict, distance);
    }

    /// Of answers that change the same facts, the nearest.
    private void best(List<Answer> found) {
        var bySet = new LinkedHashMap<Set<String>, List<Answer>>();
        for (var answer : found) {
            var set = new TreeSet<>(answer.changes().stream().map(Change::fact).toList());
            bySet.computeIfAbsent(set, _ -> new ArrayList<>()).add(answer);
        }
        bySet.forEach((set, all) -> {
            solved.add(set);
            long nearest = all.stream().mapToLong(Answer::distance).min().orElse(0);
            all.stream().filter(it -> it.distance() == nearest).limit(TIES).forEach(answers::add);
        });
    }

    /// The facts with these changed, and with what follows from them.
    private Facts with(Map<String, Object> changes) {
        var builder = facts.toBuilder();
        changes.forEach(builder::set);
        if (changes.get("details") instanceof AuthorizationDetails details) {
            builder.set("details_types", details.types().stream().sorted().toList());
            sums(details, builder);
        }
        if (changes.get("scopes") instanceof List<?> scopes) {
            firstTime(scopes, builder);
        }
        if (changes.containsKey("scopes") || changes.containsKey("details")) {
            risk(builder.build()).ifPresent(it -> risk(it, builder));
        }
        // What is changed on purpose is not what follows.
        changes.forEach(builder::set);
        return builder.build();
    }

    /// What is asked is among what adds up.
    private void sums(AuthorizationDetails asked, Facts.Builder builder) {
        var resource = registrations.resources().get(facts.words("resource"));
        if (resource != null
                && facts.value("details").orElse("") instanceof AuthorizationDetails was
                && facts.value(FactSchema.PAST_DAY_AMOUNTS).orElse("") instanceof Amounts sums) {
            builder.set(
                    FactSchema.PAST_DAY_AMOUNTS,
                    sums.less(Amounts.of(was, resource.details())).plus(Amounts.of(asked, resource.details())));
        }
    }

    /// What is no longer asked for is not asked for the first time.
    private void firstTime(List<?> scopes, Facts.Builder builder) {
        var was = facts.value("usage.first_time_scopes");
        if (was.isEmpty()) {
            return;
        }
        var fresh = texts(was).stream().filter(scopes::contains).toList();
        builder.set("usage.first_time_scopes", fresh);
        var findings = facts.value("findings");
        if (fresh.isEmpty() && findings.isPresent()) {
            builder.set(
                    "findings",
                    texts(findings).stream()
                            .filter(it -> !it.equals("first_scope"))
                            .toList());
        }
    }

    /// What is of less than high risk is no privilege, and so not an unfamiliar one.
    private static void risk(Risk risk, Facts.Builder builder) {
        builder.set("risk", FactSchema.level(risk));
        if (risk.compareTo(Risk.HIGH) < 0) {
            builder.set(FactSchema.UNFAMILIAR, false);
        }
    }

    /// The risk of what is asked; empty when the registrations do not say.
    private Optional<Risk> risk(Facts of) {
        var resource = registrations.resources().get(of.words("resource"));
        if (resource == null || of.value("scopes").isEmpty()) {
            return Optional.empty();
        }
        if (!(of.value("details").orElse("") instanceof AuthorizationDetails details)) {
            return Optional.empty();
        }
        var risk = details.risk(resource.details());
        for (var scope : texts(of.value("scopes"))) {
            var known = resource.scopes().get(scope);
            risk = risk.or(known == null ? Risk.CRITICAL : known.risk());
        }
        return Optional.of(risk);
    }

    private static List<String> texts(Optional<Object> value) {
        return value.orElse(List.of()) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }
}
