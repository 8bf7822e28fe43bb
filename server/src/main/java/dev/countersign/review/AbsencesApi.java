package dev.countersign.review;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Entry;
import dev.countersign.people.Absence;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.people.Freshness;
import dev.countersign.people.People;
import dev.countersign.people.PersonId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/api/v1/absences`: when a person is away and who stands in for them; for administrators everybody's.
public final class AbsencesApi {
    private final Guard guard;
    private final Absences absences;
    private final Freshness freshness;
    private final People people;

    public AbsencesApi(Guard guard, Absences absences, Freshness freshness, People people) {
        this.guard = guard;
        this.absences = absences;
        this.freshness = freshness;
        this.people = people;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get("/api/v1/absences", Api.answered(this::list));
        routes.post("/api/v1/absences", Api.answered(this::say));
        routes.delete("/api/v1/absences/{id}", Api.answered(this::end));
    }

    private Reply list(Request request) {
        boolean all = Query.of(request, Set.of("all", "limit")).flag("all");
        var caller = guard.caller(request, all ? ApiScope.ADMIN : ApiScope.REQUESTS_READ);
        var found = all ? absences.all() : absences.of(caller.person().id());
        return Page.of(found.stream().map(this::json).toList(), Optional.empty());
    }

    private Reply say(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var body = Body.of(request, Set.of("from", "until", "zone", "substitute"));
        var substitute = Optional.of(body.textOr("substitute", ""))
                .filter(it -> !it.isEmpty())
                .map(it -> UserNames.person(people, it, "the page /account/away"));
        if (substitute.isPresent() && !freshness.mayLend(caller)) {
            throw new Problem(
                    403,
                    "Sign in again",
                    "to name who votes in your place one has just signed in: say it on the page /account/away");
        }
        var result = absences.say(
                caller.person().id(), body.text("from"), body.text("until"), body.textOr("zone", "UTC"), substitute);
        return switch (result) {
            case Absences.Result.Said(var absence) ->
                Reply.json(200, json(absence)).noStore();
            case Absences.Result.Refused(var because) -> throw new Problem(422, "Not possible", because);
        };
    }

    private Reply end(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var of = caller.may(ApiScope.ADMIN)
                ? Optional.<PersonId>empty()
                : Optional.of(caller.person().id());
        if (!absences.end(request.pathParam("id"), of, actor(caller))) {
            throw new Problem(404, "No such absence", "there is none with this id that you may end");
        }
        return Reply.json(200, Map.of("ended", 1)).noStore();
    }

    private static Entry.Actor actor(Caller caller) {
        return new Entry.Actor("person", caller.person().id().value());
    }

    private Map<String, Object> json(Absence it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("id", it.id());
        json.put("user", people.user(it.person()));
        json.put("from", it.from().toString());
        json.put("until", it.until().toString());
        json.put("zone", it.zone().getId());
        it.substitute().ifPresent(who -> json.put("substitute", people.user(who)));
        return json;
    }
}
