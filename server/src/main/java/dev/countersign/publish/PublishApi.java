package dev.countersign.publish;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.review.Api;
import dev.countersign.review.Askers;
import dev.countersign.review.Body;
import dev.countersign.review.Guard;
import dev.countersign.review.Problem;
import dev.countersign.review.Query;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// `/api/v1/configuration`: what was published, what an offer would make otherwise, and what administrators put in
/// force.
public final class PublishApi {
    private static final String BASE = "/api/v1/configuration";

    /// A folder's files as JSON; whoever has more writes schemas shorter.
    private static final int MOST = 6 * 1024 * 1024;

    /// To compile and test a configuration takes a core for a while.
    private static final int AT_ONCE = 1;

    private static final long PATIENCE_S = 30;

    private final Guard guard;
    private final Publishing publishing;
    private final Ledger ledger;
    private final Semaphore checks = new Semaphore(AT_ONCE, true);

    public PublishApi(Guard guard, Publishing publishing, Ledger ledger) {
        this.guard = guard;
        this.ledger = ledger;
        this.publishing = publishing;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.post(BASE, Api.answered(this::apply));
        routes.post(BASE + "/diff", Api.answered(this::diff));
        routes.get(BASE + "/versions", Api.answered(this::versions));
        routes.post(BASE + "/rollback", Api.answered(this::rollback));
    }

    private Reply apply(Request request) {
        var caller = guard.caller(request, ApiScope.ADMIN);
        var body = Body.of(request, Set.of("files", "base", "reason", "ticket"), MOST);
        var offer = new Publishing.Offer(files(body), base(body));
        var by = by(request, caller, body);
        return inTurn(() -> Answer.of(publishing.apply(offer, by)));
    }

    private Reply rollback(Request request) {
        var caller = guard.caller(request, ApiScope.ADMIN);
        var body = Body.of(request, Set.of("number", "base", "reason", "ticket"));
        var by = by(request, caller, body);
        return inTurn(() -> Answer.of(publishing.rollback(body.whole("number"), base(body), by)));
    }

    private Reply diff(Request request) {
        guard.caller(request, ApiScope.ADMIN);
        var body = Body.of(request, Set.of("files"), MOST);
        var files = files(body);
        return inTurn(() -> Answer.of(publishing.preview(files)));
    }

    private Reply versions(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        var query = Query.of(request, Set.of("after", "limit"));
        var before = query.number("after", 0);
        return reply(Answer.history(
                publishing.history(before == 0 ? Optional.empty() : Optional.of(before), query.limit())));
    }

    private Reply inTurn(Supplier<Answer> check) {
        try {
            if (!checks.tryAcquire(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new Problem(503, "Not available", "another configuration is being checked, try again shortly");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(503, "Not available", "the server is stopping");
        }
        try {
            return reply(check.get());
        } finally {
            checks.release();
        }
    }

    private static Reply reply(Answer answer) {
        if (answer.title().isEmpty()) {
            return Reply.json(answer.status(), answer.json()).noStore();
        }
        var more = new LinkedHashMap<>(answer.json());
        var detail = String.valueOf(more.remove("detail"));
        return Problem.reply(answer.status(), answer.title(), detail, more);
    }

    private static Map<String, String> files(Body body) {
        var files = body.node("files");
        if (!files.isObject()
                || files.properties().stream().anyMatch(it -> !it.getValue().isString())) {
            throw new Problem(400, "Not files", "files is an object: the text of each file by its name");
        }
        var texts = new LinkedHashMap<String, String>();
        files.properties().forEach(it -> texts.put(it.getKey(), it.getValue().stringValue("")));
        return texts;
    }

    private static Optional<String> base(Body body) {
        return body.has("base") ? Optional.of(body.text("base")) : Optional.empty();
    }

    private Publishing.By by(Request request, Caller caller, Body body) {
        return new Publishing.By.Administrator(Askers.of(request, caller, body, ledger));
    }
}
