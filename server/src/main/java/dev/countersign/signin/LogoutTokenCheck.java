package dev.countersign.signin;

import dev.countersign.oauth.Jws;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// The rules for a logout token: OpenID Connect Back-Channel Logout 1.0 §2.6.
final class LogoutTokenCheck {
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    /// §2.4: its own type, or none from those that were there before it.
    private static final Set<String> TYPES = Set.of("logout+jwt", "jwt", "");

    private static final Duration OLDEST = Duration.ofMinutes(5);
    private static final int LONGEST = 256;

    private final Provider provider;
    private final Instant now;

    /// What a provider says is over.
    ///
    /// @param subject empty when it does not say whose
    /// @param session empty when it does not say which; not both are
    /// @param id by which it is known again
    /// @param until from when on it is refused for its age
    record LogoutToken(String subject, String session, String id, Instant until) {}

    LogoutTokenCheck(Provider provider, Instant now) {
        this.provider = provider;
        this.now = now;
    }

    static Jws read(String compact) throws Failed {
        try {
            return Jws.read(compact, IdTokenCheck.ALGORITHMS, TYPES);
        } catch (Jws.Fault fault) {
            throw untrusted(fault.said());
        }
    }

    /// Checks what it says, once its signature has shown that the provider said it.
    LogoutToken accept(Jws jws) throws Failed {
        try {
            IdTokenCheck.issuerAndAudience(jws, provider);
            var made = jws.time("iat").orElseThrow(() -> untrusted("its iat is missing"));
            if (made.isAfter(now.plus(IdTokenCheck.SKEW)) || made.isBefore(now.minus(OLDEST))) {
                throw untrusted("its iat is " + made + ", and it is " + now);
            }
            var end = jws.time("exp").orElse(made.plus(OLDEST));
            if (!now.isBefore(end.plus(IdTokenCheck.SKEW))) {
                throw untrusted("its exp was " + end + ", and it is " + now);
            }
            if (!jws.claims.path("events").path(EVENT).isObject()) {
                throw untrusted("it is not about a logout");
            }
            // An ID token must never pass for one.
            if (!jws.claims.path("nonce").isMissingNode()) {
                throw untrusted("it has a nonce");
            }
            var subject = text(jws, provider.subject()); // by another claim nobody would be known here
            var session = text(jws, "sid");
            if (subject.isEmpty() && session.isEmpty()) {
                throw untrusted("it names neither a subject nor a session");
            }
            var id = jws.text("jti");
            if (id.length() > LONGEST) {
                throw untrusted("its jti is longer than " + LONGEST + " characters");
            }
            // However long it says it lasts, its iat is refused then.
            return new LogoutToken(subject, session, id, made.plus(OLDEST).plus(IdTokenCheck.SKEW));
        } catch (Jws.Fault fault) {
            throw untrusted(fault.said());
        }
    }

    private static String text(Jws jws, String claim) throws Jws.Fault {
        return jws.claims.path(claim).isMissingNode() ? "" : jws.text(claim);
    }

    private static Failed untrusted(String because) {
        return new Failed(Failure.UNTRUSTED, because);
    }
}
