package dev.countersign.review;

import dev.countersign.approval.Afterwards;
import dev.countersign.approval.GlassUse;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;
import dev.countersign.people.People;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `/api/v1/break-glass`: the tokens that went out before people had looked, what people say of them afterwards, and
/// what lifts an objection.
public final class BreakGlassApi {
    private static final String BASE = "/api/v1/break-glass";
    private static final Map<String, GlassUse.State> STATES =
            Arrays.stream(GlassUse.State.values()).collect(Collectors.toMap(GlassUse.State::word, it -> it));

    private final Guard guard;
    private final Afterwards afterwards;
    private final People people;

    public BreakGlassApi(Guard guard, Afterwards afterwards, People people) {
        this.guard = guard;
        this.afterwards = afterwards;
        this.people = people;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get(BASE, Api.answered(this::list));
        routes.get(BASE + "/{id}", Api.answered(this::show));
        routes.post(BASE + "/{id}/reviews", Api.answered(this::review));
        routes.post(BASE + "/{id}/lift", Api.answered(this::lift));
    }

    private Reply list(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        var query = Query.of(request, Set.of("state", "after", "limit"));
        var states = query.list("state");
        if (!STATES.keySet().containsAll(states)) {
            throw new Problem(
                    400,
                    "Unknown state",
                    "state is any of "
                            + String.join(
                                    ", ", STATES.keySet().stream().sorted().toList()));
        }
        int limit = query.limit();
        var items = afterwards.list(
                (states.isEmpty() ? STATES.keySet().stream() : states.stream())
                        .map(STATES::get)
                        .toList(),
                query.text("after"),
                limit,
                caller.person().id());
        return Page.of(
                items.stream().map(this::json).toList(),
                items.size() < limit
                        ? Optional.empty()
                        : Optional.of(items.getLast().use().request()));
    }

    private Reply show(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        return afterwards
                .see(request.pathParam("id"), caller.person().id())
                .map(it -> Reply.json(200, json(it)).noStore())
                .orElseThrow(BreakGlassApi::unknown);
    }

    private Reply review(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var body = Body.of(request, Set.of("vote", "comment", "signature"));
        var word = switch (body.text("vote")) {
            case "approve" -> GlassUse.Word.APPROVE;
            case "object" -> GlassUse.Word.OBJECT;
            default -> throw new Problem(400, "Not a vote", "vote is approve or object");
        };
        var comment = text(body.textOr("comment", ""), "comment");
        return reply(afterwards.say(
                request.pathParam("id"), new Afterwards.Look(caller.person().id(), word, comment, body.signature())));
    }

    private Reply lift(Request request) {
        var caller = guard.caller(request, ApiScope.ADMIN);
        var reason = text(Body.of(request, Set.of("reason")).text("reason"), "reason");
        if (reason.isBlank()) {
            throw new Problem(400, "No reason", "say why this may go on");
        }
        return reply(afterwards.lift(request.pathParam("id"), caller.person().id(), reason));
    }

    private Reply reply(Afterwards.Result result) {
        return switch (result) {
            case Afterwards.Result.Counted(var now) ->
                Reply.json(200, json(now)).noStore();
            case Afterwards.Result.Unknown() -> throw unknown();
            case Afterwards.Result.Over(var state) ->
                throw new Problem(409, "Not open", "this is " + state.word() + " now");
            case Afterwards.Result.AlreadySaid() ->
                throw new Problem(409, "Already said", "you have said what you think of it");
            case Afterwards.Result.NotEligible(var because) -> throw new Problem(403, "Not eligible", because);
            case Afterwards.Result.Unsigned(var page) ->
                throw new Problem(
                        403,
                        "Not signed",
                        "What is said of this has to be signed: open " + page + " and sign it there with your passkey");
            case Afterwards.Result.Stale() -> throw Problem.stale();
            case Afterwards.Result.NotSigned(var because) -> throw new Problem(403, "Not signed", because);
        };
    }

    private static String text(String text, String name) {
        try {
            return ClientText.reason(text);
        } catch (Refusal e) {
            throw new Problem(
                    400,
                    "Not a " + name,
                    "a " + name + " is plain text of at most " + ClientText.REASON + " characters");
        }
    }

    private static Problem unknown() {
        return new Problem(404, "No such use", "nobody broke the glass with this request");
    }

    private Map<String, Object> json(Afterwards.Shown seen) {
        var use = seen.use();
        var json = new LinkedHashMap<String, Object>();
        json.put("id", use.request());
        json.put("state", seen.state().word());
        json.put("overdue", seen.overdue());
        json.put("client", use.client());
        json.put("subject", use.subject());
        json.put("resource", use.resource());
        json.put("scopes", use.scopes());
        json.put("risk", use.risk());
        json.put("reason", use.reason());
        json.put("ticket", use.ticket());
        json.put("lifetime", use.lifetime());
        json.put("rules", use.rules());
        json.put("version", use.version());
        json.put("used_at", use.at().toString());
        json.put("review_by", use.reviewBy().toString());
        json.put(
                "stages",
                use.stages().stream()
                        .map(it -> Map.of("group", it.group(), "needed", it.votes()))
                        .toList());
        json.put("signed", use.signed());
        json.put("reviews", seen.said().stream().map(this::said).toList());
        json.put("may_review", seen.maySay());
        return json;
    }

    private Map<String, Object> said(GlassUse.Said heard) {
        var json = new LinkedHashMap<String, Object>();
        json.put("person", people.user(heard.person()));
        json.put("vote", heard.word().word());
        json.put("comment", heard.comment());
        json.put("at", heard.at().toString());
        json.put("signed", heard.signed());
        return json;
    }
}
