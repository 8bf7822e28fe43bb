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
import tools.jackson.databind.JsonNode;

/// Since when each client may ask for what, from the versions that were published: from the one in force back
/// to the one in force when the time that is looked at began.
final class Registrations {
    /// As many versions are read. What is older than they are is then taken to be as young as the oldest of
    /// them, so that nothing is called unused that may be new.
    private static final int MOST = 200;

    private static final int AT_ONCE = 20;

    private final Instant from;
    private final Map<String, Traced> clients = new TreeMap<>();

    private boolean begun;

    private Registrations(Instant from) {
        this.from = from;
    }

    /// A client, and what of its permissions was there in all versions so far.
    private record Traced(Registered client, Set<Permission> unbroken) {}

    /// All clients of the version in force, by id.
    static List<Registered> since(Tx tx, Configurations configurations, Instant from) {
        var registrations = new Registrations(from);
        registrations.read(tx, configurations);
        return registrations.clients.values().stream().map(Traced::client).toList();
    }

    private void read(Tx tx, Configurations configurations) {
        var before = Optional.<Long>empty();
        for (int read = 0; read < MOST; read += AT_ONCE) {
            var versions = configurations.history(tx, before, AT_ONCE);
            for (var version : versions) {
                if (isSettledBy(version, configurations.content(tx, version.number()))) {
                    return;
                }
            }
            if (versions.size() < AT_ONCE) {
                return;
            }
            before = Optional.of(versions.getLast().number());
        }
    }

    /// Takes in one version, the newest first; true when no older one can tell any more.
    private boolean isSettledBy(Version version, String content) {
        var then = clients(content);
        if (!begun) {
            begun = true;
            then.forEach((id, client) -> clients.put(id, traced(id, client)));
        }
        boolean whole = !version.at().isAfter(from);
        var since = whole ? Optional.<Instant>empty() : Optional.of(version.at());
        clients.forEach((id, traced) -> {
            var client = then.get(id);
            traced.unbroken().retainAll(client == null ? Set.of() : permissions(client));
            traced.unbroken().forEach(it -> traced.client().permissions().put(it, since));
        });
        return whole || clients.values().stream().allMatch(it -> it.unbroken().isEmpty());
    }

    private static Traced traced(String id, JsonNode client) {
        var permissions = permissions(client);
        SortedMap<Permission, Optional<Instant>> since = new TreeMap<>();
        permissions.forEach(it -> since.put(it, Optional.empty()));
        return new Traced(
                new Registered(
                        id,
                        client.path("name").asString(id),
                        client.path("owner").asString(""),
                        client.path("disabled").asBoolean(false),
                        since),
                permissions);
    }

    private static Map<String, JsonNode> clients(String content) {
        var clients = new HashMap<String, JsonNode>();
        Json.read(content)
                .path("clients")
                .forEach(it -> clients.put(it.path("id").asString(""), it));
        return clients;
    }

    private static Set<Permission> permissions(JsonNode client) {
        var all = new HashSet<Permission>();
        client.path("grants").forEach(it -> all.add(new Permission(Permission.Kind.GRANT, "", it.asString(""))));
        reach(client, "access", Permission.Kind.SCOPE, all);
        reach(client, "details", Permission.Kind.DETAILS, all);
        return all;
    }

    private static void reach(JsonNode client, String key, Permission.Kind kind, Set<Permission> into) {
        for (var at : List.copyOf(client.path(key).properties())) {
            at.getValue().forEach(it -> into.add(new Permission(kind, at.getKey(), it.asString(""))));
        }
    }
}
