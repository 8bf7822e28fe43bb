package dev.countersign.review;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.Alternatives;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Briefed;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Foresight;
import dev.countersign.approval.Handed;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Urgency;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.people.Freshness;
import dev.countersign.people.PersonId;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// `/api/v1/requests`: the queue, one request, votes, and what takes a request back.
final class RequestsApi {
    private static final Set<String> STATES =
            Set.of("pending", "approved", "denied", "expired", "cancelled", "redeemed", "revoked");
    private static final Set<String> BALLOT =
            Set.of("vote", "comment", "scopes", "authorization_details", "lifetime", "uses", "signature");
    private static final Set<String> PLAN =
            Set.of("client", "resource", "scopes", "authorization_details", "lifetime", "reason", "ticket", "start");
    private static final int COMMENT = 500;

    /// How the command line begins to say who it is.
    private static final String COMMAND_LINE = "countersign-cli";

    private final Guard guard;
    private final Desk desk;
    private final Panel panel;
    private final Discussion discussion;
    private final Foresight foresight;
    private final Alternatives alternatives;
    private final Ledger ledger;
    private final RequestJson json;
    private final Supplier<InForce> inForce;
    private final Freshness freshness;
    private final String issuer;

    RequestsApi(
            Guard guard,
            Desk desk,
            Panel panel,
            Discussion discussion,
            Foresight foresight,
            Alternatives alternatives,
            Ledger ledger,
            RequestJson json,
            Supplier<InForce> inForce,
            Freshness freshness,
            String issuer) {
        this.guard = guard;
        this.desk = desk;
        this.panel = panel;
        this.discussion = discussion;
        this.foresight = foresight;
        this.alternatives = alternatives;
        this.ledger = ledger;
        this.json = json;
        this.inForce = inForce;
        this.freshness = freshness;
        this.issuer = issuer;
    }

    Reply list(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        var query = Query.of(request, Set.of("state", "client", "risk", "mine", "q", "order", "after", "limit"));
        var states = query.list("state");
        if (!STATES.containsAll(states)) {
            throw new Problem(
                    400,
                    "Unknown state",
                    "state is any of "
                            + String.join(", ", STATES.stream().sorted().toList()));
        }
        var filter = new Approvals.Filter(
                states,
                query.text("client"),
                query.choice("risk", risks()).map(it -> Risk.valueOf(it).level),
                query.text("q"),
                query.text("after"));
        int limit = query.limit();
        if (query.choice("order", Set.of("newest", "urgent"))
                .filter("URGENT"::equals)
                .isPresent()) {
            return urgent(filter, query, caller, limit);
        }
        var items = desk.list(filter, query.flag("mine"), caller.person().id(), limit);
        return Page.of(
                items.stream().map(json::row).toList(),
                items.size() < limit
                        ? Optional.empty()
                        : Optional.of(items.getLast().approval().id()));
    }

    /// What waits, the most urgent first.
    private Reply urgent(Approvals.Filter filter, Query query, Caller caller, int limit) {
        if (!filter.states().isEmpty() && !filter.states().equals(List.of("pending"))) {
            throw new Problem(
                    400, "Not pending", "only what is pending has an urgency: leave out state, or say pending");
        }
        var after = Optional.of(query.text("after")).filter(it -> !it.isEmpty());
        var behind = after.flatMap(Urgency::read);
        if (behind.isEmpty() && after.isPresent()) {
            throw new Problem(400, "Unknown cursor", "after is what next said of the page before");
        }
        var items = desk.urgent(filter, query.flag("mine"), caller.person().id(), behind, limit);
        return Page.of(
                items.stream().map(json::row).toList(),
                items.size() < limit
                        ? Optional.empty()
                        : Optional.of(Urgency.of(items.getLast()).text()));
    }

    Reply show(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        var seen = seen(request, caller);
        desk.shown(seen, caller.person().id());
        return Reply.json(200, whole(seen)).noStore();
    }

    Reply vote(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var body = Body.of(request, BALLOT);
        var word = switch (body.text("vote")) {
            case "approve" -> Vote.Word.APPROVE;
            case "deny" -> Vote.Word.DENY;
            default -> throw new Problem(400, "Not a vote", "vote is approve or deny");
        };
        var seen = seen(request, caller);
        if (word == Vote.Word.APPROVE && !seen.approval().question().verdict().signed()) {
            fresh(caller, seen);
        }
        var ballot = new Ballot(
                caller.person().id(),
                word,
                narrowed(body, word, seen.approval().question().ask(), seen),
                comment(body),
                via(request, caller),
                body.signature());
        return switch (panel.vote(seen.approval().id(), ballot)) {
            case Ballot.Result.Counted _ ->
                Reply.json(200, whole(seen(request, caller))).noStore();
            case Ballot.Result.Unknown() -> throw unknown();
            case Ballot.Result.NotPending(var now) ->
                throw new Problem(409, "Not pending", "this request is " + now.state() + " already");
            case Ballot.Result.AlreadyVoted() ->
                throw new Problem(409, "Already voted", "you have voted on this request, or who stands in for you has");
            case Ballot.Result.NotEligible(var because) -> throw new Problem(403, "Not eligible", because);
            case Ballot.Result.Wider(var because) -> throw new Problem(422, "Would widen", because);
            case Ballot.Result.Unsigned(var page) ->
                throw new Problem(
                        403,
                        "Not signed",
                        "This request needs a signed vote: open " + page + " and sign it there with your passkey");
            case Ballot.Result.Stale() -> throw Problem.stale();
            case Ballot.Result.NotSigned(var because) -> throw new Problem(403, "Not signed", because);
        };
    }

    /// The command line says so itself: that is no proof, and gives nothing.
    private static Via via(Request request, Caller caller) {
        return switch (caller.how()) {
            case Caller.How.BySession _ -> Via.DASHBOARD;
            case Caller.How.ByToken _ ->
                request.header("User-Agent").orElse("").startsWith(COMMAND_LINE) ? Via.CLI : Via.API;
        };
    }

    /// What risks much takes a person who has proved lately who they are, and that is done on a page.
    private void fresh(Caller caller, Seen seen) {
        var page = issuer + "/requests/" + seen.approval().id();
        switch (freshness.needed(caller, seen.approval().question().risk())) {
            case NOTHING -> {}
            case SIGN_IN ->
                throw new Problem(
                        403,
                        "Sign in again",
                        "to approve something of this risk one has just signed in: go to " + page);
            case PERSON ->
                throw new Problem(
                        403, "Not by token", "no API token approves something of this risk: sign in at " + page);
        }
    }

    /// What is left out of the body stays as it is asked.
    private Optional<Allowance> narrowed(Body body, Vote.Word word, Allowance ask, Seen seen) {
        boolean narrows =
                body.has("scopes") || body.has("authorization_details") || body.has("lifetime") || body.has("uses");
        if (!narrows) {
            return Optional.empty();
        }
        if (word == Vote.Word.DENY) {
            throw new Problem(400, "Nothing to narrow", "a denial grants nothing: leave the narrowing out");
        }
        return Optional.of(new Allowance(
                body.has("scopes") ? scopes(body.texts("scopes")) : ask.scopes(),
                body.has("authorization_details") ? details(body.node("authorization_details"), seen) : ask.details(),
                body.has("lifetime") ? Duration.ofSeconds(positive(body.whole("lifetime"))) : ask.lifetime(),
                body.has("uses") ? uses(body.whole("uses")) : ask.uses()));
    }

    private static int uses(long uses) {
        if (uses < 1) {
            throw new Problem(422, "Too few", "an approval gives 1 token or more: deny the request instead");
        }
        return (int) Math.min(uses, Integer.MAX_VALUE);
    }

    private static Scopes scopes(List<String> names) {
        if (!names.stream().allMatch(Scopes::isToken)) {
            throw new Problem(400, "Not scopes", "scopes is a list of scope names");
        }
        return Scopes.of(names);
    }

    private AuthorizationDetails details(JsonNode node, Seen seen) {
        var resource = inForce.get()
                .resources()
                .get(seen.approval().question().request().resource());
        try {
            return AuthorizationDetails.parse(Json.write(node), resource == null ? Map.of() : resource.details());
        } catch (Refusal e) {
            throw new Problem(422, "Not authorization details", e.said);
        }
    }

    private static long positive(long seconds) {
        if (seconds < 1) {
            throw new Problem(422, "Too short", "a token lives 1 second or more");
        }
        return seconds;
    }

    private static String comment(Body body) {
        try {
            return ClientText.reason(body.textOr("comment", ""));
        } catch (Refusal e) {
            throw new Problem(400, "Not a comment", "a comment is plain text of at most " + COMMENT + " characters");
        }
    }

    /// Those who asked for it and administrators may take it back.
    Reply cancel(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW, ApiScope.ADMIN);
        var seen = seen(request, caller);
        if (!seen.asks() && !caller.may(ApiScope.ADMIN)) {
            throw new Problem(403, "Not yours", "those who asked for it and administrators take a request back");
        }
        if (!panel.cancel(seen.approval().id(), actor(caller))) {
            throw new Problem(409, "Nothing to cancel", "this request is not open any more");
        }
        return Reply.json(200, whole(seen(request, caller))).noStore();
    }

    /// Reviewers ask, those who want the token answer.
    Reply comment(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        var body = Body.of(request, Set.of("comment"));
        var words = comment(body);
        if (words.isBlank()) {
            throw new Problem(422, "Nothing said", "comment is a text that says something");
        }
        return talked(
                request,
                caller,
                discussion.say(request.pathParam("id"), caller.person().id(), words));
    }

    /// Those who asked for it remind those who decide.
    Reply nudge(Request request) {
        return done(request, discussion::nudge);
    }

    /// A reviewer hands it on to somebody else who may decide it.
    Reply reassign(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var body = Body.of(request, Set.of("person", "group", "reason"));
        if (body.has("person") == body.has("group")) {
            throw new Problem(422, "To whom", "give person, a user name, or group, and not both");
        }
        var reason = reason(body);
        if (reason.isBlank()) {
            throw new Problem(422, "No reason", "reason is a text that says why: whoever it is handed to reads it");
        }
        return talked(
                request,
                caller,
                discussion.handOn(
                        request.pathParam("id"),
                        caller.person().id(),
                        body.has("group")
                                ? new Handed.To.Group(body.text("group"))
                                : new Handed.To.Person(json.person(body.text("person"))),
                        reason));
    }

    private static String reason(Body body) {
        try {
            return ClientText.reason(body.textOr("reason", ""));
        } catch (Refusal e) {
            throw new Problem(400, "Not a reason", "a reason is plain text of at most " + COMMENT + " characters");
        }
    }

    /// What would become of a request, for who owns its client.
    Reply plan(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        var body = Body.of(request, PLAN);
        var client = foresight
                .client(body.text("client"))
                .orElseThrow(() -> new Problem(404, "No such client", "no client is registered with this id"));
        if (!caller.may(ApiScope.ADMIN) && !foresight.owns(caller.person().id(), client)) {
            throw new Problem(
                    403,
                    "Not yours",
                    "members of " + client.owner() + ", which owns the client, and administrators ask this");
        }
        try {
            return Reply.json(200, json.foreseen(foresight.of(thought(body), client)))
                    .noStore();
        } catch (Refusal refused) {
            throw new Problem(422, "Not a request of this client", refused.said);
        }
    }

    private static Foresight.Thought thought(Body body) {
        return new Foresight.Thought(
                body.text("client"),
                Optional.of(body.textOr("resource", "")).filter(it -> !it.isEmpty()),
                body.has("scopes") ? scopes(body.texts("scopes")).toString() : "",
                body.has("authorization_details") ? Json.write(body.node("authorization_details")) : "",
                body.has("lifetime")
                        ? Optional.of(Duration.ofSeconds(positive(body.whole("lifetime"))))
                        : Optional.empty(),
                ClientText.reason(body.textOr("reason", "")),
                ClientText.ticket(body.textOr("ticket", "")),
                body.has("start") ? Optional.of(start(body.text("start"))) : Optional.empty());
    }

    private static Instant start(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new Problem(400, "Not a time", "start is a time as 2026-12-01T22:00:00Z");
        }
    }

    /// A reviewer looks into it.
    Reply claim(Request request) {
        return done(request, discussion::claim);
    }

    /// And does no more.
    Reply release(Request request) {
        return done(request, discussion::release);
    }

    private Reply done(Request request, BiFunction<String, PersonId, Discussion.Result> what) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        return talked(
                request,
                caller,
                what.apply(request.pathParam("id"), caller.person().id()));
    }

    private Reply talked(Request request, Caller caller, Discussion.Result result) {
        return switch (result) {
            case Discussion.Result.Done() ->
                Reply.json(200, whole(seen(request, caller))).noStore();
            case Discussion.Result.Unknown() -> throw unknown();
            case Discussion.Result.NotPending(var now) ->
                throw new Problem(409, "Not pending", "this request is " + now.state() + " already");
            case Discussion.Result.NotYours(var because) -> throw new Problem(403, "Not eligible", because);
            case Discussion.Result.TooMany() ->
                throw new Problem(409, "Too many", "each side may say " + Discussion.MOST + " things about a request");
            case Discussion.Result.TooSoon(var from) ->
                throw new Problem(
                        409,
                        "Too soon",
                        "those who decide may be reminded from " + from.truncatedTo(ChronoUnit.SECONDS) + " on");
            case Discussion.Result.Claimed(var by) ->
                throw new Problem(
                        409,
                        "Claimed already",
                        json.name(by.person()) + " looks into it, until " + by.until() + "; you may vote all the same");
        };
    }

    /// Reviewers of the request and administrators may take an approval back.
    Reply revoke(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_REVIEW);
        var body = Body.of(request, Set.of("reason"));
        var seen = seen(request, caller);
        if (seen.seats().isEmpty() && !caller.may(ApiScope.ADMIN)) {
            throw new Problem(403, "Not eligible", "reviewers of this request and administrators may revoke it");
        }
        if (!panel.revoke(
                seen.approval().id(), actor(caller), ClientText.inert(body.textOr("reason", "revoked"), COMMENT))) {
            throw new Problem(
                    409,
                    "Nothing to revoke",
                    "this request is " + seen.approval().state());
        }
        return Reply.json(200, whole(seen(request, caller))).noStore();
    }

    private Seen seen(Request request, Caller caller) {
        return desk.see(request.pathParam("id"), caller.person().id()).orElseThrow(RequestsApi::unknown);
    }

    private Map<String, Object> whole(Seen seen) {
        var timeline = ledger.entriesOf(seen.approval().id()).stream()
                .map(LedgerJson::line)
                .toList();
        var whole = json.whole(seen, timeline);
        if (seen.approval() instanceof Approval.Pending) {
            json.outlook(whole, desk.outlook(seen));
        }
        if (seen.wantsMore()) {
            whole.put("instead", RequestJson.instead(alternatives.insteadOf(seen.approval())));
        }
        desk.publication(seen.approval()).ifPresent(it -> {
            switch (it) {
                case Briefed.Kept(var shown) -> whole.put("publication", json.publication(seen.approval(), shown));
                case Briefed.Changed(var said) -> whole.put("publication_changed", said);
            }
        });
        return whole;
    }

    private static Entry.Actor actor(Caller caller) {
        return new Entry.Actor("person", caller.person().id().value());
    }

    private static Problem unknown() {
        return new Problem(404, "No such request", "there is no request with this id");
    }

    private static Set<String> risks() {
        return Arrays.stream(Risk.values())
                .map(it -> it.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
