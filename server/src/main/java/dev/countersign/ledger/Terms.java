package dev.countersign.ledger;

import dev.countersign.oauth.AuthorizationDetails;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What is asked, agreed to or granted, as far as it must stay the same from the request to the token. One digest
/// of it runs through the entries of a request; where it changes, an entry says how it was narrowed.
///
/// @param scopes kept sorted, each once
/// @param detailsDigest from [#details]
/// @param jkt the thumbprint of the key it is bound to; empty when it is bound to none
/// @param lifetimeSeconds of the token; 0 while nobody has said
/// @param uses how many tokens it is good for, one or more
/// @param start before which none is given, in seconds since 1970; 0 when it may be given at once
public record Terms(
        String client,
        String subject,
        String resource,
        List<String> scopes,
        String detailsDigest,
        String jkt,
        long lifetimeSeconds,
        long uses,
        long start) {
    private static final byte[] DOMAIN = "countersign-terms/v1\0".getBytes(StandardCharsets.UTF_8);

    public Terms {
        scopes = List.copyOf(new TreeSet<>(scopes));
    }

    /// SHA-256 of a domain prefix and the canonical JSON of all members, in base64url. One use is not written, nor
    /// is a start that is none.
    public String digest() {
        var members = new HashMap<String, Object>(Map.of(
                Member.CLIENT, client,
                Member.SUBJECT, subject,
                Member.RESOURCE, resource,
                Member.SCOPES, scopes,
                Member.DETAILS_DIGEST, detailsDigest,
                Member.JKT, jkt,
                Member.LIFETIME, lifetimeSeconds));
        if (uses > 1) {
            members.put(Member.USES, uses);
        }
        if (start > 0) {
            members.put(Member.START, start);
        }
        var digest = Merkle.sha256();
        digest.update(DOMAIN);
        digest.update(LeafWriter.write(LeafWriter.normal(members)));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    }

    /// The digest by which entries speak of authorization details: SHA-256 of their canonical JSON, in base64url.
    public static String details(AuthorizationDetails details) {
        var digest = Merkle.sha256().digest(details.canonical().getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
}
