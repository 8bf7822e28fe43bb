package dev.countersign.dashboard;

import dev.countersign.approval.Discussion;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;

/// What a request's page posts beside votes: questions and answers, and who looks into it. All lead back to that page.
final class TalkPages {
    private final Door door;
    private final Discussion discussion;
    private final Wording wording;

    TalkPages(Door door, Discussion discussion, Wording wording) {
        this.door = door;
        this.discussion = discussion;
        this.wording = wording;
    }

    Reply say(Request request) {
        return door.act(request, ApiScope.REQUESTS_READ, page(request), visit -> {
            var words = words(visit);
            return words.isBlank()
                    ? Reply.seeOther(page(request))
                    : done(
                            visit,
                            discussion.say(id(request), visit.caller().person().id(), words));
        });
    }

    Reply claim(Request request) {
        return door.act(
                request,
                ApiScope.REQUESTS_REVIEW,
                page(request),
                visit -> done(
                        visit,
                        discussion.claim(id(request), visit.caller().person().id())));
    }

    Reply release(Request request) {
        return door.act(
                request,
                ApiScope.REQUESTS_REVIEW,
                page(request),
                visit -> done(
                        visit,
                        discussion.release(id(request), visit.caller().person().id())));
    }

    private Reply done(Visit visit, Discussion.Result result) {
        return switch (result) {
            case Discussion.Result.Done() -> Reply.seeOther(page(visit.request()));
            case Discussion.Result.Unknown() -> throw HttpFault.of(404, "There is no such request.");
            case Discussion.Result.NotPending(var now) ->
                throw HttpFault.of(409, "Nothing was done. " + Wording.headline(now) + ".");
            case Discussion.Result.NotYours(var because) ->
                throw HttpFault.of(403, "Nothing was done: " + because + ".");
            case Discussion.Result.TooMany() ->
                throw HttpFault.of(
                        409, "Nothing was done: each side may say " + Discussion.MOST + " things about a request.");
            case Discussion.Result.TooSoon(var from) ->
                throw HttpFault.of(409, "Nothing was done: it is too soon, until " + new Moment(from).utc() + ".");
            case Discussion.Result.Claimed(var by) ->
                throw HttpFault.of(
                        409, wording.person(by.person()) + " looks into it already. You may vote all the same.");
        };
    }

    private static String words(Visit visit) {
        try {
            return ClientText.reason(visit.form("comment").strip());
        } catch (Refusal e) {
            throw HttpFault.of(422, "That is too long or has invisible characters. Nothing was done.");
        }
    }

    private static String id(Request request) {
        return request.pathParam("id");
    }

    private static String page(Request request) {
        return "/requests/" + Door.encode(id(request));
    }
}
