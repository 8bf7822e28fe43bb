package dev.countersign.signin;

import com.nimbusds.jose.JWSAlgorithm;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Jws;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The rules for an ID token: OpenID Connect Core 1.0 §3.1.3.7, in the order in which they stand there.
final class IdTokenCheck {
    /// With a symmetric algorithm the key would be a secret that we have as well, or the public key itself.
    static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.PS256, JWSAlgorithm.RS256);

    /// A logout token or an access token of the same provider is none, whatever claims it has: RFC 8725 §3.11.
    private static final Set<String> TYPES = Set.of("", "jwt");

    /// As far as two clocks may be apart.
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final Duration OLDEST = Duration.ofMinutes(5);
    private static final int LONGEST_SUBJECT = 255;
    private static final int LONGEST_TEXT = 100;
    private static final int MOST_GROUPS = 2_000;

    private final Provider provider;
    private final Instant now;

    IdTokenCheck(Provider provider, Instant now) {
        this.provider = provider;
        this.now = now;
    }

    /// Reads one; what it says is not to be believed before [#accept].
    static Jws read(String compact) throws Failed {
        try {
            return Jws.read(compact, ALGORITHMS, TYPES);
        } catch (Jws.Fault fault) {
            throw untrusted(fault.said());
        }
    }

    /// Checks what it says, once its signature has shown that the provider said it.
    ///
    /// @param nonce what this browser's way there had
    /// @param maxAge how long ago they may have proved themselves; empty when that was not asked
    IdToken accept(Jws jws, String nonce, Optional<Duration> maxAge) throws Failed {
        try {
            issuerAndAudience(jws, provider);
            times(jws);
            if (!jws.text("nonce").equals(nonce)) {
                throw untrusted("its nonce is not the one of this sign-in");
            }
            return said(jws, authenticated(jws, maxAge));
        } catch (Jws.Fault fault) {
            throw untrusted(fault.said());
        }
    }

    /// 2 to 5: of this provider, for us and for nobody else. One that others may use as well may have been got by them.
    static void issuerAndAudience(Jws jws, Provider provider) throws Jws.Fault, Failed {
        if (!jws.text("iss").equals(provider.issuer())) {
            throw untrusted("its iss is another");
        }
        var audience = jws.claims.path("aud");
        var only = audience.isArray() && audience.size() == 1 ? audience.get(0) : audience;
        if (!only.isString() || !only.stringValue().equals(provider.clientId())) {
            throw untrusted("its aud is not this client alone");
        }
        var party = jws.claims.path("azp");
        if (!party.isMissingNode() && !party.asString("").equals(provider.clientId())) {
            throw untrusted("its azp is another client");
        }
    }

    /// 9 and 10: not over, and made just now.
    private void times(Jws jws) throws Jws.Fault, Failed {
        var end = jws.time("exp").orElseThrow(() -> untrusted("its exp is missing"));
        var made = jws.time("iat").orElseThrow(() -> untrusted("its iat is missing"));
        if (!now.isBefore(end.plus(SKEW))) {
            throw new Failed(Failure.CLOCK, "its exp was " + end + ", and it is " + now);
        }
        if (made.isAfter(now.plus(SKEW)) || made.isBefore(now.minus(OLDEST))) {
            throw new Failed(Failure.CLOCK, "its iat is " + made + ", and it is " + now);
        }
    }

    /// 13: asked for, it must be there.
    private Instant authenticated(Jws jws, Optional<Duration> maxAge) throws Jws.Fault, Failed {
        var at = jws.time("auth_time");
        if (at.filter(it -> it.isAfter(now.plus(SKEW))).isPresent()) {
            throw new Failed(Failure.CLOCK, "its auth_time is " + at.get() + ", and it is " + now);
        }
        if (maxAge.isPresent()) {
            if (at.isEmpty()) {
                throw new Failed(Failure.STALE, "it has no auth_time, which was asked for");
            }
            if (at.get().plus(maxAge.get()).plus(SKEW).isBefore(now)) {
                throw new Failed(Failure.STALE, "its auth_time is " + at.get() + ", and it is " + now);
            }
        }
        return at.orElse(jws.time("iat").orElse(now));
    }

    private IdToken said(Jws jws, Instant authenticated) throws Jws.Fault, Failed {
        var subject = jws.text(provider.subject());
        // Core §2 allows no more, and a subject that shows as another is another.
        if (subject.length() > LONGEST_SUBJECT || !subject.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw untrusted(
                    "its " + provider.subject() + " is longer than 255 characters, or not of visible ASCII ones");
        }
        var email = jws.claims.path("email_verified").asBoolean(true) ? text(jws.claims, "email") : "";
        var user = first(text(jws.claims, "preferred_username"), email, subject);
        return new IdToken(
                subject,
                user,
                first(text(jws.claims, "name"), user, subject),
                email,
                groups(jws.claims.path(provider.groups())),
                authenticated,
                jws.claims.path("sid").asString(""));
    }

    private static String first(String one, String other, String last) {
        return !one.isEmpty() ? one : !other.isEmpty() ? other : last;
    }

    /// Whoever has an account there chose it, and others read it beside a vote.
    private static String text(JsonNode claims, String name) {
        return ClientText.inert(claims.path(name).asString("").strip(), LONGEST_TEXT);
    }

    /// One group may stand there without a list around it.
    private static Set<String> groups(JsonNode claim) {
        var groups = new TreeSet<String>();
        if (claim.isString()) {
            groups.add(claim.stringValue());
        } else if (claim.isArray()) {
            claim.valueStream()
                    .limit(MOST_GROUPS)
                    .filter(JsonNode::isString)
                    .forEach(it -> groups.add(it.stringValue()));
        }
        return groups;
    }

    private static Failed untrusted(String because) {
        return new Failed(Failure.UNTRUSTED, because);
    }
}
