package dev.countersign.approval;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many requests of each client are open, in memory: so that a request whose client waits for nothing, as nearly
/// all do, need not ask the store whether the same is pending from elsewhere.
public final class Standing {
    private final Map<String, Integer> open;

    /// Starts with what is open in the store.
    public Standing(Map<String, Integer> open) {
        this.open = new ConcurrentHashMap<>(open);
    }

    /// True when requests of this client are open.
    boolean any(String client) {
        return open.containsKey(client);
    }

    void opened(String client) {
        open.merge(client, 1, Integer::sum);
    }

    void ended(String client) {
        open.computeIfPresent(client, (_, n) -> n > 1 ? n - 1 : null);
    }
}
