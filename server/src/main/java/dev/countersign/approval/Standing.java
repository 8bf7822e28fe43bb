package dev.countersign.approval;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which clients have open requests, in memory and from the ledger: so that a request whose client waits for nothing,
/// as nearly all do, need not ask the store whether the same is pending from elsewhere.
///
/// What is in the store already it learns of while others are served: until then anybody may have some.
public final class Standing {
    private final Map<String, String> clients = new ConcurrentHashMap<>();
    private final Map<String, Integer> open = new ConcurrentHashMap<>();
    private final Set<String> overBefore = ConcurrentHashMap.newKeySet();
    private volatile boolean begun;

    /// Takes in what was open in the store when that was looked at: the client of each request, by the request's id.
    /// What the ledger has told of since stands.
    public void begin(Map<String, String> requests) {
        requests.forEach(this::opened);
        begun = true;
        overBefore.clear();
    }

    /// True when requests of this client are open, or may be.
    boolean any(String client) {
        return !begun || open.containsKey(client);
    }

    /// Hears of entries of the ledger, whoever wrote them.
    public void heard(List<EntryView> entries) {
        for (var entry : entries) {
            entry.request().ifPresent(request -> heard(entry, request));
        }
    }

    private void heard(EntryView entry, String request) {
        switch (entry.code()) {
            case REQUEST_MADE -> opened(request, entry.actor().id());
            case REQUEST_DECIDED -> {
                if (!entry.text(Member.OUTCOME).equals(Member.APPROVED)) {
                    ended(request);
                }
            }
            case REQUEST_ENDED, TOKEN_MINTED -> ended(request);
            default -> {
                // stays as it is
            }
        }
    }

    /// Knows of one at once that was made here; the others come with the ledger, and so does this one. Request and
    /// number change together, so that none is counted for ever whose end is told while its beginning is.
    void opened(String request, String client) {
        clients.computeIfAbsent(request, _ -> {
            if (overBefore.contains(request)) {
                return null;
            }
            open.merge(client, 1, Integer::sum);
            return client;
        });
    }

    private void ended(String request) {
        clients.compute(request, (_, client) -> {
            if (client != null) {
                open.computeIfPresent(client, (_, n) -> n > 1 ? n - 1 : null);
            }
            if (!begun) {
                overBefore.add(request);
            }
            return null;
        });
    }
}
