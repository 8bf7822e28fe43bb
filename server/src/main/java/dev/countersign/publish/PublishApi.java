package dev.countersign.publish;

import dev.countersign.config.Fault;
import dev.countersign.config.Published;
import dev.countersign.config.Version;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.ledger.Entry;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.review.Api;
import dev.countersign.review.Body;
import dev.countersign.review.Guard;
import dev.countersign.review.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// `/api/v1/configuration`: what is in force, and what administrators put in its place.
public final class PublishApi {
    /// A folder's files as JSON; whoever has more writes schemas shorter.
    private static final int MOST = 6 * 1024 * 1024;

    /// To compile and test a configuration takes a core for a while.
    private static final int AT_ONCE = 1;

    private static final long PATIENCE_S = 30;

    private final Guard guard;
    private final Publishing publishing;
    private final Semaphore checks = new Semaphore(AT_ONCE, true);

    public PublishApi(Guard guard, Publishing publishing) {
        this.guard = guard;
        this.publishing = publishing;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.post("/api/v1/configuration", Api.answered(this::apply));
    }

    Reply apply(Request request) {
        var caller = guard.caller(request, ApiScope.ADMIN);
        var body = Body.of(request, Set.of("files", "base"), MOST);
        var offer = new Publishing.Offer(files(body), base(body));
        return inTurn(() -> reply(publishing.apply(offer, actor(caller))));
    }

    private Reply inTurn(java.util.function.Supplier<Reply> check) {
        try {
            if (!checks.tryAcquire(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new Problem(503, "Not available", "another configuration is being checked, try again shortly");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Problem(503, "Not available", "the server is stopping");
        }
        try {
            return check.get();
        } finally {
            checks.release();
        }
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

    private static Reply reply(Result result) {
        return switch (result) {
            case Result.Faulty(var faults) -> faulty(faults);
            case Result.Settled(var published, var warnings) ->
                switch (published) {
                    case Published.Done(var version) -> settled("published", version, warnings);
                    case Published.Unchanged(var version) -> settled("unchanged", version, warnings);
                    case Published.Superseded it -> throw new Problem(409, "Superseded", it.toString());
                    case Published.Stale it -> throw new Problem(409, "Out of date", it.toString());
                };
        };
    }

    private static Reply faulty(List<Fault> faults) {
        return Problem.reply(
                422,
                "Faults",
                faults.size() == 1 ? faults.getFirst().toString() : "it has " + faults.size() + " faults",
                Map.of("faults", json(faults)));
    }

    private static Reply settled(String outcome, Version version, List<Fault> warnings) {
        var json = new LinkedHashMap<String, Object>();
        json.put("outcome", outcome);
        json.putAll(json(version));
        json.put("warnings", json(warnings));
        return Reply.json(200, json).noStore();
    }

    private static Map<String, Object> json(Version it) {
        var json = new LinkedHashMap<String, Object>();
        json.put("number", it.number());
        json.put("version", it.hash());
        json.put("published_at", it.at().toString());
        return json;
    }

    private static List<Map<String, Object>> json(List<Fault> faults) {
        return faults.stream()
                .map(it -> Map.<String, Object>of(
                        "file", it.at().file(),
                        "line", it.at().line(),
                        "column", it.at().column(),
                        "text", it.text()))
                .toList();
    }

    private static Entry.Actor actor(Caller caller) {
        return new Entry.Actor("person", caller.person().id().value());
    }
}
