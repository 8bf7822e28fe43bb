package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.time.Instant;
import java.util.List;

/// One token, as its ledger entry tells of it. What an older version did not write is empty.
///
/// @param owner the group that owned the client
/// @param types the details types it was asked with
/// @param reason the ledger's digest of the client's reason
/// @param lifetime the seconds asked for, or else granted
/// @param byPeople whether people decided
/// @param askedAt when the request was made, in milliseconds since 1970
record Use(
        String client,
        String resource,
        String owner,
        List<String> scopes,
        List<String> types,
        String method,
        String credential,
        String network,
        String agent,
        String reason,
        long lifetime,
        boolean byPeople,
        Instant at,
        long askedAt) {
    /// @throws IllegalArgumentException when it does not say of what it is
    static Use of(EntryView entry) {
        var client = entry.text(Member.CLIENT);
        var resource = entry.text(Member.RESOURCE);
        if (client.isEmpty() || resource.isEmpty()) {
            throw new IllegalArgumentException("entry " + entry.index() + " mints a token for nobody or nothing");
        }
        long asked = entry.number(Member.ASKED_LIFETIME);
        return new Use(
                client,
                resource,
                entry.text(Member.OWNER),
                entry.texts(Member.SCOPES),
                entry.texts(Member.DETAILS_TYPES),
                entry.text(Member.AUTH_METHOD),
                entry.text(Member.CREDENTIAL),
                entry.text(Member.NETWORK),
                entry.text(Member.AGENT),
                entry.text(Member.REASON_DIGEST),
                asked > 0 ? asked : entry.number(Member.LIFETIME),
                entry.text(Member.BY).equals(Member.BY_PEOPLE),
                entry.at(),
                entry.request().map(Use::madeAt).orElse(entry.at().toEpochMilli()));
    }

    /// A request's id is a UUIDv7, RFC 9562 §5.7: it begins with the time it was made at.
    private static long madeAt(String request) {
        var hex = request.replace("-", "");
        return hex.matches("[0-9a-f]{12,}") ? Long.parseLong(hex.substring(0, 12), 16) : 0;
    }

    int breadth() {
        return scopes.size() + types.size();
    }

    /// Since 1970.
    long hour() {
        return Math.floorDiv(at.getEpochSecond(), 3600L);
    }

    long day() {
        return Math.floorDiv(hour(), 24L);
    }
}
