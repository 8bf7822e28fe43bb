package dev.countersign.access;

import dev.countersign.http.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one client may do, what of it it did, and what could be taken from its registration.
///
/// @param from when the time that is looked at began
/// @param at its end, which is now
public record Report(
        String client,
        String name,
        String owner,
        boolean disabled,
        Instant from,
        Instant at,
        Optional<Instant> lastToken,
        long tokens,
        Optional<Instant> attestedUntil,
        List<PermissionUse> permissions) {
    /// What could be done about it.
    public enum Action {
        /// Nothing is to be taken out.
        KEEP,
        /// Some of it is unused.
        NARROW,
        /// All of it is.
        DISABLE;

        /// As it stands in the API.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How many permissions are unused.
    public long unused() {
        return permissions.stream().filter(Report::isUnused).count();
    }

    /// What could be done about it. A client that is disabled gets nothing as it is.
    public Action action() {
        if (disabled || unused() == 0) {
            return Action.KEEP;
        }
        return unused() == permissions.size() ? Action.DISABLE : Action.NARROW;
    }

    /// That as a sentence.
    public String advice() {
        return switch (action()) {
            case KEEP -> disabled ? "it is disabled" : "nothing to take out";
            case NARROW ->
                unused() + " of " + permissions.size() + " permissions are unused: leave them out of its registration";
            case DISABLE ->
                lastToken.isPresent()
                        ? "nothing of it was used: disable it, or take it out"
                        : "it never had a token: disable it, or take it out";
        };
    }

    /// What its registration would say instead, as YAML; empty when there is nothing to take out.
    public String registration() {
        var head = "clients:\n  - id: " + Json.write(client) + "\n";
        return switch (action()) {
            case KEEP -> "";
            case NARROW -> head + kept("access", Permission.Kind.SCOPE) + kept("details", Permission.Kind.DETAILS);
            case DISABLE -> head + "    disabled: true\n";
        };
    }

    private String kept(String key, Permission.Kind kind) {
        var kept = new TreeMap<String, TreeSet<String>>();
        boolean any = false;
        for (var it : permissions) {
            if (it.permission().kind() == kind) {
                any = true;
                if (!isUnused(it)) {
                    kept.computeIfAbsent(it.permission().resource(), _ -> new TreeSet<>())
                            .add(it.permission().name());
                }
            }
        }
        if (!any) {
            return "";
        }
        var yaml = new StringBuilder("    " + key + ":" + (kept.isEmpty() ? " {}" : "") + "\n");
        kept.forEach((resource, names) -> yaml.append("      ")
                .append(Json.write(resource))
                .append(": ")
                .append(Json.write(names))
                .append("\n"));
        return yaml.toString();
    }

    private static boolean isUnused(PermissionUse use) {
        return use.state() == PermissionUse.State.UNUSED;
    }
}
