package dev.countersign.dashboard;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Asker;
import dev.countersign.approval.Enrolling;
import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.Refusal;
import dev.countersign.passkey.Registration;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Passkeys.Passkey;
import java.util.LinkedHashMap;
import java.util.Optional;

/// `/account/passkeys`: the passkeys that a person signs decisions with.
final class PasskeyPages {
    private static final int LONGEST_NAME = 60;

    private final Door door;
    private final Enrolling enrolling;
    private final Ledger ledger;
    private final Renderer renderer;

    PasskeyPages(Door door, Enrolling enrolling, Ledger ledger, Renderer renderer) {
        this.door = door;
        this.enrolling = enrolling;
        this.ledger = ledger;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_REVIEW, visit -> page(visit, 200, done(visit)));
    }

    private static Optional<Notice> done(Visit visit) {
        return switch (visit.query("asked")) {
            case "enrol" ->
                Optional.of(
                        new Notice(Tone.DONE, "Your passkey is made. It signs once somebody else has agreed to it."));
            case "removal" ->
                Optional.of(new Notice(Tone.DONE, "It signs until somebody else has agreed that it is removed."));
            default -> Optional.empty();
        };
    }

    /// What the browser is to make a passkey for, as JSON.
    Reply offer(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/account/passkeys", visit -> {
            var person = visit.caller().person();
            var against = enrolling.against(person.id());
            if (against.isPresent()) {
                return SigningJson.no(409, against.get());
            }
            var offer = enrolling.offer(person.id());
            var json = new LinkedHashMap<String, Object>();
            json.put("challenge", offer.challenge());
            json.put("party", offer.party().id());
            json.put("taken", offer.taken());
            json.put("algorithms", offer.algorithms());
            json.put("person", person.id().value());
            json.put("user", person.user());
            json.put("name", person.name());
            json.put("patience", SigningJson.PATIENCE);
            return Reply.json(200, json).noStore();
        });
    }

    Reply enrol(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/account/passkeys", visit -> {
            String name;
            try {
                name = ClientText.reason(visit.form("name"));
            } catch (Refusal e) {
                return refused(visit, 422, "The name is too long or has invisible characters.");
            }
            if (name.isEmpty() || name.length() > LONGEST_NAME) {
                return refused(visit, 422, "Give it a name of at most " + LONGEST_NAME + " characters.");
            }
            var registration = new Registration(visit.form("client_data"), visit.form("attestation"));
            return asked(visit, "enrol", enrolling.enrol(registration, name, asker(visit, "Passkey “" + name + "”")));
        });
    }

    Reply remove(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/account/passkeys", visit -> {
            String reason;
            try {
                reason = ClientText.reason(visit.form("reason"));
            } catch (Refusal e) {
                return refused(visit, 422, "The reason is too long or has invisible characters.");
            }
            if (reason.isEmpty()) {
                return refused(visit, 422, "Say why: whoever has to agree reads it.");
            }
            boolean administers = visit.caller().may(ApiScope.ADMIN);
            return asked(
                    visit, "removal", enrolling.remove(visit.form("credential"), asker(visit, reason), administers));
        });
    }

    private Asker asker(Visit visit, String reason) {
        return new Asker(
                visit.caller().person().id(),
                AccessRequest.Origin.of("session", "session", visit.request(), ledger),
                reason,
                "");
    }

    private Reply asked(Visit visit, String what, Enrolling.Result result) {
        return switch (result) {
            case Enrolling.Result.Asked _ -> Reply.seeOther("/account/passkeys?asked=" + what);
            case Enrolling.Result.Unknown() -> refused(visit, 404, "You have no such passkey.");
            case Enrolling.Result.Wrong(var why) -> refused(visit, 422, "It was not taken: " + why + ".");
            case Enrolling.Result.Refused(var said) -> refused(visit, 409, said);
        };
    }

    private Reply refused(Visit visit, int status, String why) {
        return page(visit, status, Optional.of(new Notice(Tone.REFUSED, why)));
    }

    private Reply page(Visit visit, int status, Optional<Notice> said) {
        var person = visit.caller().person().id();
        var mine = enrolling.of(person);
        var view = new PasskeyView(
                mine.enrolled().stream()
                        .map(it -> line(it, it.removal().orElse("")))
                        .toList(),
                mine.waiting().stream().map(it -> line(it, it.request())).toList(),
                enrolling.against(person).orElse(""),
                enrolling.group());
        var frame = door.frame(visit, "Passkeys", Section.NONE);
        return Reply.html(status, renderer.page(said.map(frame::with).orElse(frame), view));
    }

    private static PasskeyView.Line line(Passkey it, String request) {
        return new PasskeyView.Line(
                it.credential(),
                Wording.inert(it.name()),
                Enrolling.fingerprint(it),
                new Moment(it.enrolled().orElse(it.created())),
                it.used().map(Moment::new),
                request);
    }
}
