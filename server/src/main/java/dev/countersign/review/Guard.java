package dev.countersign.review;

import dev.countersign.http.Request;
import dev.countersign.people.Caller;
import dev.countersign.people.Callers;
import java.util.Optional;

/// Who calls the API, and whether they may. A bearer token, or the dashboard's session, which for everything but GET
/// also
/// needs its CSRF token in the header `X-CSRF-Token`.
final class Guard {
    private final Callers callers;
    private final String sessionCookie;

    /// @param sessionCookie the name of the dashboard's cookie
    Guard(Callers callers, String sessionCookie) {
        this.callers = callers;
        this.sessionCookie = sessionCookie;
    }

    Caller caller(Request request, String scope) {
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
        if (!caller.may(scope)) {
            throw new Problem(403, "Not allowed", "this needs the scope " + scope);
        }
        return caller;
    }

    /// A header that is there is the word that counts: one that is wrong is not made good by a cookie.
    private static Optional<String> bearer(Request request) {
        return request.header("Authorization")
                .map(it -> it.regionMatches(true, 0, "Bearer ", 0, 7) ? it.substring(7) : "");
    }
}
