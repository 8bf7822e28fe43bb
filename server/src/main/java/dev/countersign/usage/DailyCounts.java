package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.usage.Daily.Came;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What came of requests from day to day, of each client and by each rule that settled them. Nothing is judged by it:
/// it is what pages draw.
final class DailyCounts {
    private final Map<UsageKey, Daily> counts = new ConcurrentHashMap<>();

    /// Takes one entry in.
    ///
    /// @param changed is told of what it counted
    void take(EntryView entry, Set<UsageKey> changed) {
        switch (entry.code()) {
            case TOKEN_MINTED -> {
                if (!entry.text(Member.BY).equals(Member.BY_PEOPLE)) {
                    var came = minted(entry.text(Member.BY));
                    client(entry, came, changed);
                    rules(entry, came, changed);
                }
            }
            case REQUEST_MADE -> client(entry, Came.ASKED, changed);
            case REQUEST_JUDGED -> rules(entry, Came.ASKED, changed);
            case REQUEST_REFUSED -> {
                client(entry, Came.REFUSED, changed);
                if (entry.text(Member.BECAUSE).equals(Member.BY_POLICY)) {
                    rules(entry, Came.REFUSED, changed);
                }
            }
            // Nothing came of a request.
            default -> {}
        }
    }

    private static Came minted(String by) {
        return switch (by) {
            case Member.BY_OBSERVATION -> Came.OBSERVED;
            case Member.BY_BREAK_GLASS -> Came.BROKE_GLASS;
            default -> Came.PASSED;
        };
    }

    private void client(EntryView entry, Came came, Set<UsageKey> changed) {
        var client = entry.text(Member.CLIENT);
        if (!client.isEmpty()) {
            count(UsageKey.days(client), entry, came, changed);
        }
    }

    private void rules(EntryView entry, Came came, Set<UsageKey> changed) {
        entry.texts(Member.RULES).forEach(it -> count(UsageKey.rule(it), entry, came, changed));
    }

    private void count(UsageKey key, EntryView entry, Came came, Set<UsageKey> changed) {
        counts.computeIfAbsent(key, _ -> new Daily()).count(came, entry.at());
        changed.add(key);
    }

    Optional<Daily> of(UsageKey key) {
        return Optional.ofNullable(counts.get(key));
    }

    Set<UsageKey> keys() {
        return new HashSet<>(counts.keySet());
    }

    void restore(UsageKey key, Form form) {
        counts.put(key, Daily.of(form));
    }
}
