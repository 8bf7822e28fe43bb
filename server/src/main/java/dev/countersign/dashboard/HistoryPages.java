package dev.countersign.dashboard;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Via;
import dev.countersign.approval.Vote;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.HistoryView.Search;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.people.PersonId;
import dev.countersign.store.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/history`: what was decided, by whom, and how long it took.
final class HistoryPages {
    private static final int PAGE = 25;
    private static final int TEXT = 100;
    private static final int EXPORTED_AT_ONCE = 500;

    /// How many rows of each state one look goes through for what no index finds.
    private static final int LOOKED = 5_000;

    /// How many looks one export takes. What they do not come to is another export.
    private static final int LOOKS = 40;

    private final Door door;
    private final Desk desk;
    private final Wording wording;
    private final Crowd crowd;
    private final Renderer renderer;

    HistoryPages(Door door, Desk desk, Wording wording, Crowd crowd, Renderer renderer) {
        this.door = door;
        this.desk = desk;
        this.wording = wording;
        this.crowd = crowd;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var frame = door.frame(visit, "History", Section.HISTORY);
            return Reply.html(200, renderer.page(frame, history(visit)));
        });
    }

    /// What the page would list, page after page, for a spreadsheet.
    Reply csv(Request request) {
        return export(
                request,
                "csv",
                it -> Reply.bytes(
                        200, "text/csv; charset=utf-8; header=present", it.csv().getBytes(StandardCharsets.UTF_8)));
    }

    /// The same for a script.
    Reply json(Request request) {
        return export(request, "json", it -> Reply.json(200, it.json()));
    }

    /// With where it goes on, if there is more, as RFC 8288 has it.
    private Reply export(Request request, String form, Function<HistoryExport, Reply> written) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var search = search(visit);
            var export = export(
                    search,
                    visit.query("after"),
                    limit(visit),
                    visit.caller().person().id());
            var reply = attached(form, written.apply(export));
            return export.next().isEmpty()
                    ? reply
                    : reply.withHeader(
                            "Link", "<" + older("/history." + form, search, export.next()) + ">; rel=\"next\"");
        });
    }

    private static Reply attached(String form, Reply reply) {
        return reply.withHeader("Content-Disposition", "attachment; filename=\"countersign-history." + form + "\"")
                .noStore();
    }

    private static int limit(Visit visit) {
        var wanted = visit.query("limit");
        return wanted.matches("[1-9][0-9]{0,5}")
                ? Math.min(Integer.parseInt(wanted), HistoryExport.MOST)
                : HistoryExport.MOST;
    }

    private HistoryExport export(Search search, String after, int limit, PersonId person) {
        var rows = new ArrayList<Map<String, Object>>();
        var next = after;
        for (int look = 0; look < LOOKS; look++) {
            var found =
                    desk.search(filter(search, next), person, Math.min(EXPORTED_AT_ONCE, limit - rows.size()), LOOKED);
            next = found.after();
            found.seen()
                    .forEach(it -> rows.add(
                            HistoryExport.row(it, by(it.approval()), comments(it.approval()), decided(it.approval()))));
            if (next.isEmpty() || rows.size() >= limit) {
                break;
            }
        }
        return new HistoryExport(List.copyOf(rows), next);
    }

    private HistoryView history(Visit visit) {
        var search = search(visit);
        var found = desk.search(
                filter(search, visit.query("after")), visit.caller().person().id(), PAGE, LOOKED);
        return new HistoryView(
                found.seen().stream().map(this::row).toList(),
                search,
                new HistoryView.Choices(
                        Option.with(wording.clients(), search.client()),
                        Option.with(wording.resources(), search.resource()),
                        Option.with(wording.rules(), search.rule()),
                        voters(search.voter())),
                found.after().isEmpty() ? "" : older("/history", search, found.after()),
                found.seen().size() < PAGE && !found.after().isEmpty());
    }

    private List<Option> voters(String chosen) {
        var voters = crowd.reviewers();
        return voters.stream().anyMatch(it -> it.value().equals(chosen)) || chosen.isEmpty()
                ? voters
                : Stream.concat(voters.stream(), Stream.of(new Option(chosen, wording.person(new PersonId(chosen)))))
                        .toList();
    }

    private static Approvals.Filter filter(Search search, String after) {
        var end = Day.of(search.to())
                .map(it -> Ids.first(it.plus(1, ChronoUnit.DAYS)))
                .orElse("");
        return new Approvals.Filter(
                search.state().isEmpty() ? HistoryView.STATES : List.of(search.state()),
                search.client(),
                Optional.empty(),
                search.text(),
                after.isEmpty() || (!end.isEmpty() && end.compareTo(after) < 0) ? end : after,
                new Approvals.Besides(
                        search.resource(),
                        search.rule(),
                        search.voter(),
                        Day.of(search.from()).map(Ids::first).orElse("")));
    }

    private static Search search(Visit visit) {
        var wanted = visit.query("state");
        return new Search(
                HistoryView.STATES.contains(wanted) ? wanted : "",
                cut(visit.query("client")),
                cut(visit.query("resource")),
                cut(visit.query("rule")),
                cut(visit.query("voter")),
                Day.text(visit.query("from")),
                Day.text(visit.query("to")),
                cut(visit.query("q").strip()));
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(TEXT, text.length()));
    }

    private static String older(String path, Search search, String after) {
        return path + "?" + (search.all() ? "" : search.parameters() + "&") + "after=" + Door.encode(after);
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
                .map(it -> wording.person(it.reviewer()) + (isInChat(it) ? " (in Slack)" : ""))
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "narrowed to nothing" : names;
    }

    /// Who voted there had not the request's page before them.
    private static boolean isInChat(Vote vote) {
        return vote.via().filter(it -> it == Via.SLACK).isPresent();
    }

    private static String comments(Approval approval) {
        return approval.heard().stream()
                .map(Vote::comment)
                .filter(it -> !it.isEmpty())
                .map(Wording::inert)
                .collect(Collectors.joining(" · "));
    }
}
