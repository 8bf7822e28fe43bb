package dev.countersign.policy;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The policy engine once more, as the pages say it and with nothing of the engine's: a tree for a condition, three
/// truths, a list of rules walked through. Slow, small, and meant to be obviously right.
final class ReferencePolicy {
    private ReferencePolicy() {}

    /// A condition. Its text is CEL; what it is worth is found here without CEL.
    sealed interface Tree {
        /// A comparison with a number: `risk >= 2`, `usage.idle_days < 60`.
        record Compared(String fact, String operator, long with) implements Tree {}

        /// A fact that is true or not.
        record Flag(String fact) implements Tree {}

        /// Whether a name is in a list.
        record In(String name, String list) implements Tree {}

        /// Whether a text is that.
        record Is(String fact, String text) implements Tree {}

        record Not(Tree of) implements Tree {}

        record And(Tree left, Tree right) implements Tree {}

        record Or(Tree left, Tree right) implements Tree {}

        /// `a ? b : c`
        record Choice(Tree of, Tree then, Tree otherwise) implements Tree {}
    }

    static String text(Tree tree) {
        return switch (tree) {
            case Tree.Compared(var fact, var operator, var with) -> fact + " " + operator + " " + with;
            case Tree.Flag(var fact) -> fact;
            case Tree.In(var name, var list) -> "'" + name + "' in " + list;
            case Tree.Is(var fact, var text) -> fact + " == '" + text + "'";
            case Tree.Not(var of) -> "!(" + text(of) + ")";
            case Tree.And(var left, var right) -> "(" + text(left) + ") && (" + text(right) + ")";
            case Tree.Or(var left, var right) -> "(" + text(left) + ") || (" + text(right) + ")";
            case Tree.Choice(var of, var then, var otherwise) ->
                "(" + text(of) + ") ? (" + text(then) + ") : (" + text(otherwise) + ")";
        };
    }

    /// The facts that a condition names.
    static Stream<String> named(Tree tree) {
        return switch (tree) {
            case Tree.Compared(var fact, _, _) -> Stream.of(fact);
            case Tree.Flag(var fact) -> Stream.of(fact);
            case Tree.In(_, var list) -> Stream.of(list);
            case Tree.Is(var fact, _) -> Stream.of(fact);
            case Tree.Not(var of) -> named(of);
            case Tree.And(var left, var right) -> Stream.concat(named(left), named(right));
            case Tree.Or(var left, var right) -> Stream.concat(named(left), named(right));
            case Tree.Choice(var of, var then, var otherwise) ->
                Stream.of(of, then, otherwise).flatMap(ReferencePolicy::named);
        };
    }

    /// Yes, no, or empty where a missing fact leaves it open.
    static Optional<Boolean> worth(Tree tree, Map<String, Object> facts) {
        return switch (tree) {
            case Tree.Compared(var fact, var operator, var with) ->
                Optional.ofNullable(facts.get(fact)).map(it -> compare((Long) it, operator, with));
            case Tree.Flag(var fact) -> Optional.ofNullable(facts.get(fact)).map(Boolean.TRUE::equals);
            case Tree.In(var name, var list) ->
                Optional.ofNullable(facts.get(list)).map(it -> ((List<?>) it).contains(name));
            case Tree.Is(var fact, var text) ->
                Optional.ofNullable(facts.get(fact)).map(text::equals);
            case Tree.Not(var of) -> worth(of, facts).map(it -> !it);
            case Tree.And(var left, var right) -> both(worth(left, facts), worth(right, facts), false);
            case Tree.Or(var left, var right) -> both(worth(left, facts), worth(right, facts), true);
            case Tree.Choice(var of, var then, var otherwise) ->
                worth(of, facts).flatMap(it -> worth(it ? then : otherwise, facts));
        };
    }

    /// One side that settles it settles it, whatever is known of the other.
    private static Optional<Boolean> both(Optional<Boolean> left, Optional<Boolean> right, boolean settles) {
        if (left.equals(Optional.of(settles)) || right.equals(Optional.of(settles))) {
            return Optional.of(settles);
        }
        return left.isPresent() && right.isPresent() ? Optional.of(!settles) : Optional.empty();
    }

    private static boolean compare(long fact, String operator, long with) {
        return switch (operator) {
            case "<" -> fact < with;
            case "<=" -> fact <= with;
            case ">" -> fact > with;
            case ">=" -> fact >= with;
            case "==" -> fact == with;
            case "!=" -> fact != with;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    /// A rule of the reference.
    record Rule(String name, Tree when, Effect then) {}

    /// What the rules say of a request: the word, who says it, and what it comes with.
    record Said(
            String word,
            SortedSet<String> rules,
            Optional<Duration> cap,
            Map<String, Integer> votes,
            Optional<Duration> within,
            Optional<Duration> collect,
            SortedSet<String> require,
            int uses) {
        static Said of(String word, SortedSet<String> rules, Optional<Duration> cap) {
            return new Said(word, rules, cap, Map.of(), Optional.empty(), Optional.empty(), new TreeSet<>(), 0);
        }

        static Said of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Deny it -> of("deny", new TreeSet<>(it.rules()), Optional.empty());
                case Verdict.Approve it -> of("approve", new TreeSet<>(it.rules()), it.lifetime());
                case Verdict.Review it -> {
                    var votes = new TreeMap<String, Integer>();
                    it.stages().forEach(stage -> votes.put(stage.group(), stage.votes()));
                    yield new Said(
                            "review",
                            new TreeSet<>(it.rules()),
                            it.lifetime(),
                            votes,
                            Optional.of(it.within()),
                            Optional.of(it.collect()),
                            new TreeSet<>(it.require()),
                            it.uses());
                }
            };
        }
    }

    /// Goes through the rules as the pages say.
    static Said judge(List<Rule> rules, Map<String, Object> facts) {
        var denies = new TreeSet<String>();
        var approves = new TreeSet<String>();
        var reviews = new TreeMap<String, Effect.Review>();
        var glasses = new TreeSet<String>();
        var caps = new ArrayList<Optional<Duration>>();
        boolean asked = facts.getOrDefault("break_glass", false).equals(true);
        boolean attested = facts.getOrDefault("usage.attested", false).equals(true);
        for (var rule : rules) {
            var holds = worth(rule.when(), facts);
            boolean known = holds.equals(Optional.of(true));
            boolean maybe = !holds.equals(Optional.of(false));
            switch (rule.then()) {
                case Effect.Deny _ -> {
                    if (maybe) {
                        denies.add(rule.name());
                        caps.add(Optional.empty());
                    }
                }
                case Effect.Review it -> {
                    if (maybe) {
                        reviews.put(rule.name(), it);
                        caps.add(it.lifetime());
                    }
                }
                case Effect.BreakTheGlass it -> {
                    if (known && asked && !attested) {
                        glasses.add(rule.name());
                    }
                    if (maybe && asked) {
                        caps.add(Optional.of(it.longest()));
                    }
                }
                case Effect.Approve it -> {
                    boolean owner = attested || (!speaksOfUsage(rule) && mayBeUnfamiliar(facts));
                    if (owner && maybe) {
                        var group = facts.get("resource_owner");
                        if (group == null) {
                            denies.add(rule.name());
                        } else {
                            reviews.put(rule.name(), Effect.Review.by(List.of(new Stage((String) group, 1))));
                        }
                    } else if (!owner && known) {
                        approves.add(rule.name());
                    }
                    if (maybe) {
                        // Of what nobody owns it says nothing but no.
                        caps.add(owner && facts.get("resource_owner") == null ? Optional.empty() : it.lifetime());
                    }
                }
            }
        }
        var cap = cap(caps);
        if (!denies.isEmpty()) {
            return Said.of("deny", denies, Optional.empty());
        }
        if (!glasses.isEmpty() && (approves.isEmpty() || !reviews.isEmpty())) {
            return Said.of("approve", glasses, cap);
        }
        if (!reviews.isEmpty()) {
            return asked ? Said.of("deny", new TreeSet<>(reviews.keySet()), Optional.empty()) : united(reviews, cap);
        }
        return approves.isEmpty()
                ? Said.of("deny", new TreeSet<>(List.of("(no rule)")), Optional.empty())
                : Said.of("approve", approves, cap);
    }

    private static boolean speaksOfUsage(Rule rule) {
        return named(rule.when()).anyMatch(it -> it.equals("findings") || it.startsWith("usage."));
    }

    private static boolean mayBeUnfamiliar(Map<String, Object> facts) {
        var known = facts.get("usage.unfamiliar");
        var risk = facts.get("risk");
        return known != null ? known.equals(true) : risk == null || (Long) risk >= Risk.HIGH.level;
    }

    /// The smallest. A rule that does not say counts as a quarter of an hour once another says.
    private static Optional<Duration> cap(List<Optional<Duration>> caps) {
        if (caps.stream().allMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        return caps.stream().map(it -> it.orElse(Duration.ofMinutes(15))).min(Duration::compareTo);
    }

    private static Said united(Map<String, Effect.Review> reviews, Optional<Duration> cap) {
        var votes = new TreeMap<String, Integer>();
        var require = new TreeSet<String>();
        for (var review : reviews.values()) {
            review.stages().forEach(it -> votes.merge(it.group(), it.votes(), Math::max));
            require.addAll(review.require());
        }
        return new Said(
                "review",
                new TreeSet<>(reviews.keySet()),
                cap,
                votes,
                reviews.values().stream().map(Effect.Review::within).min(Duration::compareTo),
                reviews.values().stream().map(Effect.Review::collect).min(Duration::compareTo),
                require,
                reviews.values().stream().mapToInt(Effect.Review::uses).min().orElseThrow());
    }
}
