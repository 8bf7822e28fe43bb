package dev.countersign.dashboard;

import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Handed;
import dev.countersign.approval.Panel;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;
import dev.countersign.people.PersonId;

/// What is posted on a request's page about who decides it and whether: those who asked remind them or take it back,
/// and a
/// reviewer hands it on.
final class AskingPages {
    private final Door door;
    private final Desk desk;
    private final Panel panel;
    private final Discussion discussion;

    AskingPages(Door door, Desk desk, Panel panel, Discussion discussion) {
        this.door = door;
        this.desk = desk;
        this.panel = panel;
        this.discussion = discussion;
    }

    Reply nudge(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, page(request), visit -> {
            var result = discussion.nudge(
                    request.pathParam("id"), visit.caller().person().id());
            return switch (result) {
                case Discussion.Result.Done() -> Reply.seeOther(page(request));
                case Discussion.Result.Unknown() -> throw unknown();
                case Discussion.Result.NotPending(var now) ->
                    throw HttpFault.of(409, "Nobody was reminded. " + Wording.headline(now) + ".");
                case Discussion.Result.NotYours(var because) ->
                    throw HttpFault.of(403, "Nobody was reminded: " + because + ".");
                case Discussion.Result.TooSoon(var from) ->
                    throw HttpFault.of(
                            409, "Nobody was reminded. You may do that from " + new Moment(from).utc() + " on.");
                case Discussion.Result.TooMany _, Discussion.Result.Claimed _ ->
                    throw new IllegalStateException("no answer to a reminder: " + result);
            };
        });
    }

    /// A reviewer hands it on.
    Reply handOn(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, page(request), visit -> {
            var reason = reason(visit);
            if (reason.isBlank()) {
                throw HttpFault.of(422, "It was not handed on: say why.");
            }
            var result = discussion.handOn(
                    request.pathParam("id"), visit.caller().person().id(), to(visit), reason);
            return switch (result) {
                case Discussion.Result.Done() -> Reply.seeOther(page(request));
                case Discussion.Result.Unknown() -> throw unknown();
                case Discussion.Result.NotPending(var now) ->
                    throw HttpFault.of(409, "It was not handed on. " + Wording.headline(now) + ".");
                case Discussion.Result.NotYours(var because) ->
                    throw HttpFault.of(403, "It was not handed on: " + because + ".");
                case Discussion.Result.TooMany() ->
                    throw HttpFault.of(
                            409, "It was not handed on: that is done " + Discussion.MOST + " times at most.");
                case Discussion.Result.TooSoon _, Discussion.Result.Claimed _ ->
                    throw new IllegalStateException("no answer to handing on: " + result);
            };
        });
    }

    private static Handed.To to(Visit visit) {
        var to = visit.form("to");
        return to.startsWith("group:")
                ? new Handed.To.Group(to.substring("group:".length()))
                : new Handed.To.Person(new PersonId(to.startsWith("person:") ? to.substring("person:".length()) : to));
    }

    private static String reason(Visit visit) {
        try {
            return ClientText.reason(visit.form("comment").strip());
        } catch (Refusal e) {
            throw HttpFault.of(422, "The reason is too long or has invisible characters. Nothing was done.");
        }
    }

    Reply cancel(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, page(request), visit -> {
            var seen = desk.see(request.pathParam("id"), visit.caller().person().id())
                    .orElseThrow(AskingPages::unknown);
            if (!seen.asks()) {
                throw HttpFault.of(403, "Nothing was done: only those who asked for it take a request back.");
            }
            if (!panel.cancel(seen.approval().id(), actor(visit))) {
                throw HttpFault.of(409, "Nothing was done. " + Wording.headline(seen.approval()) + ".");
            }
            return Reply.seeOther(page(request));
        });
    }

    private static Entry.Actor actor(Visit visit) {
        return new Entry.Actor("person", visit.caller().person().id().value());
    }

    private static HttpFault unknown() {
        return HttpFault.of(404, "There is no such request.");
    }

    private static String page(Request request) {
        return "/requests/" + Door.encode(request.pathParam("id"));
    }
}
