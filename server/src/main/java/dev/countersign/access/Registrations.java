package dev.countersign.access;

import dev.countersign.config.Configurations;
import dev.countersign.config.Version;
import dev.countersign.http.Json;
import dev.countersign.store.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Since when each client may ask for what, from the versions that were published: from the one in force back
/// to the one in force when the time that is looked at began.
final class Registrations {
    /// As many versions are read. What is older than they are is then taken to be as young as the oldest of
    /// them, so that nothing is called unused that may be new.
    private static final int MOST = 200;

    private static final int AT_ONCE = 20;

    private final Instant from;
    private final Map<String, Registered> now = new TreeMap<>();
    private final Map<String, Set<Permission>> unbroken = new HashMap<>();

    private boolean begun;

    private Registrations(Instant from) {
        this.from = from;
    }

    /// All clients of the version in force, by id.
    static Map<String, Registered> since(Tx tx, Configurations configurations, Instant from) {
        var registrations = new Registrations(from);
        var before = Optional.<Long>empty();
        for (int read = 0; read < MOST; read += AT_ONCE) {
            var versions = configurations.history(tx, before, AT_ONCE);
            for (var version : versions) {
                if (registrations.isSettledBy(version, configurations.content(tx, version.number()))) {
                    return registrations.now;
                }
            }
            if (versions.size() < AT_ONCE) {
                return registrations.now;
            }
            before = Optional.of(versions.getLast().number());
        }
        return registrations.now;
    }

    /// Takes in one version, the newest first; true when no older one can tell any more.
    private boolean isSettledBy(Version version, String content) {
        var clients = clients(content);
        if (!begun) {
            begun = true;
            clients.forEach((id, client) -> {
                var permissions = permissions(client);
                SortedMap<Permission, Optional<Instant>> since = new TreeMap<>();
                permissions.forEach(it -> since.put(it, Optional.empty()));
                now.put(
                        id,
                        new Registered(
                                id,
                                client.path("name").asString(id),
                                client.path("owner").asString(""),
                                client.path("disabled").asBoolean(false),
                                since));
                unbroken.put(id, permissions);
            });
        }
        boolean whole = !version.at().isAfter(from);
        unbroken.forEach((id, permissions) -> {
            var client = clients.get(id);
            var then = client == null ? Set.<Permission>of() : permissions(client);
            permissions.retainAll(then);
            var registered = now.get(id);
            if (registered != null) {
                permissions.forEach(
                        it -> registered.permissions().put(it, whole ? Optional.empty() : Optional.of(version.at())));
            }
        });
        return whole || unbroken.values().stream().allMatch(Set::isEmpty);
    }

    private static Map<String, JsonNode> clients(String content) {
        var clients = new HashMap<String, JsonNode>();
        Json.read(content)
                .path("clients")
                .forEach(it -> clients.put(it.path("id").asString(""), it));
        return clients;
    }

    private static Set<Permission> permissions(JsonNode client) {
        var all = new TreeSet<Permission>();
        client.path("grants").forEach(it -> all.add(new Permission(Permission.Kind.GRANT, "", it.asString(""))));
        reach(client, "access", Permission.Kind.SCOPE, all);
        reach(client, "details", Permission.Kind.DETAILS, all);
        return new HashSet<>(all);
    }

    private static void reach(JsonNode client, String key, Permission.Kind kind, Set<Permission> into) {
        for (var at : List.copyOf(client.path(key).properties())) {
            at.getValue().forEach(it -> into.add(new Permission(kind, at.getKey(), it.asString(""))));
        }
    }
}
