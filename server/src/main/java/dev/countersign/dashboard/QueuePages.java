package dev.countersign.dashboard;

import dev.countersign.approval.Desk;
import dev.countersign.approval.Seen;
import dev.countersign.approval.Urgency;
import dev.countersign.approval.Vote;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.oauth.ClientText;
import dev.countersign.people.ApiScope;
import dev.countersign.people.PersonId;
import dev.countersign.usage.Finding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `/`, and alone what of it an open page fetches when something happens: the list and the banner.
final class QueuePages {
    /// As many of each side are on a page.
    private static final int PAGE = 40;

    private static final int FINDINGS = 3;

    private final Door door;
    private final Desk desk;
    private final GlassPages glass;
    private final Wording wording;
    private final Renderer renderer;
    private final InstantSource clock;

    QueuePages(Door door, Desk desk, GlassPages glass, Wording wording, Renderer renderer, InstantSource clock) {
        this.door = door;
        this.desk = desk;
        this.glass = glass;
        this.wording = wording;
        this.renderer = renderer;
        this.clock = clock;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> {
            var queue = queue(visit);
            var frame = door.frame(visit, "Queue", Section.QUEUE, queue.waiting());
            var said = voted(visit);
            return Reply.html(200, renderer.page(said.map(frame::with).orElse(frame), queue));
        });
    }

    Reply list(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> Reply.html(200, renderer.queueList(queue(visit))));
    }

    /// The banner of what is frozen, for an open page.
    Reply frozen(Request request) {
        return door.look(
                request,
                ApiScope.REQUESTS_READ,
                visit -> Reply.html(200, renderer.frozen(door.frame(visit, "Queue", Section.QUEUE, 0))));
    }

    /// What became of the vote that led here; said only of a vote that is there.
    private Optional<Notice> voted(Visit visit) {
        var person = visit.caller().person().id();
        return Optional.of(visit.query("voted"))
                .filter(it -> !it.isEmpty())
                .flatMap(id -> desk.see(id, person))
                .flatMap(seen -> own(seen, person).map(vote -> said(seen, vote)));
    }

    private Notice said(Seen seen, Vote vote) {
        var word = vote.word() == Vote.Word.APPROVE ? "You approved: " : "You denied: ";
        return new Notice(
                Tone.DONE,
                word + wording.sentence(seen.approval().question()) + ". " + Wording.headline(seen.approval()) + ".");
    }

    private static Optional<Vote> own(Seen seen, PersonId person) {
        return seen.approval().heard().stream()
                .filter(it -> it.reviewer().equals(person))
                .findFirst();
    }

    private QueueView queue(Visit visit) {
        var person = visit.caller().person().id();
        boolean reviews = visit.caller().may(ApiScope.REQUESTS_REVIEW);
        var now = clock.instant();
        var filter = QueueFilter.of(visit::query);
        Predicate<Seen> wanted = seen -> filter.takes(seen, person) && isFound(seen, filter);
        var queue = Urgency.read(filter.after())
                .map(after -> desk.more(person, reviews, filter.side().equals(QueueFilter.YOURS), after, wanted, PAGE))
                .orElseGet(() -> desk.queue(person, reviews, wanted, PAGE));
        var sides = queue.others().stream().collect(Collectors.partitioningBy(it -> it.asks() && it.hasQuestion()));
        return new QueueView(
                rows(sides.getOrDefault(true, List.of()), person, now),
                rows(queue.mine(), person, now),
                rows(sides.getOrDefault(false, List.of()), person, now),
                filter.all() ? glass.rows(visit, now) : List.of(),
                narrowed(filter),
                filter.side().isEmpty() ? queue.waiting() : door.waiting(visit),
                queue.pending(),
                more(filter, QueueFilter.YOURS, queue.moreMine()),
                more(filter, QueueFilter.OTHERS, queue.moreOthers()));
    }

    private static String more(QueueFilter filter, String side, Optional<Urgency> behind) {
        return behind.map(it -> filter.behind(side, it).on("/")).orElse("");
    }

    private boolean isFound(Seen seen, QueueFilter filter) {
        var question = seen.approval().question();
        var request = question.request();
        return filter.text().isEmpty()
                || Stream.of(
                                wording.sentence(question).toString(),
                                request.client(),
                                request.resource(),
                                request.scopes().toString(),
                                request.reason(),
                                request.ticket())
                        .anyMatch(it -> it.toLowerCase(Locale.ROOT)
                                .contains(filter.text().toLowerCase(Locale.ROOT)));
    }

    private QueueView.Narrowed narrowed(QueueFilter filter) {
        var words = new ArrayList<String>();
        if (!filter.risk().isEmpty()) {
            words.add(filter.risk() + " risk and above");
        }
        if (!filter.client().isEmpty()) {
            words.add(Wording.inert(wording.client(filter.client())));
        }
        if (!filter.resource().isEmpty()) {
            words.add(Wording.inert(wording.resource(filter.resource())));
        }
        if (!filter.group().isEmpty()) {
            words.add("asks " + Wording.inert(filter.group()));
        }
        if (!filter.claimed().isEmpty()) {
            words.add(filter.claimed().equals("me") ? "you look into it" : "nobody looks into it");
        }
        if (filter.mine()) {
            words.add("yours to decide");
        }
        if (!filter.text().isEmpty()) {
            words.add("“" + Wording.inert(filter.text()) + "”");
        }
        return new QueueView.Narrowed(
                filter,
                List.copyOf(words),
                Option.with(wording.clients(), filter.client()),
                Option.with(wording.resources(), filter.resource()),
                Option.with(wording.groups(), filter.group()));
    }

    /// @param all the most urgent first
    private List<QueueView.Row> rows(List<Seen> all, PersonId person, Instant now) {
        var alike = all.stream()
                .collect(Collectors.groupingBy(
                        it -> it.approval().question().request().snapshot(), LinkedHashMap::new, Collectors.toList()));
        return alike.values().stream().map(group -> row(group, person, now)).toList();
    }

    private QueueView.Row row(List<Seen> group, PersonId person, Instant now) {
        var first = group.getFirst();
        var question = first.approval().question();
        var request = question.request();
        return new QueueView.Row(
                request.id(),
                wording.sentence(question),
                request.scopes().toString(),
                question.risk(),
                Left.of(now, question.decideBy()),
                request.client(),
                Wording.inert(request.reason()),
                findings(first).stream().limit(FINDINGS).toList(),
                StageLine.of(first.places()),
                standing(first, person),
                note(first, person),
                Batch.Pick.of(first),
                group.stream().skip(1).map(it -> alike(it, now)).toList());
    }

    private static QueueView.Alike alike(Seen seen, Instant now) {
        var question = seen.approval().question();
        return new QueueView.Alike(
                question.request().id(),
                question.request().origin().address(),
                Left.of(now, question.decideBy()),
                Batch.Pick.of(seen));
    }

    private static String standing(Seen seen, PersonId person) {
        return own(seen, person)
                .map(it -> it.word() == Vote.Word.APPROVE ? "you approved" : "you denied")
                .orElse(seen.mayVote() ? "" : "not yours to decide");
    }

    private String note(Seen seen, PersonId person) {
        var claimed = seen.claim()
                .map(it -> it.person().equals(person)
                        ? "you look into it"
                        : wording.person(it.person()) + " looks into it");
        var talk = seen.comments().isEmpty()
                ? Optional.<String>empty()
                : Optional.of(seen.hasQuestion() ? "asked, not answered yet" : "answered");
        var handed = seen.handed().filter(_ -> seen.mine()).map(it -> "handed on to you by " + wording.person(it.by()));
        return Stream.of(handed, claimed, talk).flatMap(Optional::stream).collect(Collectors.joining("; "));
    }

    /// The findings, worst first.
    static List<FindingLine> findings(Seen seen) {
        return Finding.worstFirst(seen.findings()).stream()
                .map(it -> new FindingLine(
                        ClientText.inert(it.sentence().replace("`", "")), it.tone() == Finding.Tone.GOOD))
                .toList();
    }
}
