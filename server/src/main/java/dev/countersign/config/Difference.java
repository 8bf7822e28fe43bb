package dev.countersign.config;

import dev.countersign.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What one configuration has that another has not, thing by thing.
///
/// @param things `clients_added` and the like, each with the names; only those that have any
public record Difference(Map<String, List<String>> things) {
    /// A leaf has 16 KiB; beyond this many characters the names give way to their number.
    private static final int NAMED = 6_000;

    /// Lists of things, and the key that names one.
    private static final Map<String, String> LISTS = Map.of(
            "calendars",
            "name",
            "clients",
            "id",
            "resources",
            "id",
            "policies",
            "rule",
            "tests",
            "name",
            "prove",
            "claim",
            "notify",
            "id");

    private static final Set<String> SETTINGS = Set.of("signing", "limits", "zone");

    /// Both as [Configuration#content] has them.
    public static Difference between(String before, String after) {
        var old = Json.read(before);
        var now = Json.read(after);
        var things = new TreeMap<String, List<String>>();
        LISTS.forEach((kind, by) -> compare(kind, named(old.path(kind), by), named(now.path(kind), by), things));
        compare("groups", members(old.path("groups")), members(now.path("groups")), things);
        compare("networks", members(old.path("networks")), members(now.path("networks")), things);
        compare("sources", members(old.path("sources")), members(now.path("sources")), things);
        compare("logins", logins(old), logins(now), things);
        compare("people", people(old), people(now), things);
        compare("settings", settings(old), settings(now), things);
        return new Difference(things);
    }

    /// True when they are the same.
    public boolean isEmpty() {
        return things.isEmpty();
    }

    /// For the ledger entry of a publication. Names of people stay out of it: it has how many they are.
    Map<String, Object> body() {
        int length = things.values().stream()
                .flatMap(List::stream)
                .mapToInt(it -> it.length() + 3)
                .sum();
        var body = new TreeMap<String, Object>();
        things.forEach((what, names) -> {
            boolean counted = length > NAMED || what.startsWith("people_");
            body.put(what, counted ? names.size() : names);
        });
        return body;
    }

    private static void compare(
            String kind, Map<String, JsonNode> old, Map<String, JsonNode> now, Map<String, List<String>> into) {
        var names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        for (var name : names) {
            if (!Objects.equals(old.get(name), now.get(name))) {
                var what = !old.containsKey(name) ? "_added" : now.containsKey(name) ? "_changed" : "_removed";
                into.computeIfAbsent(kind + what, _ -> new ArrayList<>()).add(name);
            }
        }
    }

    private static Map<String, JsonNode> named(JsonNode list, String by) {
        var found = new TreeMap<String, JsonNode>();
        list.valueStream().forEach(it -> found.put(it.path(by).asString(""), it));
        return found;
    }

    private static Map<String, JsonNode> members(JsonNode map) {
        var found = new TreeMap<String, JsonNode>();
        map.properties().forEach(it -> found.put(it.getKey(), it.getValue()));
        return found;
    }

    private static Map<String, JsonNode> logins(JsonNode content) {
        return named(content.path("login").path("oidc"), "id");
    }

    /// Whoever stands in both lists is changed by either.
    private static Map<String, JsonNode> people(JsonNode content) {
        var people = named(content.path("login").path("local"), "user");
        named(content.path("login").path("people"), "user")
                .forEach((user, it) -> people.merge(user, it, (local, known) -> Json.node(List.of(local, known))));
        return people;
    }

    private static Map<String, JsonNode> settings(JsonNode content) {
        var found = members(content);
        found.keySet().retainAll(SETTINGS);
        var stepUp = content.path("login").path("step_up");
        if (!stepUp.isMissingNode()) {
            found.put("step_up", stepUp);
        }
        return found;
    }
}
