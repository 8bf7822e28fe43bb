package dev.countersign.dashboard;

import dev.countersign.approval.Afterwards;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.GlassUse;
import dev.countersign.approval.Signatures;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// `/afterwards/{id}`: what people look at after a client broke the glass, and the rows of it in the queue.
final class GlassPages {
    private static final int MOST = 100;
    private static final String WRONG_COMMENT = "The comment is too long or has invisible characters.";

    private final Door door;
    private final Afterwards afterwards;
    private final Signatures signatures;
    private final Wording wording;
    private final Renderer renderer;
    private final InstantSource clock;

    GlassPages(
            Door door,
            Afterwards afterwards,
            Signatures signatures,
            Wording wording,
            Renderer renderer,
            InstantSource clock) {
        this.door = door;
        this.afterwards = afterwards;
        this.signatures = signatures;
        this.wording = wording;
        this.renderer = renderer;
        this.clock = clock;
    }

    /// What this person has still to look at, the most urgent first, and for administrators the objections that they
    /// may lift.
    List<GlassView.Row> rows(Visit visit, Instant now) {
        var person = visit.caller().person().id();
        var all = new ArrayList<GlassView.Row>();
        if (visit.caller().may(ApiScope.REQUESTS_REVIEW)) {
            afterwards.list(List.of(GlassUse.State.DUE), "", MOST, person).stream()
                    .filter(Afterwards.Shown::maySay)
                    .sorted(Comparator.comparing(it -> it.use().reviewBy()))
                    .map(it -> row(it, now))
                    .forEach(all::add);
        }
        if (visit.caller().may(ApiScope.ADMIN)) {
            afterwards.list(List.of(GlassUse.State.OBJECTED), "", MOST, person).stream()
                    .map(it -> row(it, now))
                    .forEach(all::add);
        }
        return List.copyOf(all);
    }

    private GlassView.Row row(Afterwards.Shown seen, Instant now) {
        var use = seen.use();
        boolean due = seen.state() == GlassUse.State.DUE;
        return new GlassView.Row(
                use.request(),
                wording.client(use.client()),
                String.join(" ", use.scopes()),
                Wording.inert(use.reason()),
                Optional.of(Left.of(now, use.reviewBy())).filter(_ -> due),
                due ? seen.overdue() ? "overdue" : "due" : "locked",
                StageLine.of(seen.places()));
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> page(visit, 200, Optional.empty()));
    }

    Reply say(Request request) {
        var back = "/afterwards/" + request.pathParam("id");
        return door.act(request, ApiScope.REQUESTS_REVIEW, back, visit -> {
            Afterwards.Look look;
            try {
                look = look(visit);
            } catch (Refusal e) {
                return refused(visit, WRONG_COMMENT);
            }
            return switch (afterwards.say(request.pathParam("id"), look)) {
                case Afterwards.Result.Counted _ ->
                    page(visit, 200, Optional.of(new Notice(Tone.DONE, "Your word is recorded.")));
                case Afterwards.Result.Unknown() -> throw unknown();
                case Afterwards.Result.Over(var state) -> refused(visit, "It is " + state.word() + " already.");
                case Afterwards.Result.AlreadySaid() -> refused(visit, "You have said what you think of it.");
                case Afterwards.Result.NotEligible(var because) -> refused(visit, "No: " + because + ".");
                case Afterwards.Result.Unsigned _ ->
                    refused(
                            visit,
                            signatures.hasPasskey(look.person())
                                    ? "What you say of this is signed with your passkey, and your browser sent no"
                                            + " signature. Nothing was done."
                                    : VoteWords.NO_PASSKEY);
                case Afterwards.Result.Stale() ->
                    refused(
                            visit,
                            "Somebody looked while you signed, or that took too long, so your word is not recorded."
                                    + " Look again.");
                case Afterwards.Result.NotSigned(var because) ->
                    refused(visit, "Your word is not recorded: " + because + ".");
            };
        });
    }

    /// What the browser is to have signed for the word that the form would say, as JSON.
    Reply offer(Request request) {
        var id = request.pathParam("id");
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/afterwards/" + id, visit -> {
            try {
                return SigningJson.of(afterwards.offer(id, look(visit)));
            } catch (Refusal e) {
                return SigningJson.no(422, WRONG_COMMENT);
            }
        });
    }

    private static Afterwards.Look look(Visit visit) {
        var word = switch (visit.form("vote")) {
            case "approve" -> GlassUse.Word.APPROVE;
            case "object" -> GlassUse.Word.OBJECT;
            default -> throw HttpFault.of(400, "That is neither approving nor objecting.");
        };
        return new Afterwards.Look(
                visit.caller().person().id(),
                word,
                ClientText.reason(visit.form("comment")),
                SigningJson.signature(visit));
    }

    /// Lets the rule let that client through again though somebody objected, in two steps.
    Reply lift(Request request) {
        var id = request.pathParam("id");
        return door.act(request, ApiScope.ADMIN, "/afterwards/" + id, visit -> {
            String reason;
            try {
                reason = ClientText.reason(visit.form("reason"));
            } catch (Refusal e) {
                return refused(visit, "The reason is too long or has invisible characters.");
            }
            if (reason.isBlank()) {
                return refused(visit, "Say why it may go on.");
            }
            if (!visit.form("sure").equals("yes")) {
                return step(visit, reason);
            }
            return switch (afterwards.lift(id, visit.caller().person().id(), reason)) {
                case Afterwards.Result.Counted _ ->
                    page(
                            visit,
                            200,
                            Optional.of(new Notice(Tone.DONE, "Lifted. The rule lets this client through again.")));
                case Afterwards.Result.Unknown() -> throw unknown();
                case Afterwards.Result.Over _ -> nothingToLift(visit);
                case Afterwards.Result.NotEligible(var because) -> refused(visit, "No: " + because + ".");
                case Afterwards.Result.AlreadySaid(),
                        Afterwards.Result.Unsigned _,
                        Afterwards.Result.Stale(),
                        Afterwards.Result.NotSigned _ -> throw new IllegalStateException("a lift is no look");
            };
        });
    }

    private Reply step(Visit visit, String reason) {
        var seen = seen(visit);
        if (seen.state() != GlassUse.State.OBJECTED) {
            return nothingToLift(visit);
        }
        var use = seen.use();
        var view = new GlassView.Lift(
                use.request(), wording.client(use.client()), String.join(", ", use.rules()), Wording.inert(reason));
        return Reply.html(200, renderer.page(door.frame(visit, "Second step", Section.NONE), view));
    }

    private Reply nothingToLift(Visit visit) {
        return refused(visit, "There is no objection to lift.");
    }

    private Reply refused(Visit visit, String why) {
        return page(visit, 422, Optional.of(new Notice(Tone.REFUSED, why)));
    }

    private Reply page(Visit visit, int status, Optional<Notice> said) {
        var seen = seen(visit);
        var frame = door.frame(visit, "Looked at afterwards", Section.NONE);
        return Reply.html(status, renderer.page(said.map(frame::with).orElse(frame), view(seen, visit.caller())));
    }

    private Afterwards.Shown seen(Visit visit) {
        return afterwards
                .see(visit.request().pathParam("id"), visit.caller().person().id())
                .orElseThrow(GlassPages::unknown);
    }

    private GlassView view(Afterwards.Shown seen, Caller caller) {
        var use = seen.use();
        return new GlassView(
                use.request(),
                wording.client(use.client()),
                wording.resource(use.resource()),
                Wording.what(wording.items(
                        new Allowance(
                                Scopes.of(use.scopes()),
                                new AuthorizationDetails(use.details()),
                                Duration.ofSeconds(use.lifetime()),
                                1),
                        use.resource())),
                String.join(" ", use.scopes()),
                use.details().equals("[]") ? "" : Wording.inert(use.details()),
                Wording.inert(use.reason()),
                Wording.inert(use.ticket()),
                state(seen),
                new Moment(use.at()),
                Optional.of(Left.of(clock.instant(), use.reviewBy())).filter(_ -> seen.state() == GlassUse.State.DUE),
                Moment.words(Duration.ofSeconds(use.lifetime())),
                String.join(", ", use.rules()) + " of policy " + use.version().substring(0, 12),
                StageLine.of(seen.places()),
                seen.said().stream()
                        .map(it -> new GlassView.Said(
                                wording.actor("person", it.person().value()),
                                it.word() == GlassUse.Word.APPROVE ? "found it right" : "objected",
                                Wording.inert(it.comment()),
                                new Moment(it.at()),
                                it.signed()))
                        .toList(),
                caller.may(ApiScope.REQUESTS_REVIEW) && seen.maySay(),
                use.signed(),
                caller.may(ApiScope.ADMIN) && seen.state() == GlassUse.State.OBJECTED);
    }

    private static String state(Afterwards.Shown seen) {
        return switch (seen.state()) {
            case DUE ->
                seen.overdue()
                        ? "Overdue: the rule lets this client through no more until people have looked."
                        : "People have still to look at it.";
            case APPROVED -> "People found it right.";
            case OBJECTED ->
                "Somebody objected: the rule lets this client through no more until an administrator lifts that.";
            case LIFTED -> "Somebody objected, and an administrator lets it go on.";
        };
    }

    private static HttpFault unknown() {
        return HttpFault.of(404, "Nobody broke the glass with this request.");
    }
}
