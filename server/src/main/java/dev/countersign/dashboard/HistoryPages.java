package dev.countersign.dashboard;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Vote;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.HistoryView.Search;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `/history`: what was decided, by whom, and how long it took.
final class HistoryPages {
    private static final int PAGE = 25;
    private static final int TEXT = 100;

    private final Door door;
    private final Desk desk;
    private final Wording wording;
    private final Renderer renderer;

    HistoryPages(Door door, Desk desk, Wording wording, Renderer renderer) {
        this.door = door;
        this.desk = desk;
        this.wording = wording;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var frame = door.frame(visit, "History", Section.HISTORY);
            return Reply.html(200, renderer.page(frame, history(visit)));
        });
    }

    private HistoryView history(Visit visit) {
        var text = visit.query("q").strip();
        var wanted = visit.query("state");
        var search = new Search(
                HistoryView.STATES.contains(wanted) ? wanted : "",
                visit.query("client"),
                text.substring(0, Math.min(TEXT, text.length())));
        var filter = new Approvals.Filter(
                search.state().isEmpty() ? HistoryView.STATES : List.of(search.state()),
                search.client(),
                Optional.empty(),
                search.text(),
                visit.query("after"));
        var page = desk.list(filter, false, visit.caller().person().id(), PAGE);
        return new HistoryView(
                page.stream().map(this::row).toList(),
                search,
                wording.clients(),
                page.size() < PAGE
                        ? ""
                        : older(search, page.getLast().approval().id()));
    }

    private static String older(Search search, String after) {
        return "/history?state=" + Door.encode(search.state()) + "&client=" + Door.encode(search.client()) + "&q="
                + Door.encode(search.text()) + "&after=" + Door.encode(after);
    }

    private HistoryView.Row row(Seen seen) {
        var approval = seen.approval();
        var question = approval.question();
        var request = question.request();
        var at = decided(approval);
        return new HistoryView.Row(
                approval.id(),
                wording.sentence(question),
                request.scopes().toString(),
                question.risk(),
                request.client(),
                approval.state(),
                by(approval),
                comments(approval),
                Moment.words(Duration.between(request.madeAt(), at)),
                new Moment(at));
    }

    private static Instant decided(Approval approval) {
        return switch (approval) {
            case Approval.Pending it -> it.question().request().madeAt();
            case Approval.Approved it -> it.at();
            case Approval.Redeemed it -> it.approvedAt();
            case Approval.Denied it -> it.at();
            case Approval.Expired it -> it.at();
            case Approval.Cancelled it -> it.at();
            case Approval.Revoked it -> it.at();
        };
    }

    private String by(Approval approval) {
        return switch (approval) {
            case Approval.Approved _, Approval.Redeemed _ -> voters(approval, Vote.Word.APPROVE);
            case Approval.Denied _ -> voters(approval, Vote.Word.DENY);
            case Approval.Expired _ -> "time ran out";
            case Approval.Cancelled _ -> "the client";
            case Approval.Revoked it -> Wording.inert(it.because());
            case Approval.Pending _ -> "";
        };
    }

    /// Empty of voters is what the narrowings of approving votes left nothing of.
    private String voters(Approval approval, Vote.Word word) {
        var names = approval.heard().stream()
                .filter(it -> it.word() == word)
                .map(it -> wording.person(it.reviewer()))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "narrowed to nothing" : names;
    }

    private static String comments(Approval approval) {
        return approval.heard().stream()
                .map(Vote::comment)
                .filter(it -> !it.isEmpty())
                .map(Wording::inert)
                .collect(Collectors.joining(" · "));
    }
}
