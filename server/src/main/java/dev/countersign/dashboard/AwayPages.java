package dev.countersign.dashboard;

import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.oauth.ClientText;
import dev.countersign.people.Absence;
import dev.countersign.people.Absences;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Freshness;
import dev.countersign.people.People;
import dev.countersign.people.PersonId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// `/account/away`: when somebody is away, and who stands in for them.
final class AwayPages {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", Locale.ENGLISH);
    private static final int ZONE = 50;

    private final Door door;
    private final Absences absences;
    private final Freshness freshness;
    private final People people;
    private final Wording wording;
    private final Renderer renderer;
    private final InstantSource clock;

    AwayPages(
            Door door,
            Absences absences,
            Freshness freshness,
            People people,
            Wording wording,
            Renderer renderer,
            InstantSource clock) {
        this.door = door;
        this.absences = absences;
        this.freshness = freshness;
        this.people = people;
        this.wording = wording;
        this.renderer = renderer;
        this.clock = clock;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> page(visit, "UTC", Optional.empty()));
    }

    Reply act(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/account/away", visit -> switch (visit.form("do")) {
            case "say" -> say(visit);
            case "end" -> end(visit);
            default -> throw HttpFault.of(400, "That cannot be done here.");
        });
    }

    private Reply say(Visit visit) {
        var zone = ClientText.inert(visit.form("zone"), ZONE);
        var substitute = Optional.of(visit.form("substitute"))
                .filter(it -> !it.isEmpty())
                .map(PersonId::new);
        return page(visit, zone, Optional.of(say(visit, zone, substitute)));
    }

    private Notice say(Visit visit, String zone, Optional<PersonId> substitute) {
        if (substitute.isPresent() && !freshness.mayLend(visit.caller())) {
            return new Notice(
                    Tone.REFUSED,
                    "To name who votes in your place you have just signed in. Nothing was done: sign out and in, and say it again.");
        }
        return switch (absences.say(person(visit), visit.form("from"), visit.form("until"), zone, substitute)) {
            case Absences.Result.Said _ -> new Notice(Tone.DONE, "It is noted. Nobody asks you in that time.");
            case Absences.Result.Refused(var because) -> new Notice(Tone.REFUSED, "That cannot be: " + because + ".");
        };
    }

    private Reply end(Visit visit) {
        boolean ended = absences.end(visit.form("id"), reach(visit), actor(visit));
        return page(
                visit,
                "UTC",
                Optional.of(
                        ended
                                ? new Notice(Tone.DONE, "That is over.")
                                : new Notice(Tone.PLAIN, "That was over already. Nothing was done.")));
    }

    private static PersonId person(Visit visit) {
        return visit.caller().person().id();
    }

    /// Whose they may end; empty for everybody's.
    private static Optional<PersonId> reach(Visit visit) {
        return visit.caller().may(ApiScope.ADMIN) ? Optional.empty() : Optional.of(person(visit));
    }

    private static Entry.Actor actor(Visit visit) {
        return new Entry.Actor("person", person(visit).value());
    }

    private Reply page(Visit visit, String zone, Optional<Notice> said) {
        boolean mayAll = visit.caller().may(ApiScope.ADMIN);
        boolean post = visit.request().method().equals("POST");
        boolean all = mayAll && (post ? visit.form("all") : visit.query("all")).equals("1");
        var now = clock.instant();
        var view = new AwayView(
                all,
                mayAll,
                (all ? absences.all() : absences.of(person(visit)))
                        .stream().map(it -> line(it, now)).toList(),
                people.present().stream()
                        .filter(it -> !it.id().equals(person(visit)))
                        .map(it -> new AwayView.Choice(it.id().value(), it.name() + " (" + it.user() + ")"))
                        .toList(),
                zone);
        var frame = door.frame(visit, all ? "Who is away" : "When you are away", Section.NONE);
        return Reply.html(200, renderer.page(said.map(frame::with).orElse(frame), view));
    }

    private AwayView.Line line(Absence it, Instant now) {
        return new AwayView.Line(
                it.id(),
                wording.person(it.person()),
                at(it.from(), it.zone()),
                at(it.until(), it.zone()),
                it.zone().getId(),
                it.substitute().map(wording::person).orElse(""),
                it.covers(now));
    }

    private static String at(Instant at, ZoneId zone) {
        return CLOCK.format(at.atZone(zone));
    }
}
