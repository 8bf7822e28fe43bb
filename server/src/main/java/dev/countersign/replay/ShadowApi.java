package dev.countersign.replay;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.people.ApiScope;
import dev.countersign.review.Api;
import dev.countersign.review.Guard;
import dev.countersign.review.Problem;

/// `GET /api/v1/shadow`: what the shadow of this node has seen.
public final class ShadowApi {
    private final Guard guard;
    private final Shadow shadow;

    public ShadowApi(Guard guard, Shadow shadow) {
        this.guard = guard;
        this.shadow = shadow;
    }

    /// Adds the route.
    public void routes(Routes routes) {
        routes.get("/api/v1/shadow", Api.answered(this::shadow));
    }

    private Reply shadow(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        return Reply.json(
                        200,
                        shadow.json()
                                .orElseThrow(() -> new Problem(
                                        404,
                                        "No shadow",
                                        "no candidate runs beside this node: start it with serve --shadow DIR")))
                .noStore();
    }
}
