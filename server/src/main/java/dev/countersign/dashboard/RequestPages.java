package dev.countersign.dashboard;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Panel;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Signatures;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Freshness;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// `/requests/{id}`: one request, and the votes on it.
final class RequestPages {
    private final Door door;
    private final Desk desk;
    private final Panel panel;
    private final Signatures signatures;
    private final Freshness freshness;
    private final Wording wording;
    private final RequestWords words;
    private final VoteWords voteWords;
    private final Renderer renderer;
    private final InstantSource clock;

    RequestPages(
            Door door,
            Desk desk,
            Panel panel,
            Signatures signatures,
            Freshness freshness,
            Wording wording,
            RequestWords words,
            VoteWords voteWords,
            Renderer renderer,
            InstantSource clock) {
        this.door = door;
        this.desk = desk;
        this.panel = panel;
        this.signatures = signatures;
        this.freshness = freshness;
        this.wording = wording;
        this.words = words;
        this.voteWords = voteWords;
        this.renderer = renderer;
        this.clock = clock;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> page(visit, 200, Optional.empty()));
    }

    /// The parts that change, for the open page.
    Reply status(Request request) {
        return door.look(
                request,
                ApiScope.REQUESTS_READ,
                visit -> Reply.html(
                        200,
                        renderer.status(
                                view(visit, seen(visit)), visit.session().csrf())));
    }

    Reply vote(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/requests/" + request.pathParam("id"), visit -> {
            var seen = seen(visit);
            return switch (visit.form("vote")) {
                case "approve" -> fresh(visit, seen).orElseGet(() -> approve(visit, seen));
                case "deny" -> cast(visit, seen, Vote.Word.DENY, Optional.empty(), Denial.comment(visit));
                default -> throw HttpFault.of(400, "That is not a vote.");
            };
        });
    }

    /// What the browser is to have signed for the vote that the form would cast, as JSON.
    Reply offer(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/requests/" + request.pathParam("id"), visit -> {
            var seen = seen(visit);
            return SigningJson.of(signatures.offer(seen.approval().id(), ballot(visit, seen)));
        });
    }

    /// The vote that the form would cast, without a signature.
    private Ballot ballot(Visit visit, Seen seen) {
        var person = visit.caller().person().id();
        var question = seen.approval().question();
        try {
            return switch (visit.form("vote")) {
                case "approve" ->
                    switch (Choices.read(
                            visit.request().form(),
                            question.ask(),
                            wording.types(question.request().resource()))) {
                        case Choices.Read.Left(var chosen) ->
                            new Ballot(
                                    person,
                                    Vote.Word.APPROVE,
                                    narrowed(chosen, question.ask()),
                                    ClientText.reason(visit.form("comment")),
                                    Via.DASHBOARD);
                        case Choices.Read.Wrong(var why) -> throw HttpFault.of(422, why + " Nothing was done.");
                    };
                case "deny" ->
                    new Ballot(
                            person,
                            Vote.Word.DENY,
                            Optional.empty(),
                            ClientText.reason(Denial.comment(visit)),
                            Via.DASHBOARD);
                default -> throw HttpFault.of(400, "That is not a vote.");
            };
        } catch (Refusal e) {
            throw HttpFault.of(422, VoteWords.WRONG_COMMENT);
        }
    }

    private static Optional<Allowance> narrowed(Allowance chosen, Allowance ask) {
        return Optional.of(chosen).filter(it -> !it.equals(ask));
    }

    /// What risks much takes somebody who has proved lately who they are; empty when they have, or will by signing.
    private Optional<Reply> fresh(Visit visit, Seen seen) {
        if (seen.approval().question().verdict().signed()) {
            return Optional.empty();
        }
        return switch (freshness.needed(
                visit.caller(), seen.approval().question().risk())) {
            case NOTHING -> Optional.empty();
            case SIGN_IN, PERSON ->
                Optional.of(ConfirmSelfPages.first(seen.approval().id()));
        };
    }

    private Reply approve(Visit visit, Seen seen) {
        var question = seen.approval().question();
        var types = wording.types(question.request().resource());
        return switch (Choices.read(visit.request().form(), question.ask(), types)) {
            case Choices.Read.Left(var chosen) -> approve(visit, seen, chosen);
            case Choices.Read.Wrong(var why) -> refused(visit, 422, why + " Nothing was done.");
        };
    }

    private Reply approve(Visit visit, Seen seen, Allowance chosen) {
        var question = seen.approval().question();
        // A widening takes no second step: it is heard, so that the ledger has it, and refused.
        boolean wider = chosen.beyond(
                        question.ask(), wording.types(question.request().resource()))
                .isPresent();
        if (seen.mayVote() && !wider) {
            if (!visit.form("seen")
                    .equals(Integer.toString(seen.approval().heard().size()))) {
                return refused(
                        visit, 409, "Somebody voted while you were reading, so your vote was not cast. Look again.");
            }
            if (RequestWords.needsSecond(question.risk()) && !visit.form("sure").equals("yes")) {
                return confirm(visit, seen, chosen);
            }
        }
        return cast(visit, seen, Vote.Word.APPROVE, narrowed(chosen, question.ask()), visit.form("comment"));
    }

    private Reply cast(Visit visit, Seen seen, Vote.Word word, Optional<Allowance> narrowed, String comment) {
        String said;
        try {
            said = ClientText.reason(comment);
        } catch (Refusal e) {
            return refused(visit, 422, VoteWords.WRONG_COMMENT);
        }
        var id = seen.approval().id();
        var ballot = new Ballot(
                visit.caller().person().id(), word, narrowed, said, Via.DASHBOARD, SigningJson.signature(visit));
        var result = panel.vote(id, ballot);
        if (result instanceof Ballot.Result.Unknown) {
            throw unknown();
        }
        return voteWords
                .refused(result, visit.caller().person().id())
                .map(it -> refused(visit, it.status(), it.why()))
                .orElseGet(() -> Reply.seeOther(back(visit, id)));
    }

    /// The queue as it was when this was opened from it, which tells what became of the vote.
    private static String back(Visit visit, String id) {
        var filter = queue(visit);
        return filter.on("/") + (filter.all() ? "?" : "&") + "voted=" + Door.encode(id);
    }

    private Reply confirm(Visit visit, Seen seen, Allowance chosen) {
        var approval = seen.approval();
        var question = approval.question();
        var resource = question.request().resource();
        var granted = words.effective(approval).meet(chosen, question.ask(), wording.types(resource));
        if (granted.isEmpty()) {
            return refused(visit, 422, "This would grant nothing. To grant nothing, deny it.");
        }
        var kept = Set.of("csrf", "sure");
        var view = new ConfirmView(
                approval.id(),
                wording.sentence(question),
                question.risk(),
                wording.narrowedItems(granted, question.ask(), resource),
                Moment.words(granted.lifetime()) + (granted.uses() == 1 ? "" : ", up to " + granted.uses() + " times"),
                wording.leftOut(granted, question.ask(), resource),
                wording.harms(granted, resource),
                Left.of(clock.instant(), question.decideBy()),
                visit.request().form().stream()
                        .filter(it -> !kept.contains(it.name()))
                        .toList(),
                question.verdict().signed());
        return Reply.html(200, renderer.page(door.frame(visit, "Second step", Section.NONE), view));
    }

    private Reply refused(Visit visit, int status, String why) {
        return page(visit, status, Optional.of(new Notice(Tone.REFUSED, why)));
    }

    private Reply page(Visit visit, int status, Optional<Notice> said) {
        var seen = seen(visit);
        desk.shown(seen, visit.caller().person().id());
        var view = view(visit, seen);
        var frame = door.frame(visit, view.sentence().toString(), Section.NONE);
        return Reply.html(
                status, renderer.page(said.map(frame::with).orElse(frame).listening(), view));
    }

    private RequestView view(Visit visit, Seen seen) {
        return words.view(
                        seen,
                        desk.publication(seen.approval()),
                        visit.caller(),
                        visit.caller().may(ApiScope.REQUESTS_REVIEW),
                        clock.instant())
                .from(queue(visit).parameters());
    }

    /// What the queue that this was opened from shows: a link says it in the query, and a vote in its form.
    private static QueueFilter queue(Visit visit) {
        return QueueFilter.parse(visit.request().method().equals("POST") ? visit.form("queue") : visit.query("queue"));
    }

    private Seen seen(Visit visit) {
        return desk.see(visit.request().pathParam("id"), visit.caller().person().id())
                .orElseThrow(RequestPages::unknown);
    }

    static HttpFault unknown() {
        return HttpFault.of(404, "There is no such request.");
    }

    /// Why a reviewer denies: one of the presets, and their own words.
    private static final class Denial {
        static String comment(Visit visit) {
            var preset = switch (visit.form("preset")) {
                case "unexpected" -> "Nobody expected it";
                case "too-much" -> "It asks for too much";
                case "no-reason" -> "The reason is not enough";
                case "suspicious" -> "It looks like an attack";
                default -> "";
            };
            var words = visit.form("comment").strip();
            return preset.isEmpty() || words.isEmpty() ? preset + words : preset + ": " + words;
        }
    }
}
