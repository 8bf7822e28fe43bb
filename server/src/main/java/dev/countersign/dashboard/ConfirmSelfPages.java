package dev.countersign.dashboard;

import dev.countersign.dashboard.Door.Visit;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Attempt;
import dev.countersign.people.People;
import dev.countersign.people.Person;
import dev.countersign.people.SignIn;
import dev.countersign.people.SignIns;
import dev.countersign.signin.Logins;
import dev.countersign.signin.Provider;

/// `/confirm`: somebody who is signed in proves once more who they are, and goes back to where they were. Their session
/// is another one afterwards.
final class ConfirmSelfPages {
    private static final String WHY =
            "What you are about to approve can do much harm, so prove once more who you are. Then"
                    + " you are back at the request, and approve it there.";

    private final Door door;
    private final SignIns signIns;
    private final Logins logins;
    private final People people;
    private final Renderer renderer;

    ConfirmSelfPages(Door door, SignIns signIns, Logins logins, People people, Renderer renderer) {
        this.door = door;
        this.signIns = signIns;
        this.logins = logins;
        this.people = people;
        this.renderer = renderer;
    }

    /// Sends whoever would approve a request there.
    static Reply first(String request) {
        return Reply.seeOther("/confirm?next=" + Door.encode("/requests/" + request));
    }

    Reply page(Request request) {
        return door.look(
                request, ApiScope.REQUESTS_REVIEW, visit -> page(visit, 200, next(visit.query("next")), WHY, false));
    }

    private static String next(String wanted) {
        return SignInPages.next(wanted);
    }

    Reply confirm(Request request) {
        return door.act(request, ApiScope.REQUESTS_REVIEW, "/", visit -> {
            var next = next(visit.form("next"));
            var person = visit.caller().person();
            if (!person.isNamed()) {
                return page(visit, 422, next, WHY, false);
            }
            var came = signIns.signIn(new Attempt(
                    person.user(),
                    visit.form("password"),
                    request.remoteAddress(),
                    request.header("User-Agent"),
                    request.cookie(SignInPages.DEVICE_COOKIE),
                    request.cookie(Dashboard.SESSION_COOKIE)));
            return switch (came) {
                case SignIn.Done done -> SignInPages.signedIn(done, next);
                case SignIn.Wrong() -> page(visit, 401, next, "That is not your password.", true);
                case SignIn.Slow(var wait) ->
                    page(visit, 429, next, "Too many failures. Try again in " + Moment.words(wait) + ".", true);
                case SignIn.Busy(var wait) ->
                    page(
                            visit,
                            503,
                            next,
                            "Too many people are signing in. Try again in " + Moment.words(wait) + ".",
                            true);
            };
        });
    }

    private Reply page(Visit visit, int status, String next, String why, boolean isWrong) {
        var provider = visit.session()
                .source()
                .flatMap(people::find)
                .map(Person::login)
                .flatMap(issuer -> logins.providers().stream()
                        .filter(it -> it.issuer().equals(issuer))
                        .findFirst());
        var view = new ConfirmSelfView(
                visit.caller().person().name(),
                visit.caller().person().user(),
                next,
                why,
                isWrong,
                provider.map(Provider::name).orElse(""),
                provider.map(it -> "/login/" + it.id() + "?fresh=1&next=" + Door.encode(next))
                        .orElse(""));
        return Reply.html(status, renderer.page(door.frame(visit, "Is it you?", Section.NONE), view));
    }
}
