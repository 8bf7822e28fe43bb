package dev.countersign.dashboard;

import dev.countersign.http.Cookie;
import dev.countersign.http.Field;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.Attempt;
import dev.countersign.people.Sessions;
import dev.countersign.people.SignIn;
import dev.countersign.people.SignIns;
import dev.countersign.signin.Logins;
import dev.countersign.signin.Provider;
import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;

/// `/login` and `/logout`.
///
/// Before somebody is signed in there is no session to tie a form to. So the form carries the value of a cookie that no
/// other site can set or read, or another site could sign somebody in as somebody else.
final class SignInPages {
    private static final String FORM_COOKIE = "signin";
    static final String DEVICE_COOKIE = "device";
    private static final Duration FORM_FOR = Duration.ofHours(12);
    private static final Duration DEVICE_FOR = Duration.ofDays(365);

    private final Door door;
    private final Store store;
    private final Sessions sessions;
    private final SignIns signIns;
    private final Logins logins;
    private final Renderer renderer;

    SignInPages(Door door, Store store, Sessions sessions, SignIns signIns, Logins logins, Renderer renderer) {
        this.door = door;
        this.store = store;
        this.sessions = sessions;
        this.signIns = signIns;
        this.logins = logins;
        this.renderer = renderer;
    }

    Reply page(Request request) {
        var next = next(value(request.query(), "next"));
        if (door.visit(request).isPresent()) {
            return Reply.seeOther(next);
        }
        var why = next.contains("undone=1")
                ? "You had been signed out, so nothing was done. Sign in and do it again."
                : "";
        return form(request, 200, next, "", why);
    }

    Reply signIn(Request request) {
        var form = request.form();
        var next = next(value(form, "next"));
        var user = value(form, "user");
        var expected = request.cookie(FORM_COOKIE).orElse("");
        if (expected.isEmpty() || !same(expected, value(form, "csrf"))) {
            return form(request, 403, next, user, "This page was open for too long, or cookies are off. Try again.");
        }
        var came = signIns.signIn(new Attempt(
                user,
                value(form, "password"),
                request.remoteAddress(),
                request.header("User-Agent"),
                request.cookie(DEVICE_COOKIE),
                request.cookie(Dashboard.SESSION_COOKIE)));
        return switch (came) {
            case SignIn.Done done -> signedIn(done, next);
            case SignIn.Wrong() -> form(request, 401, next, user, "That user name and password do not go together.");
            case SignIn.Slow(var wait) ->
                form(request, 429, next, user, "Too many failures. Try again in " + Moment.words(up(wait)) + ".")
                        .withHeader("Retry-After", Long.toString(up(wait).toSeconds()));
            case SignIn.Busy(var wait) ->
                form(
                                request,
                                503,
                                next,
                                user,
                                "Too many people are signing in. Try again in " + Moment.words(up(wait)) + ".")
                        .withHeader("Retry-After", Long.toString(up(wait).toSeconds()));
        };
    }

    static Reply signedIn(SignIn.Done done, String next) {
        return Reply.seeOther(next)
                // Lax, so that a link in a chat message opens the page it names.
                .withCookie(Cookie.lax(Dashboard.SESSION_COOKIE, done.cookie(), Sessions.LONGEST))
                .withCookie(Cookie.strict(DEVICE_COOKIE, done.device(), DEVICE_FOR))
                .withCookie(Cookie.gone(FORM_COOKIE));
    }

    Reply signOut(Request request) {
        var visit = door.visit(request);
        if (visit.isPresent() && !visit.get().session().sentBy(visit.get().form("csrf"))) {
            throw HttpFault.of(403, "The page was from an earlier sign-in. Nothing was done; open it again.");
        }
        request.cookie(Dashboard.SESSION_COOKIE)
                .ifPresent(cookie -> store.write(tx -> {
                    sessions.end(tx, cookie);
                    return true;
                }));
        return Reply.seeOther("/login").withCookie(Cookie.gone(Dashboard.SESSION_COOKIE));
    }

    private Reply form(Request request, int status, String next, String user, String wrong) {
        // Kept while it is good: two open sign-in pages do not spoil each other.
        var csrf = request.cookie(FORM_COOKIE)
                .filter(it -> it.matches("[A-Za-z0-9_-]{20,64}"))
                .orElseGet(() -> Ids.secret(24));
        var providers = logins.providers().stream()
                .map(it -> new LoginView.Choice(it.name(), url(it, next)))
                .toList();
        var view = new LoginView(next, user, wrong, csrf, signIns.isByPassword(), providers);
        var page = renderer.page(Door.outside("Sign in"), view);
        return Reply.html(status, page).withCookie(Cookie.strict(FORM_COOKIE, csrf, FORM_FOR));
    }

    private static String url(Provider provider, String next) {
        var url = "/login/" + provider.id();
        return next.equals("/") ? url : url + "?next=" + Door.encode(next);
    }

    /// A path of ours and nothing else: a browser takes `//host` and `/\host` for another site's.
    static String next(String wanted) {
        boolean ours = wanted.startsWith("/")
                && !wanted.startsWith("//")
                && wanted.length() <= Door.LONGEST_NEXT
                && wanted.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '\\');
        return ours && !wanted.startsWith("/login") ? wanted : "/";
    }

    private static Duration up(Duration wait) {
        return Duration.ofSeconds(Math.max(1, wait.plusMillis(999).toSeconds()));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    static String value(List<Field> fields, String name) {
        return fields.stream()
                .filter(it -> it.name().equals(name))
                .map(Field::value)
                .findFirst()
                .orElse("");
    }
}
