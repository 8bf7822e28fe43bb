package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Entries in, counters out: the same entries always give the same counters, whether they come one by one or all at
/// once. One thread folds; any may read.
final class UsageFold {
    /// The member of `configuration.published` that lists clients which were not registered before.
    static final String CLIENTS_ADDED = "clients_added";

    private final Map<String, Instant> since = new ConcurrentHashMap<>();
    private final Map<UsageKey, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Week> weeks = new ConcurrentHashMap<>();

    /// Takes one entry in; the keys whose counters it changed.
    ///
    /// @throws IllegalArgumentException when it is an entry about use that does not say of what
    List<UsageKey> take(EntryView entry) {
        return switch (entry.code()) {
            case CONFIGURATION_PUBLISHED ->
                entry.texts(CLIENTS_ADDED).stream()
                        .map(client -> entered(client, entry.at()))
                        .toList();
            case TOKEN_MINTED -> minted(entry);
            // Not a use of anything.
            default -> List.of();
        };
    }

    /// A client that comes back after it was taken out is as old as it was.
    private UsageKey entered(String client, Instant at) {
        since.putIfAbsent(client, at);
        return UsageKey.of(client);
    }

    private List<UsageKey> minted(EntryView entry) {
        var client = entry.text(Member.CLIENT);
        var resource = entry.text(Member.RESOURCE);
        if (client.isEmpty() || resource.isEmpty()) {
            throw new IllegalArgumentException("entry " + entry.index() + " mints a token for nobody or nothing");
        }
        var keys = new java.util.ArrayList<UsageKey>();
        keys.add(UsageKey.of(client));
        entry.texts(Member.SCOPES).forEach(scope -> keys.add(new UsageKey(client, resource, scope)));
        weeks.computeIfAbsent(client, _ -> new Week()).used(entry.at());
        keys.forEach(key -> counters.merge(key, Counter.once(entry.at()), (was, _) -> was.used(entry.at())));
        return keys;
    }

    Optional<Counter> counter(UsageKey key) {
        return Optional.ofNullable(counters.get(key));
    }

    /// All that is counted.
    Set<UsageKey> keys() {
        var keys = new HashSet<>(counters.keySet());
        since.keySet().forEach(client -> keys.add(UsageKey.of(client)));
        return keys;
    }

    /// When the client entered the ledger.
    Optional<Instant> since(String client) {
        return Optional.ofNullable(since.get(client));
    }

    /// When in the week the client had its tokens; empty when it never had one.
    Optional<Week> week(String client) {
        return Optional.ofNullable(weeks.get(client));
    }

    /// Puts back what was kept.
    void restore(KeptProfiles.Row kept) {
        kept.since().ifPresent(at -> since.put(kept.key().client(), at));
        kept.counter().ifPresent(it -> counters.put(kept.key(), it));
        kept.week().ifPresent(it -> weeks.put(kept.key().client(), Week.of(it)));
    }
}
