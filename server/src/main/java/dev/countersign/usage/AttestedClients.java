package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which clients are attested. It ends with the client's next token, since it is dormant no more; with a freeze of the
/// client, since whoever stops it trusts it no more; and when people take it back. That its time is over is for
/// whoever asks to see.
final class AttestedClients {
    private final Map<String, Attested> clients = new ConcurrentHashMap<>();

    /// Takes one entry in.
    ///
    /// @param changed is told of the clients for whom it changes anything
    void take(EntryView entry, Set<UsageKey> changed) {
        switch (entry.code()) {
            case CLIENT_ATTESTED -> {
                var client = entry.text(Member.TARGET);
                clients.put(client, Attested.of(entry));
                changed.add(UsageKey.attested(client));
            }
            case TOKEN_MINTED -> {
                if (UsageFold.isUse(entry)) {
                    end(entry.text(Member.CLIENT), changed);
                }
            }
            case FREEZE_SET -> {
                if (entry.text(Member.KIND).equals(Member.CLIENT)) {
                    end(entry.text(Member.TARGET), changed);
                }
            }
            case REQUEST_ENDED -> takenBack(entry.request().orElse(""), changed);
            // Says nothing of it.
            default -> {}
        }
    }

    private void takenBack(String request, Set<UsageKey> changed) {
        clients.entrySet().stream()
                .filter(it -> it.getValue().request().equals(request))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(it -> end(it, changed));
    }

    private void end(String client, Set<UsageKey> changed) {
        if (clients.remove(client) != null) {
            changed.add(UsageKey.attested(client));
        }
    }

    Optional<Attested> of(String client) {
        return Optional.ofNullable(clients.get(client));
    }

    Set<String> clients() {
        return Set.copyOf(clients.keySet());
    }

    /// Puts back what was kept; nothing when it had ended.
    void restore(String client, Form form) {
        if (form.hasMore()) {
            clients.put(client, Attested.of(form));
        }
    }
}
