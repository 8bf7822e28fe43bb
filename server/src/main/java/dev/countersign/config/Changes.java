package dev.countersign.config;

import dev.countersign.http.Json;
import dev.countersign.oauth.ClientText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What would be otherwise with one configuration in the place of another, thing by thing and in words. No hash of a
/// secret, no key and no address of a person is in it: of those it says that they are others.
///
/// @param all in the order of their kinds and names
/// @param left how many more there are
public record Changes(List<Change> all, int left) {
    private static final int MOST = 200;
    private static final int LINES = 40;
    private static final int VALUE = 400;

    /// Of all things together; what comes after is named only.
    private static final int ALL_LINES = 1_000;

    /// Told by name only.
    private static final Set<String> HIDDEN = Set.of("password_hash", "hash", "jwks", "email", "schema");

    private static final Map<String, String> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("calendars", "calendar"),
            Map.entry("clients", "client"),
            Map.entry("groups", "group"),
            Map.entry("limits", "setting"),
            Map.entry("login.local", "person"),
            Map.entry("login.oidc", "provider"),
            Map.entry("login.people", "identity"),
            Map.entry("login.passkeys", "setting"),
            Map.entry("login.step_up", "setting"),
            Map.entry("networks", "network"),
            Map.entry("notify", "notifier"),
            Map.entry("policies", "rule"),
            Map.entry("prove", "claim"),
            Map.entry("resources", "resource"),
            Map.entry("signing", "setting"),
            Map.entry("sources", "source"),
            Map.entry("tests", "test"),
            Map.entry("zone", "setting")));

    private static final List<String> NAMED_BY = List.of("id", "rule", "claim", "name", "type", "user", "group");

    /// One thing that is otherwise.
    ///
    /// @param kind `client`, `rule` and the like
    /// @param how `added`, `changed` or `removed`
    /// @param lines what was and what would be
    public record Change(String kind, String name, String how, List<String> lines) {
        private Change named() {
            return new Change(kind, name, how, List.of("not told here: there is too much"));
        }
    }

    /// Both as [Configuration#content] has them.
    public static Changes between(String before, String after) {
        var old = Json.read(before);
        var now = Json.read(after);
        var all = new ArrayList<Change>();
        KINDS.forEach((key, kind) -> changed(kind, things(key, old), things(key, now), all));
        var told = new ArrayList<Change>();
        int lines = 0;
        for (var change : all.subList(0, Math.min(MOST, all.size()))) {
            lines += change.lines().size();
            told.add(lines <= ALL_LINES ? change : change.named());
        }
        return new Changes(List.copyOf(told), all.size() - told.size());
    }

    private static void changed(String kind, Map<String, JsonNode> old, Map<String, JsonNode> now, List<Change> into) {
        var names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        for (var name : names) {
            var was = old.get(name);
            var is = now.get(name);
            if (!Objects.equals(was, is)) {
                var how = was == null ? "added" : is == null ? "removed" : "changed";
                into.add(new Change(kind, inert(name), how, is == null ? List.of() : lines(was, is)));
            }
        }
    }

    private static Map<String, JsonNode> things(String key, JsonNode content) {
        var node = content;
        for (var part : key.split("\\.", -1)) {
            node = node.path(part);
        }
        var things = new TreeMap<String, JsonNode>();
        if (node.isArray()) {
            node.valueStream().forEach(it -> things.put(name(it, ""), it));
        } else if (key.equals("groups") || key.equals("sources")) {
            node.properties().forEach(it -> things.put(it.getKey(), it.getValue()));
        } else if (!node.isMissingNode()) {
            things.put(key, node);
        }
        return things;
    }

    private static List<String> lines(@Nullable JsonNode was, JsonNode is) {
        var old = new LinkedHashMap<String, JsonNode>();
        var now = new LinkedHashMap<String, JsonNode>();
        if (was != null) {
            flatten("", was, old);
        }
        flatten("", is, now);
        var paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        var lines = paths.stream()
                .filter(it -> !Objects.equals(old.get(it), now.get(it)))
                .map(it -> line(it, old.get(it), now.get(it), was == null))
                .toList();
        return lines.size() <= LINES
                ? lines
                : Stream.concat(lines.stream().limit(LINES), Stream.of("and " + (lines.size() - LINES) + " more"))
                        .toList();
    }

    private static String line(String path, @Nullable JsonNode was, @Nullable JsonNode is, boolean added) {
        var name = inert(path.isEmpty() ? "value" : path);
        if (HIDDEN.contains(path.substring(path.lastIndexOf('.') + 1))) {
            return name + (was == null ? ": given" : is == null ? ": taken out" : ": another one");
        }
        if (is == null) {
            return name + ": no longer " + value(was);
        }
        if (was == null) {
            return name + ": " + value(is) + (added ? "" : ", new");
        }
        if (was.isArray() && is.isArray()) {
            return name + ": " + elements(was, is);
        }
        return name + ": " + value(is) + " instead of " + value(was);
    }

    private static String elements(JsonNode was, JsonNode is) {
        var words = new ArrayList<String>();
        without(is, was).ifPresent(it -> words.add("with " + it));
        without(was, is).ifPresent(it -> words.add("without " + it));
        return words.isEmpty() ? value(is) + " instead of " + value(was) : String.join(", ", words);
    }

    private static Optional<String> without(JsonNode from, JsonNode what) {
        var there = what.valueStream().collect(Collectors.toSet());
        var left = from.valueStream()
                .filter(it -> !there.contains(it))
                .map(Changes::value)
                .toList();
        return left.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", left));
    }

    private static void flatten(String path, JsonNode node, Map<String, JsonNode> into) {
        if (HIDDEN.contains(path.substring(path.lastIndexOf('.') + 1))) {
            into.put(path, node);
        } else if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(it -> flatten(under(path, it.getKey()), it.getValue(), into));
        } else if (node.isArray() && node.valueStream().anyMatch(JsonNode::isObject)) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + name(node.get(i), Integer.toString(i + 1)) + "]", node.get(i), into);
            }
        } else {
            into.put(path, node);
        }
    }

    private static String under(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String name(JsonNode thing, String otherwise) {
        return NAMED_BY.stream()
                .filter(it -> thing.path(it).isString())
                .findFirst()
                .map(it -> thing.path(it).stringValue(""))
                .orElse(otherwise);
    }

    private static String value(@Nullable JsonNode node) {
        if (node == null) {
            return "";
        }
        if (node.isString()) {
            return inert(node.stringValue(""));
        }
        return node.isArray()
                ? "[" + node.valueStream().map(Changes::value).collect(Collectors.joining(" ")) + "]"
                : inert(node.toString());
    }

    private static String inert(String text) {
        return ClientText.inert(text, VALUE);
    }
}
