package dev.countersign.dashboard;

import dev.countersign.approval.Desk;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Panel;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.people.ApiScope;

/// What those who asked for a request post on its page: that they remind who decides, and that they take it back.
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
