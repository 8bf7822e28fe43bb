package dev.countersign.review;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.people.DeviceGrants;
import dev.countersign.people.Memberships;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `/api/v1/device-tokens`, where a command line collects what somebody has confirmed, and `/api/v1/me`, who calls.
public final class DeviceApi {
    private final Guard guard;
    private final DeviceGrants grants;
    private final People people;
    private final Memberships memberships;
    private final InstantSource clock;

    public DeviceApi(Guard guard, DeviceGrants grants, People people, Memberships memberships, InstantSource clock) {
        this.guard = guard;
        this.grants = grants;
        this.people = people;
        this.memberships = memberships;
        this.clock = clock;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.post("/api/v1/device-tokens", Api.answered(this::collect));
        routes.get("/api/v1/me", Api.answered(this::me));
    }

    /// For whoever knows the secret, and nobody else does.
    private Reply collect(Request request) {
        var secret = Body.of(request, Set.of("secret")).text("secret");
        return switch (grants.collect(secret)) {
            case DeviceGrants.Collected.Pending() ->
                Reply.json(202, Map.of("state", "pending")).noStore();
            case DeviceGrants.Collected.Refused() -> throw new Problem(403, "Refused", "whoever was asked said no");
            case DeviceGrants.Collected.Token(var issued) -> {
                var json = new LinkedHashMap<String, Object>();
                json.put("id", issued.token().id());
                json.put("token", issued.text());
                json.put(
                        "user",
                        people.find(issued.token().person()).map(Person::user).orElse(""));
                json.put("scopes", List.copyOf(issued.token().scopes()));
                json.put("expires_at", issued.token().expires().toString());
                yield Reply.json(200, json).noStore();
            }
        };
    }

    private Reply me(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        var json = new LinkedHashMap<String, Object>();
        json.put("user", caller.person().user());
        json.put("name", caller.person().name());
        json.put("groups", List.copyOf(memberships.groupsOf(caller.person().id(), clock.instant())));
        json.put("scopes", caller.scopes().stream().sorted().toList());
        json.put("token", caller.how() instanceof Caller.How.ByToken(var id) ? id : "");
        return Reply.json(200, json).noStore();
    }
}
