package dev.countersign.review;

import dev.countersign.http.Request;
import dev.countersign.people.Caller;
import dev.countersign.people.Callers;
import dev.countersign.store.Overloaded;
import dev.countersign.store.StoreFailed;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who calls the API, and whether they may. A bearer token, or the dashboard's session, which for everything but GET
/// also needs its CSRF token in the header `X-CSRF-Token`.
public final class Guard {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final Callers callers;
    private final String sessionCookie;

    /// @param sessionCookie the name of the dashboard's cookie
    public Guard(Callers callers, String sessionCookie) {
        this.callers = callers;
        this.sessionCookie = sessionCookie;
    }

    /// Who calls, when they may do that.
    ///
    /// @param scopes any of which is enough
    /// @throws Problem when they may not
    public Caller caller(Request request, String... scopes) {
        var caller = bearer(request)
                .map(callers::byToken)
                .orElseGet(() -> request.cookie(sessionCookie).flatMap(callers::bySession))
                .orElseThrow(() -> new Problem(
                        401, "Not signed in", "send a bearer token: countersign api-token issue makes one"));
        if (caller.how() instanceof Caller.How.BySession(var session)
                && !request.method().equals("GET")
                && request.header("X-CSRF-Token").filter(session::sentBy).isEmpty()) {
            throw new Problem(403, "No CSRF token", "a session needs its CSRF token in the header X-CSRF-Token");
        }
        if (Arrays.stream(scopes).noneMatch(caller::may)) {
            throw new Problem(
                    403,
                    "Not allowed",
                    "this needs the scope " + String.join(" or ", scopes) + ", of the token and of its person");
        }
        return caller;
    }

    /// Whether a caller that stayed may still do that. No, when the store does not say.
    boolean still(Caller caller, String scope) {
        try {
            return callers.still(caller).filter(it -> it.may(scope)).isPresent();
        } catch (Overloaded | StoreFailed unavailable) {
            log.debug("the store did not say whether {} may stay", caller, unavailable);
            return false;
        }
    }

    /// A header that is there is the word that counts: one that is wrong is not made good by a cookie.
    private static Optional<String> bearer(Request request) {
        return request.header("Authorization")
                .map(it -> it.regionMatches(true, 0, "Bearer ", 0, 7) ? it.substring(7) : "");
    }
}
