package dev.countersign.dashboard;

import dev.countersign.approval.Desk;
import dev.countersign.approval.Freezes;
import dev.countersign.dashboard.Frame.Section;
import dev.countersign.http.Field;
import dev.countersign.http.HttpFault;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.people.Callers;
import dev.countersign.people.Session;
import dev.countersign.store.Store;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Lets in who is signed in and may see a page, and sends everybody else to sign in.
final class Door {
    private static final int COUNTED = 100;

    /// The longest path that somebody is taken back to after signing in: it has to fit into a header.
    static final int LONGEST_NEXT = 1_000;

    private final Callers callers;
    private final Store store;
    private final Desk desk;
    private final Freezes freezes;
    private final Wording wording;

    Door(Callers callers, Store store, Desk desk, Freezes freezes, Wording wording) {
        this.callers = callers;
        this.store = store;
        this.desk = desk;
        this.freezes = freezes;
        this.wording = wording;
    }

    /// Somebody who is in.
    record Visit(Request request, Caller caller, Session session) {
        /// The form's value of that name; empty when it has none.
        String form(String name) {
            return first(request.form(), name);
        }

        /// The query's value of that name; empty when it has none.
        String query(String name) {
            return first(request.query(), name);
        }

        private static String first(List<Field> fields, String name) {
            return fields.stream()
                    .filter(it -> it.name().equals(name))
                    .map(Field::value)
                    .findFirst()
                    .orElse("");
        }
    }

    /// Answers a GET for whoever may `scope`.
    Reply look(Request request, String scope, Function<Visit, Reply> page) {
        var visit = visit(request);
        return visit.isEmpty() ? signIn(request, here(request)) : page.apply(allowed(visit.get(), scope));
    }

    /// Answers a POST of one of our own forms for whoever may `scope`.
    ///
    /// @param back where the form was, for those who have to sign in first
    Reply act(Request request, String scope, String back, Function<Visit, Reply> action) {
        var visit = visit(request);
        if (visit.isEmpty()) {
            return signIn(request, back + (back.contains("?") ? "&" : "?") + "undone=1");
        }
        if (!visit.get().session().sentBy(visit.get().form("csrf"))) {
            throw HttpFault.of(403, "The page was from an earlier sign-in. Nothing was done; open it again.");
        }
        return action.apply(allowed(visit.get(), scope));
    }

    /// Who is signed in; empty when nobody is.
    Optional<Visit> visit(Request request) {
        return request.cookie(Dashboard.SESSION_COOKIE)
                .flatMap(callers::bySession)
                .flatMap(caller -> switch (caller.how()) {
                    case Caller.How.BySession(var session) -> Optional.of(new Visit(request, caller, session));
                    case Caller.How.ByToken _ -> Optional.empty();
                });
    }

    private static Visit allowed(Visit visit, String scope) {
        if (!visit.caller().may(scope)) {
            throw HttpFault.of(403, "This needs the right " + scope + ", which you do not have.");
        }
        return visit;
    }

    private static String here(Request request) {
        var query = request.query().stream()
                .map(it -> encode(it.name()) + "=" + encode(it.value()))
                .reduce((a, b) -> a + "&" + b);
        return request.path() + query.map(it -> "?" + it).orElse("");
    }

    /// A piece of an open page cannot become the sign-in form: the whole page goes there.
    private static Reply signIn(Request request, String next) {
        return request.header("HX-Request").isPresent()
                ? Reply.empty(401).withHeader("HX-Redirect", "/login").noStore()
                : Reply.seeOther(
                        next.equals("/") || next.length() > LONGEST_NEXT ? "/login" : "/login?next=" + encode(next));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// Values as the query of a URL, in their order; those that are empty are left out.
    static String query(Map<String, String> values) {
        return values.entrySet().stream()
                .filter(it -> !it.getValue().isEmpty())
                .map(it -> it.getKey() + "=" + encode(it.getValue()))
                .collect(Collectors.joining("&"));
    }

    /// What stands around a page of this visitor.
    Frame frame(Visit visit, String title, Section section) {
        return frame(visit, title, section, waiting(visit));
    }

    /// How many requests wait for this visitor's vote, as far as that is counted.
    int waiting(Visit visit) {
        return visit.caller().may(ApiScope.REQUESTS_REVIEW)
                ? desk.waiting(visit.caller().person().id(), COUNTED)
                : 0;
    }

    /// The same where it is known how many requests wait for this visitor's vote.
    Frame frame(Visit visit, String title, Section section, int waiting) {
        return new Frame(
                title,
                section,
                Optional.of(new Frame.Viewer(
                        visit.caller().person().name(),
                        visit.session().csrf(),
                        visit.caller().may(ApiScope.OPERATE),
                        visit.caller().may(ApiScope.LEDGER_READ))),
                store.read(freezes::standing).stream().map(wording::frozen).toList(),
                waiting,
                undone(visit),
                section == Section.QUEUE);
    }

    private static Optional<Frame.Notice> undone(Visit visit) {
        return visit.query("undone").isEmpty()
                ? Optional.empty()
                : Optional.of(new Frame.Notice(
                        Frame.Tone.REFUSED, "You had been signed out, so nothing was done. Please do it again."));
    }

    /// What stands around a page for somebody unknown.
    static Frame outside(String title) {
        return new Frame(title, Section.NONE, Optional.empty(), List.of(), 0, Optional.empty(), false);
    }
}
