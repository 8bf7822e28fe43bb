package dev.countersign.mint;

import dev.countersign.approval.Outcome;
import dev.countersign.approval.Permit;
import dev.countersign.http.Json;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import dev.countersign.store.Failpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Turns a permit into a token, RFC 9068.
///
/// A place in the queue and a key are had before the gate is opened, so that neither overload nor a missing
/// key can burn an approval. Two sign at once for each core; some more wait, and the rest is told to come back.
public final class Mint {
    private static final int WAITING_PER_CORE = 512;

    private static final Duration OVERLOADED = Duration.ofSeconds(10);

    private final Semaphore places;
    private final Semaphore queue;
    private final Keys keys;
    private final String issuer;

    public Mint(Keys keys, String issuer, int cores) {
        this.keys = keys;
        this.issuer = issuer;
        this.places = new Semaphore(cores * 2, true);
        this.queue = new Semaphore(cores * WAITING_PER_CORE);
    }

    /// What comes of asking the gate while holding a place.
    public sealed interface Issue {
        /// A token, signed.
        record Token(AccessToken token) implements Issue {}

        /// People are asked; nothing was minted.
        record Wait(Outcome.Wait outcome) implements Issue {}

        /// There is something to fetch; nothing was minted.
        record Ready(String id) implements Issue {}
    }

    /// Asks the gate and, when it opens, signs.
    ///
    /// @throws Refusal what the gate said no with; `temporarily_unavailable` when too many ask at once
    public Issue issue(Supplier<Outcome> gate) {
        if (!queue.tryAcquire()) {
            throw Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "too many token requests at once, try again shortly")
                    .after(OVERLOADED);
        }
        try {
            var signer = keys.current();
            return switch (gate.get()) {
                case Outcome.Go(var permit) -> {
                    Failpoint.pass("sign.before");
                    var token = sign(permit, signer);
                    Failpoint.pass("sign.after");
                    yield new Issue.Token(token);
                }
                case Outcome.Wait wait -> new Issue.Wait(wait);
                case Outcome.Ready(var id) -> new Issue.Ready(id);
                case Outcome.No no -> throw no.refusal();
            };
        } finally {
            queue.release();
        }
    }

    private AccessToken sign(Permit permit, Signer signer) {
        places.acquireUninterruptibly(); // the permit is durable: it is signed whatever comes
        try {
            return token(permit, signer);
        } finally {
            places.release();
        }
    }

    private AccessToken token(Permit permit, Signer signer) {
        var request = permit.request;
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", issuer);
        claims.put("sub", request.subject());
        claims.put("aud", request.resource());
        claims.put("client_id", request.client());
        claims.put("iat", permit.issuedAt.getEpochSecond());
        claims.put("exp", permit.expiresAt.getEpochSecond());
        claims.put("jti", permit.tokenId);
        if (!permit.granted.scopes().isEmpty()) {
            claims.put("scope", permit.granted.scopes().toString());
        }
        if (!permit.granted.details().isEmpty()) {
            claims.put("authorization_details", permit.granted.details().objects());
        }
        if (!request.key().isEmpty()) {
            claims.put("cnf", Map.of("jkt", request.key()));
        }
        claims.put("approval", approval(permit.approved));
        var compact = signer.sign(Json.bytes(claims));
        return new AccessToken(compact, request.key().isEmpty() ? "Bearer" : "DPoP", permit.expiresAt, permit);
    }

    private static Map<String, Object> approval(Permit.Approved approved) {
        var claim = new LinkedHashMap<String, Object>();
        claim.put("id", approved.id());
        claim.put("until", approved.until().getEpochSecond());
        claim.put("entry", approved.entry().text());
        claim.put("by", approved.by());
        claim.put("votes", approved.people());
        claim.put("people", approved.people());
        claim.put("signed", approved.signed());
        return claim;
    }
}
