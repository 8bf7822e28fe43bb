package dev.countersign.client;

import com.nimbusds.jose.JWSAlgorithm;
import dev.countersign.oauth.Jws;
import dev.countersign.oauth.Sha256;
import dev.countersign.oauth.SingleUse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/// The rules for a client assertion, RFC 7523 §3, as tightened by its revision draft-ietf-oauth-rfc7523bis.
final class AssertionCheck {
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.PS256, JWSAlgorithm.RS256);

    /// The revision's own type, the generic one, or none: but never a token or proof of another kind (RFC 8725 §3.11).
    private static final Set<String> TYPES = Set.of("", "jwt", "client-authentication+jwt");

    private static final Duration LONGEST_LIFE = Duration.ofMinutes(5);
    private static final Duration SKEW = Duration.ofSeconds(10);
    private static final int LONGEST_ID = 256;

    private final String issuer;
    private final SingleUse memory;
    private final InstantSource clock;

    AssertionCheck(String issuer, SingleUse memory, InstantSource clock) {
        this.issuer = issuer;
        this.memory = memory;
        this.clock = clock;
    }

    /// Reads an assertion; whose it is, it only claims.
    static Jws read(Credentials.Assertion assertion) throws Jws.Fault {
        var jws = Jws.read(assertion.jws(), ALGORITHMS, TYPES);
        if (jws.header.getJWK() != null) {
            throw new Jws.Fault("its header carries a key");
        }
        // §3 1 and 2: of the client, about the client.
        var client = jws.text("sub");
        if (!jws.text("iss").equals(client)) {
            throw new Jws.Fault("its iss and sub are not the same");
        }
        // RFC 7521 §4.2: a client_id beside it must say the same.
        if (!assertion.client().isEmpty() && !assertion.client().equals(client)) {
            throw new Jws.Fault("client_id names another client");
        }
        return jws;
    }

    /// Checks what an assertion says, once its signature has shown that the client said it, and spends it.
    void accept(Jws jws, String client) throws Jws.Fault {
        audience(jws);
        var now = clock.instant();
        var end = jws.time("exp").orElseThrow(() -> new Jws.Fault("its exp is missing"));
        if (!now.isBefore(end)) {
            throw new Jws.Fault("it is over; this server's time is " + now.getEpochSecond());
        }
        if (end.isAfter(now.plus(LONGEST_LIFE))) {
            throw new Jws.Fault("its exp is more than " + LONGEST_LIFE.toSeconds() + " seconds ahead");
        }
        for (var start : Set.of("iat", "nbf")) {
            if (jws.time(start).filter(it -> it.isAfter(now.plus(SKEW))).isPresent()) {
                throw new Jws.Fault(
                        "its " + start + " is in the future; this server's time is " + now.getEpochSecond());
            }
        }
        var id = jws.text("jti");
        if (id.length() > LONGEST_ID) {
            throw new Jws.Fault("its jti is longer than " + LONGEST_ID + " characters");
        }
        if (!memory.spend("client_assertion", Sha256.ofAll(client, id), end)) {
            throw new Jws.Fault("it was used before");
        }
    }

    /// Our issuer and nothing else: an assertion that names an endpoint, or others beside us, may have been asked for
    /// by someone who wants to use it here (audience injection).
    private void audience(Jws jws) throws Jws.Fault {
        var audience = jws.claims.path("aud");
        var only = audience.isArray() && audience.size() == 1 ? audience.get(0) : audience;
        if (!only.isString() || !only.stringValue().equals(issuer)) {
            throw new Jws.Fault("its aud must be " + issuer + " and nothing else");
        }
    }
}
