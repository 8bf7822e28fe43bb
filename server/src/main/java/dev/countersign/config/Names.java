package dev.countersign.config;

import dev.countersign.policy.Conditions;
import dev.countersign.policy.Stage;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the configuration names, for whoever refers to it. Taken from what is written, also where it has other faults,
/// so that one fault does not show as several.
///
/// @param members by group, also those who are in it while they are on call; for those whom a provider will name stand
///     as many as any rule may ask
/// @param scopes by resource
/// @param details types by resource
/// @param networks those that are named
/// @param conditions what is compiled of the rules and claims, by the facts that sources give
record Names(
        Set<String> people,
        Map<String, Set<String>> members,
        Map<String, Set<String>> scopes,
        Map<String, Set<String>> details,
        Set<String> clients,
        Set<String> calendars,
        Set<String> networks,
        Conditions conditions) {
    static Names of(View root) {
        return of(root, Map.of());
    }

    /// @param provisioned who is in groups whose members a provider provisions, by group
    static Names of(View root, Map<String, Set<String>> provisioned) {
        return new Names(
                root.view("login").map(Names::people).orElse(Set.of()),
                root.named("groups").entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, it -> members(it.getKey(), it.getValue(), provisioned))),
                within(root, it -> all(it.views("scopes"), "name")),
                within(root, it -> all(it.views("details"), "type")),
                all(root.views("clients"), "id"),
                all(root.views("calendars"), "name"),
                root.view("networks").map(Names::keys).orElse(Set.of()),
                new Conditions(SourceCheck.facts(root)));
    }

    private static Set<String> people(View login) {
        var people = new TreeSet<>(all(login.views("local"), "user"));
        people.addAll(all(login.views("people"), "user"));
        return people;
    }

    private static Set<String> members(String name, View group, Map<String, Set<String>> provisioned) {
        var members = new LinkedHashSet<>(group.texts("members"));
        group.view("on_call")
                .flatMap(it -> it.view("people"))
                .ifPresent(it -> members.addAll(it.texts().values()));
        if (provisioned.containsKey(name)) {
            members.addAll(provisioned.getOrDefault(name, Set.of()));
        } else if (group.has("from")) {
            // No user is called like this.
            IntStream.range(0, Limits.MOST_VOTES).forEach(it -> members.add(name + " " + it));
        }
        return members;
    }

    /// Everybody who could vote on a request of a client that this group owns, with the groups they count for.
    Map<String, Set<String>> candidates(List<Stage> stages, String owner) {
        var owners = members.getOrDefault(owner, Set.of());
        var candidates = new TreeMap<String, Set<String>>();
        for (var stage : stages) {
            for (var person : members.getOrDefault(stage.group(), Set.of())) {
                if (!owners.contains(person)) {
                    candidates.computeIfAbsent(person, _ -> new TreeSet<>()).add(stage.group());
                }
            }
        }
        return candidates;
    }

    /// What is wrong with a reference; empty when the name is known.
    static Optional<String> missing(String kind, String name, Collection<String> known) {
        return known.contains(name)
                ? Optional.empty()
                : Optional.of("there is no " + kind + " `" + name + "`" + Spelling.hint(name, known));
    }

    private static Set<String> all(Collection<View> things, String key) {
        return things.stream()
                .map(it -> it.text(key))
                .filter(it -> !it.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> keys(View of) {
        return of.entries().entries().stream().map(Piece.Entry::key).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Set<String>> within(View root, Function<View, Set<String>> names) {
        return root.views("resources").stream()
                .collect(Collectors.toMap(it -> it.text("id"), names, (a, _) -> a, TreeMap::new));
    }
}
