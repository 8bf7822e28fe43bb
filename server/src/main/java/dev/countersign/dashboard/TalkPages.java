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
import java.util.function.BiFunction;

/// What a request's page posts beside votes: questions and answers, who looks into it and to whom it is handed on;
/// and of those who asked, that they remind the others or take it back. All lead back to that page.
final class TalkPages {
    private final Door door;
    private final Desk desk;
    private final Panel panel;
    private final Discussion discussion;
    private final Wording wording;

    TalkPages(Door door, Desk desk, Panel panel, Discussion discussion, Wording wording) {
        this.door = door;
        this.desk = desk;
        this.panel = panel;
        this.discussion = discussion;
        this.wording = wording;
    }

    /// Why nothing came of it.
    ///
    /// @param undone what was not done, as the beginning of a sentence
    /// @param most what is told of who did it too often
    private record Failed(String undone, String most) {
        private static final Failed USUAL =
                new Failed("Nothing was done", "each side may say " + Discussion.MOST + " things about a request");
        private static final Failed NUDGE = new Failed("Nobody was reminded", USUAL.most);
        private static final Failed HAND_ON =
                new Failed("It was not handed on", "that is done " + Discussion.MOST + " times at most");
    }

    Reply say(Request request) {
        return door.act(request, ApiScope.REQUESTS_READ, page(request), visit -> {
            var words = words(visit, "That");
            return words.isBlank()
                    ? Reply.seeOther(page(request))
                    : done(visit, Failed.USUAL, (id, person) -> discussion.say(id, person, words));
        });
    }

    Reply claim(Request request) {
        return door.act(
                request,
                ApiScope.REQUESTS_REVIEW,
                page(request),
                visit -> done(visit, Failed.USUAL, discussion::claim));
    }

    Reply release(Request request) {
        return door.act(
                request,
                ApiScope.REQUESTS_REVIEW,
                page(request),
                visit -> done(visit, Failed.USUAL, discussion::release));
    }

    Reply nudge(Request request) {
        return door.act(
                request,
                ApiScope.REQUESTS_REVIEW,
                page(request),
                visit -> done(visit, Failed.NUDGE, discussion::nudge));
    }

    /// A reviewer hands it on.
    Reply handOn(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, page(request), visit -> {
            var reason = words(visit, "The reason");
            if (reason.isBlank()) {
                throw HttpFault.of(422, Failed.HAND_ON.undone + ": say why.");
            }
            return done(visit, Failed.HAND_ON, (id, person) -> discussion.handOn(id, person, to(visit), reason));
        });
    }

    private Reply done(Visit visit, Failed failed, BiFunction<String, PersonId, Discussion.Result> what) {
        var result = what.apply(id(visit.request()), visit.caller().person().id());
        return switch (result) {
            case Discussion.Result.Done() -> Reply.seeOther(page(visit.request()));
            case Discussion.Result.Unknown() -> throw RequestPages.unknown();
            case Discussion.Result.NotPending(var now) ->
                throw HttpFault.of(409, failed.undone + ". " + Wording.headline(now) + ".");
            case Discussion.Result.NotYours(var because) ->
                throw HttpFault.of(403, failed.undone + ": " + because + ".");
            case Discussion.Result.TooMany() -> throw HttpFault.of(409, failed.undone + ": " + failed.most + ".");
            case Discussion.Result.TooSoon(var from) ->
                throw HttpFault.of(409, failed.undone + ". You may do that from " + new Moment(from).utc() + " on.");
            case Discussion.Result.Claimed(var by) ->
                throw HttpFault.of(
                        409, wording.person(by.person()) + " looks into it already. You may vote all the same.");
        };
    }

    private static Handed.To to(Visit visit) {
        var to = visit.form("to");
        return to.startsWith("group:")
                ? new Handed.To.Group(to.substring("group:".length()))
                : new Handed.To.Person(new PersonId(to.startsWith("person:") ? to.substring("person:".length()) : to));
    }

    /// @param what the form calls them
    private static String words(Visit visit, String what) {
        try {
            return ClientText.reason(visit.form("comment").strip());
        } catch (Refusal e) {
            throw HttpFault.of(422, what + " is too long or has invisible characters. Nothing was done.");
        }
    }

    Reply cancel(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, page(request), visit -> {
            var person = visit.caller().person().id();
            var seen = desk.see(id(request), person).orElseThrow(RequestPages::unknown);
            if (!seen.asks()) {
                throw HttpFault.of(403, "Nothing was done: only those who asked for it take a request back.");
            }
            if (!panel.cancel(seen.approval().id(), new Entry.Actor("person", person.value()))) {
                throw HttpFault.of(409, "Nothing was done. " + Wording.headline(seen.approval()) + ".");
            }
            return Reply.seeOther(page(request));
        });
    }

    private static String id(Request request) {
        return request.pathParam("id");
    }

    private static String page(Request request) {
        return "/requests/" + Door.encode(id(request));
    }
}
