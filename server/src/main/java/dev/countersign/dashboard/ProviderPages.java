package dev.countersign.dashboard;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.countersign.http.Cookie;
import dev.countersign.http.Field;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.Sessions;
import dev.countersign.signin.Callback;
import dev.countersign.signin.Failure;
import dev.countersign.signin.Logins;
import dev.countersign.signin.Logouts;
import dev.countersign.signin.Provider;
import java.time.Duration;
import java.util.Map;

/// `/login/{id}`, its `/callback` and its `/logout`: the way to an OpenID provider, back, and out again.
///
/// The way there is a link and changes nothing: another site that leads somebody along it signs them in as
/// themselves at most, for the way back needs the cookie that this browser was given for its own way there.
final class ProviderPages {
    private static final String FLOW_COOKIE = "flow";
    private static final Duration FLOW_FOR = Duration.ofMinutes(10);

    private final Logins logins;
    private final Logouts logouts;
    private final Renderer renderer;

    ProviderPages(Logins logins, Logouts logouts, Renderer renderer) {
        this.logins = logins;
        this.logouts = logouts;
        this.renderer = renderer;
    }

    Reply begin(Request request) {
        var provider = provider(request);
        var next = SignInPages.next(SignInPages.value(request.query(), "next"));
        boolean fresh = SignInPages.value(request.query(), "fresh").equals("1");
        return switch (logins.begin(provider, next, fresh)) {
            case Logins.Begun.To(var uri, var cookie) ->
                Reply.seeOther(uri.toString())
                        // Lax, or the browser would not bring it along from there.
                        .withCookie(Cookie.lax(FLOW_COOKIE, cookie, FLOW_FOR))
                        .noStore();
            case Logins.Begun.Not(var failure) -> failed(provider, failure);
        };
    }

    Reply finish(Request request) {
        var provider = provider(request);
        var callback = new Callback(
                request.query().stream().collect(groupingBy(Field::name, mapping(Field::value, toList()))),
                request.cookie(FLOW_COOKIE),
                request.remoteAddress(),
                request.header("User-Agent"),
                request.cookie(Dashboard.SESSION_COOKIE));
        return switch (logins.finish(provider, callback)) {
            case Logins.Finished.In(_, var cookie, var next) ->
                Reply.seeOther(SignInPages.next(next))
                        .withCookie(Cookie.lax(Dashboard.SESSION_COOKIE, cookie, Sessions.LONGEST))
                        .withCookie(Cookie.gone(FLOW_COOKIE))
                        .noStore();
            // The cookie stays when it was not this one's: another tab may be on its way.
            case Logins.Finished.Not(var failure) -> failed(provider, failure);
        };
    }

    /// OpenID Connect Back-Channel Logout 1.0 §2.5, for providers alone: whatever they say, they say with a signature.
    Reply logout(Request request) {
        var provider = provider(request);
        var tokens = request.form().stream()
                .filter(it -> it.name().equals("logout_token"))
                .map(Field::value)
                .toList();
        var heard = tokens.size() == 1 ? logouts.hear(provider, tokens.getFirst()) : new Logouts.Heard.Refused();
        return switch (heard) {
            case Logouts.Heard.Done _ -> Reply.empty(200).noStore();
            case Logouts.Heard.Refused() ->
                Reply.json(400, Map.of("error", "invalid_request")).noStore();
            case Logouts.Heard.Unknown() ->
                Reply.json(503, Map.of("error", "temporarily_unavailable"))
                        .noStore()
                        .withHeader("Retry-After", "5");
        };
    }

    private Provider provider(Request request) {
        return logins.provider(request.pathParam("id"))
                .orElseThrow(() -> HttpFault.of(404, "There is no such way to sign in."));
    }

    private Reply failed(Provider provider, Failure failure) {
        var view = new MessageView(
                status(failure), title(failure), words(failure, provider.name()), "", "/login", "To the sign-in page");
        var reply = Reply.html(view.status(), renderer.page(Door.outside(view.title()), view));
        return view.status() == 503 ? reply.withHeader("Retry-After", "5") : reply;
    }

    private static int status(Failure failure) {
        return switch (failure) {
            case LOST -> 400;
            case AWAY, BUSY -> 503;
            case REFUSED, STALE, NOBODY -> 403;
            case MISCONFIGURED, UNTRUSTED, CLOCK -> 502;
        };
    }

    private static String title(Failure failure) {
        return switch (failure) {
            case LOST -> "This sign-in is over";
            case AWAY -> "No answer";
            case BUSY -> "Too many at once";
            case REFUSED -> "Not signed in";
            case MISCONFIGURED -> "Not set up";
            case UNTRUSTED -> "Not believed";
            case CLOCK -> "The clocks differ";
            case STALE -> "Too long ago";
            case NOBODY -> "In no group here";
        };
    }

    private static String words(Failure failure, String name) {
        return switch (failure) {
            case LOST ->
                "It was begun in another browser or more than 10 minutes ago, was finished before, or cookies are off."
                        + " Nobody was signed in. Begin again from the sign-in page.";
            case AWAY ->
                name + " did not answer, so nobody could be signed in. Try again shortly; if it stays like this, tell"
                        + " whoever runs it.";
            case BUSY -> "Too many people are signing in with " + name + ". Try again in some seconds.";
            case REFUSED ->
                name + " did not sign you in. You may have cancelled, or it does not let you use this server: then ask"
                        + " whoever runs it.";
            case MISCONFIGURED ->
                name + " and this server are not set up for one another. Tell whoever runs this server: its log says"
                        + " what is wrong.";
            case UNTRUSTED ->
                "What " + name
                        + " answered could not be verified, so nobody was signed in. Begin again; if it stays like"
                        + " this, tell whoever runs this server: its log says what is wrong.";
            case CLOCK ->
                "The clocks of " + name + " and of this server are more than a minute apart, so nobody was signed in."
                        + " Tell whoever runs them.";
            case STALE ->
                "You signed in at " + name
                        + " too long ago for this server. Sign out there, or choose to sign in again,"
                        + " and come back.";
            case NOBODY ->
                name + " knows you, but none of your groups there is one here, so there is nothing you may see. Ask an"
                        + " administrator of this server for a group.";
        };
    }
}
