package dev.countersign.dashboard;

import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Notice;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.dashboard.Frame.Tone;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.Entry;
import dev.countersign.people.ApiScope;
import dev.countersign.people.ApiToken;
import dev.countersign.people.ApiTokens;
import dev.countersign.people.OpenSession;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.PersonId;
import dev.countersign.people.SignOuts;
import dev.countersign.signin.Logins;
import dev.countersign.signin.Provider;
import dev.countersign.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// `/account`: sessions and API tokens, to be looked at and ended.
final class AccountPages {
    private final Door door;
    private final Store store;
    private final SignOuts signOuts;
    private final ApiTokens apiTokens;
    private final People people;
    private final Logins logins;
    private final Renderer renderer;
    private final InstantSource clock;

    AccountPages(
            Door door,
            Store store,
            SignOuts signOuts,
            ApiTokens apiTokens,
            People people,
            Logins logins,
            Renderer renderer,
            InstantSource clock) {
        this.door = door;
        this.store = store;
        this.signOuts = signOuts;
        this.apiTokens = apiTokens;
        this.people = people;
        this.logins = logins;
        this.renderer = renderer;
        this.clock = clock;
    }

    Reply page(Request request) {
        return door.look(request, ApiScope.REQUESTS_READ, visit -> page(visit, Optional.empty()));
    }

    Reply act(Request request) {
        return door.act(request, ApiScope.REQUESTS_READ, "/account", visit -> {
            var done = switch (visit.form("end")) {
                case "session" ->
                    signOuts.end(visit.form("id"), reach(visit), actor(visit)) ? "That session is over." : "";
                case "others" ->
                    others(signOuts.endOthers(person(visit), visit.session().id(), actor(visit)));
                case "token" -> endToken(visit) ? "That API token is over." : "";
                default -> throw HttpFault.of(400, "That cannot be ended.");
            };
            return page(
                    visit,
                    Optional.of(
                            done.isEmpty()
                                    ? new Notice(Tone.PLAIN, "That was over already. Nothing was done.")
                                    : new Notice(Tone.DONE, done)));
        });
    }

    private static String others(int ended) {
        if (ended == 0) {
            return "";
        }
        return ended == 1 ? "The other session is over." : ended + " other sessions are over.";
    }

    private boolean endToken(Visit visit) {
        var id = visit.form("id");
        boolean theirs = reach(visit)
                .map(it ->
                        apiTokens.list(it).stream().anyMatch(token -> token.id().equals(id)))
                .orElse(true);
        return theirs && store.write(tx -> apiTokens.revoke(tx, id, actor(visit)));
    }

    private static PersonId person(Visit visit) {
        return visit.caller().person().id();
    }

    /// Whose sessions and tokens they may end; empty for everybody's.
    private static Optional<PersonId> reach(Visit visit) {
        return visit.caller().may(ApiScope.ADMIN) ? Optional.empty() : Optional.of(person(visit));
    }

    private static Entry.Actor actor(Visit visit) {
        return new Entry.Actor("person", person(visit).value());
    }

    private Reply page(Visit visit, Optional<Notice> said) {
        boolean mayAll = visit.caller().may(ApiScope.ADMIN);
        boolean all = mayAll && isAll(visit);
        var sessions = (all ? signOuts.all() : signOuts.of(person(visit)))
                .stream().map(it -> session(it, visit)).toList();
        var now = clock.instant();
        var tokens = (all ? apiTokens.list() : apiTokens.list(person(visit)))
                .stream()
                        .filter(it -> it.revoked().isEmpty() && now.isBefore(it.expires()))
                        .map(this::token)
                        .toList();
        var view = new AccountView(
                all,
                mayAll,
                visit.caller().person().name(),
                sessions,
                !all && sessions.stream().anyMatch(it -> !it.current()),
                tokens);
        var frame = door.frame(visit, all ? "Who is signed in" : "Your account", Section.NONE);
        return Reply.html(200, renderer.page(said.map(frame::with).orElse(frame), view));
    }

    private static boolean isAll(Visit visit) {
        return (visit.request().method().equals("POST") ? visit.form("all") : visit.query("all")).equals("1");
    }

    private AccountView.SessionLine session(OpenSession it, Visit visit) {
        return new AccountView.SessionLine(
                it.id(),
                name(it.person()),
                it.userAgent(),
                it.issuer().map(this::provider).orElse("Password"),
                new Moment(it.created()),
                new Moment(it.seen()),
                it.id().equals(visit.session().id()));
    }

    private String provider(String issuer) {
        return logins.providers().stream()
                .filter(it -> it.issuer().equals(issuer))
                .map(Provider::name)
                .findFirst()
                .orElse(issuer);
    }

    private AccountView.TokenLine token(ApiToken it) {
        return new AccountView.TokenLine(
                it.id(),
                name(it.person()),
                it.label().isEmpty() ? "without a name" : it.label(),
                String.join(", ", List.copyOf(it.scopes())),
                new Moment(it.created()),
                new Moment(it.expires()));
    }

    private String name(PersonId id) {
        return people.find(id).map(Person::name).orElse("Somebody forgotten");
    }
}
