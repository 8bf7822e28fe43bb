package dev.countersign.usage;

import dev.countersign.oauth.Scopes;
import java.time.Instant;
import java.util.List;

/// What a client asks for, as far as usage is about it.
///
/// @param owner the group that owns the client
/// @param types the details types it asks with
/// @param method how it authenticated
/// @param network the ledger's digest of where from
/// @param agent the ledger's digest of by what program
/// @param reason the ledger's digest of why; empty when the client gave no reason
/// @param question the digest of what makes two requests the same
/// @param lifetime the seconds asked for; 0 when the client does not say
public record Ask(
        String client,
        String owner,
        String resource,
        List<String> scopes,
        List<String> types,
        String method,
        String credential,
        String network,
        String agent,
        String reason,
        String question,
        long lifetime,
        Instant at) {
    /// Of which no more is known than what it asks for.
    static Ask bare(String client, String resource, Scopes scopes, Instant at) {
        return new Ask(client, "", resource, scopes.names(), List.of(), "", "", "", "", "", "", 0, at);
    }

    /// Since 1970.
    long hour() {
        return Math.floorDiv(at.getEpochSecond(), 3600L);
    }

    long day() {
        return Math.floorDiv(hour(), 24L);
    }

    int breadth() {
        return scopes.size() + types.size();
    }
}
