package dev.countersign.review;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Entry;
import dev.countersign.people.ApiScope;
import dev.countersign.people.ScimToken;
import dev.countersign.people.ScimTokens;
import dev.countersign.store.Store;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/api/v1/scim-tokens`: what providers provision with, listed and ended by administrators. They are made on the
/// server's host alone.
public final class ScimTokensApi {
    private static final String BASE = "/api/v1/scim-tokens";

    private final Guard guard;
    private final Store store;
    private final ScimTokens tokens;
    private final InstantSource clock;

    public ScimTokensApi(Guard guard, Store store, ScimTokens tokens, InstantSource clock) {
        this.guard = guard;
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get(BASE, Api.answered(this::list));
        routes.delete(BASE + "/{id}", Api.answered(this::end));
    }

    private Reply list(Request request) {
        guard.caller(request, ApiScope.ADMIN);
        Query.of(request, Set.of());
        var now = clock.instant();
        return Page.of(
                tokens.list().stream()
                        .filter(it -> it.revoked().isEmpty() && now.isBefore(it.expires()))
                        .map(ScimTokensApi::json)
                        .toList(),
                Optional.empty());
    }

    private Reply end(Request request) {
        var by = new Entry.Actor(
                "person", guard.caller(request, ApiScope.ADMIN).person().id().value());
        if (!store.write(tx -> tokens.revoke(tx, request.pathParam("id"), by))) {
            throw new Problem(404, "No such token", "there is no SCIM token with this id that has not ended");
        }
        return Reply.json(200, Map.of("ended", 1)).noStore();
    }

    private static Map<String, Object> json(ScimToken it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", it.id());
        json.put("issuer", it.issuer());
        json.put("label", it.label());
        json.put("created_at", it.created().toString());
        json.put("expires_at", it.expires().toString());
        return json;
    }
}
