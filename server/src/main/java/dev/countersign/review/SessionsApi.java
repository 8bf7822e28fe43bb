package dev.countersign.review;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Entry;
import dev.countersign.people.ApiScope;
import dev.countersign.people.ApiToken;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.Caller;
import dev.countersign.people.OpenSession;
import dev.countersign.people.People;
import dev.countersign.people.PersonId;
import dev.countersign.people.SignOuts;
import dev.countersign.store.Store;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/api/v1/sessions` and `/api/v1/api-tokens`: what a person is signed in with, listed and ended; for administrators
/// everybody's.
public final class SessionsApi {
    private final Guard guard;
    private final Store store;
    private final SignOuts signOuts;
    private final ApiTokens apiTokens;
    private final People people;
    private final InstantSource clock;

    public SessionsApi(
            Guard guard, Store store, SignOuts signOuts, ApiTokens apiTokens, People people, InstantSource clock) {
        this.guard = guard;
        this.store = store;
        this.signOuts = signOuts;
        this.apiTokens = apiTokens;
        this.people = people;
        this.clock = clock;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get("/api/v1/sessions", Api.answered(this::sessions));
        routes.delete("/api/v1/sessions", Api.answered(this::endOthers));
        routes.delete("/api/v1/sessions/{id}", Api.answered(this::endSession));
        routes.get("/api/v1/api-tokens", Api.answered(this::tokens));
        routes.delete("/api/v1/api-tokens/{id}", Api.answered(this::endToken));
    }

    private Reply sessions(Request request) {
        var whose = whose(request);
        var current = current(whose.caller());
        var sessions = whose.of().map(signOuts::of).orElseGet(signOuts::all);
        return Page.of(sessions.stream().map(it -> session(it, current)).toList(), Optional.empty());
    }

    private Reply tokens(Request request) {
        var whose = whose(request);
        var now = clock.instant();
        var tokens = whose.of().map(apiTokens::list).orElseGet(apiTokens::list);
        return Page.of(
                tokens.stream()
                        .filter(it -> it.revoked().isEmpty() && now.isBefore(it.expires()))
                        .map(this::token)
                        .toList(),
                Optional.empty());
    }

    /// @param of empty for everybody
    private record Whose(Caller caller, Optional<PersonId> of) {}

    private Whose whose(Request request) {
        boolean all = Query.of(request, Set.of("all")).flag("all");
        var caller = guard.caller(request, all ? ApiScope.ADMIN : ApiScope.REQUESTS_READ);
        return new Whose(
                caller, all ? Optional.empty() : Optional.of(caller.person().id()));
    }

    private Reply endOthers(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        int ended = signOuts.endOthers(caller.person().id(), current(caller), actor(caller));
        return Reply.json(200, Map.of("ended", ended)).noStore();
    }

    private Reply endSession(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        if (!signOuts.end(request.pathParam("id"), reach(caller), actor(caller))) {
            throw new Problem(404, "No such session", "there is no open session with this id that you may end");
        }
        return Reply.json(200, Map.of("ended", 1)).noStore();
    }

    private Reply endToken(Request request) {
        var id = request.pathParam("id");
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        // A token may end itself, whatever else it may.
        boolean itself = caller.how() instanceof Caller.How.ByToken(var own) && own.equals(id);
        if (!itself && !caller.may(ApiScope.REQUESTS_REVIEW)) {
            throw new Problem(403, "Not allowed", "this needs the scope " + ApiScope.REQUESTS_REVIEW);
        }
        boolean theirs = reach(caller)
                .map(it ->
                        apiTokens.list(it).stream().anyMatch(token -> token.id().equals(id)))
                .orElse(true);
        if (!theirs || !store.write(tx -> apiTokens.revoke(tx, id, actor(caller)))) {
            throw new Problem(404, "No such token", "there is no API token with this id that you may end");
        }
        return Reply.json(200, Map.of("ended", 1)).noStore();
    }

    /// Whose sessions and tokens a caller may end; empty for everybody's.
    private static Optional<PersonId> reach(Caller caller) {
        return caller.may(ApiScope.ADMIN)
                ? Optional.empty()
                : Optional.of(caller.person().id());
    }

    private static String current(Caller caller) {
        return switch (caller.how()) {
            case Caller.How.BySession(var session) -> session.id();
            case Caller.How.ByToken _ -> "";
        };
    }

    private static Entry.Actor actor(Caller caller) {
        return new Entry.Actor("person", caller.person().id().value());
    }

    private Map<String, Object> session(OpenSession it, String current) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", it.id());
        json.put("user", people.user(it.person()));
        json.put("created_at", it.created().toString());
        json.put("seen_at", it.seen().toString());
        json.put("authenticated_at", it.authenticated().toString());
        json.put("browser", it.userAgent());
        json.put("by", it.issuer().orElse("password"));
        json.put("current", it.id().equals(current));
        return json;
    }

    private Map<String, Object> token(ApiToken it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", it.id());
        json.put("user", people.user(it.person()));
        json.put("label", it.label());
        json.put("scopes", it.scopes());
        json.put("created_at", it.created().toString());
        json.put("expires_at", it.expires().toString());
        return json;
    }
}
