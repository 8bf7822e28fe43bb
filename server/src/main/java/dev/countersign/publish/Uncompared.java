package dev.countersign.publish;

import dev.countersign.config.Configuration;
import dev.countersign.policy.Calendar;
import dev.countersign.policy.FactSchema;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What rules speak of by a name, and what is behind the name is otherwise than before: sources, networks, calendars
/// and the zone. The same rules may let more through by it, and no comparison of rules shows that.
final class Uncompared {
    private static final Set<String> OF_THE_ZONE = Set.of("time.hour", "time.weekday", FactSchema.ZONE);

    private final Configuration was;
    private final Configuration now;
    private final Set<String> spoken;

    private Uncompared(Configuration was, Configuration now) {
        this.was = was;
        this.now = now;
        this.spoken = now.policy().rules().stream()
                .flatMap(it -> it.when().facts().stream())
                .collect(Collectors.toSet());
    }

    /// All of it that rules of the second speak of. A rule may as well count networks as name one: where any speaks
    /// of them, each that is otherwise is told.
    static List<Looser.Line> between(Configuration was, Configuration now) {
        var it = new Uncompared(was, now);
        return Stream.of(it.sources(), it.networks(), it.calendars(), it.zone())
                .flatMap(Function.identity())
                .toList();
    }

    /// What they will say cannot be compared, and whoever answers there decides with.
    private Stream<Looser.Line> sources() {
        var named = now.policy().sources();
        return now.sources().stream()
                .filter(it -> named.contains(it.name()) && !was.sources().contains(it))
                .map(it -> line(
                        "source " + it.name(),
                        "it is new, or asked elsewhere or otherwise than before: what it says is not compared"));
    }

    private Stream<Looser.Line> networks() {
        return spoken.contains(FactSchema.NETWORKS)
                ? otherwise(was.surroundings().networks(), now.surroundings().networks())
                        .map(name -> line(
                                "network " + name,
                                "it is new or gone, or has other addresses than before: which requests come from it is"
                                        + " compared neither by the prover nor with the last requests"))
                : Stream.empty();
    }

    private Stream<Looser.Line> calendars() {
        return Collections.disjoint(spoken, FactSchema.OF_CALENDARS)
                ? Stream.empty()
                : otherwise(calendars(was), calendars(now))
                        .map(name -> line(
                                "calendar " + name,
                                "it is new or gone, or has other times or holidays than before: when it is open is not"
                                        + " compared by the prover"));
    }

    private static Map<String, Calendar> calendars(Configuration configuration) {
        return configuration.surroundings().calendars().stream()
                .collect(Collectors.toMap(Calendar::name, Function.identity()));
    }

    private Stream<Looser.Line> zone() {
        var before = was.surroundings().zone();
        var after = now.surroundings().zone();
        return before.equals(after) || Collections.disjoint(spoken, OF_THE_ZONE)
                ? Stream.empty()
                : Stream.of(line(
                        "zone " + after,
                        "it was " + before + ": which hour and weekday it is in it is not compared by the prover"));
    }

    /// The names of those that are not the same in both, sorted.
    private static <T> Stream<String> otherwise(Map<String, T> before, Map<String, T> after) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream().filter(it -> !Objects.equals(before.get(it), after.get(it)));
    }

    private static Looser.Line line(String what, String how) {
        return new Looser.Line(what, List.of(how), false);
    }
}
