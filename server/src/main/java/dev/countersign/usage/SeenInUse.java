package dev.countersign.usage;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Whose tokens are seen in use, by the API and the client. One thread writes; any may read.
final class SeenInUse {
    private final Map<String, Map<String, Sightings>> all = new ConcurrentHashMap<>();

    Sightings of(String client, String resource) {
        return all.getOrDefault(resource, Map.of()).getOrDefault(client, Sightings.NONE);
    }

    void step(UsageKey key, UnaryOperator<Sightings> step, Set<UsageKey> changed) {
        var was = of(key.client(), key.resource());
        var now = step.apply(was);
        if (!now.equals(was)) {
            put(key, now);
            changed.add(key);
        }
    }

    void put(UsageKey key, Sightings sightings) {
        all.computeIfAbsent(key.resource(), _ -> new ConcurrentHashMap<>()).put(key.client(), sightings);
    }

    /// That nothing was seen of the client for long though it had tokens. Where nothing was seen of others either who
    /// had some, the API does not ask any more whether tokens are good, and that says nothing of the client.
    Sightings.Silence silence(String client, String resource, long today) {
        var own = of(client, resource);
        var silence = own.silence(today);
        if (silence.days() == 0) {
            return silence;
        }
        var others = all.getOrDefault(resource, Map.of()).entrySet().stream()
                .filter(it -> !it.getKey().equals(client))
                .map(Map.Entry::getValue)
                .filter(it -> it.tellsOfSince(own.used()))
                .toList();
        boolean asks = others.isEmpty() || others.stream().anyMatch(it -> it.used() > own.used());
        return asks ? silence : Sightings.Silence.NONE;
    }

    Set<UsageKey> keys() {
        var keys = new HashSet<UsageKey>();
        all.forEach((resource, clients) -> clients.keySet().forEach(it -> keys.add(UsageKey.seen(it, resource))));
        return keys;
    }
}
