package dev.countersign.access;

import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.http.Routes;
import dev.countersign.people.ApiScope;
import dev.countersign.review.Api;
import dev.countersign.review.Guard;
import dev.countersign.review.Problem;
import dev.countersign.review.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `GET /api/v1/clients/{id}/usage` and `GET /api/v1/clients/usage`: what clients may do and do not.
public final class UsageApi {
    private static final int USUAL_DAYS = 90;
    private static final int MOST_DAYS = 400;

    private final Guard guard;
    private final Reports reports;

    public UsageApi(Guard guard, Reports reports) {
        this.guard = guard;
        this.reports = reports;
    }

    /// Adds the routes.
    public void routes(Routes routes) {
        routes.get("/api/v1/clients/usage", Api.answered(this::list));
        routes.get("/api/v1/clients/{id}/usage", Api.answered(this::show));
    }

    private Reply show(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        var window = window(Query.of(request, Set.of("days")));
        var id = request.pathParam("id");
        return certainly(() -> reports.of(id, window))
                .map(it -> Reply.json(200, json(it)).noStore())
                .orElseThrow(() -> new Problem(404, "No such client", "there is no client " + id));
    }

    private Reply list(Request request) {
        guard.caller(request, ApiScope.LEDGER_READ);
        var query = Query.of(request, Set.of("days", "after", "limit"));
        int limit = query.limit();
        var page = certainly(() -> reports.list(window(query), query.text("after"), limit));
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("items", page.stream().map(UsageApi::json).toList());
        json.put("next", page.size() < limit ? null : page.getLast().client());
        return Reply.json(200, json).noStore();
    }

    private static Duration window(Query query) {
        long days = query.number("days", USUAL_DAYS);
        if (days < 1 || days > MOST_DAYS) {
            throw new Problem(400, "Not so many days", "days is 1 to " + MOST_DAYS);
        }
        return Duration.ofDays(days);
    }

    private static <T> T certainly(Supplier<T> said) {
        try {
            return said.get();
        } catch (Reports.Behind behind) {
            throw new Problem(503, "Not available", behind.getMessage() + ": try again shortly");
        }
    }

    private static Map<String, @Nullable Object> json(Report it) {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("client", it.client());
        json.put("name", it.name());
        json.put("owner", it.owner());
        json.put("disabled", it.disabled());
        json.put("from", it.from().toString());
        json.put("last_used", text(it.lastToken()));
        json.put("tokens", it.tokens());
        json.put("attested_until", text(it.attestedUntil()));
        json.put("unused", it.unused());
        json.put("permissions", permissions(it));
        json.put("action", it.action().word());
        json.put("advice", it.advice());
        json.put("registration", it.registration());
        return json;
    }

    private static List<Map<String, @Nullable Object>> permissions(Report report) {
        return report.permissions().stream()
                .map(it -> {
                    var json = new LinkedHashMap<String, @Nullable Object>();
                    json.put("kind", it.permission().kind().word());
                    json.put("resource", it.permission().resource());
                    json.put("name", it.permission().name());
                    json.put("state", it.state().word());
                    json.put("since", text(it.since()));
                    json.put("last_used", text(it.last()));
                    json.put("tokens", it.tokens());
                    json.put("sentence", it.sentence(report.at()));
                    return (Map<String, @Nullable Object>) json;
                })
                .toList();
    }

    private static @Nullable String text(Optional<Instant> at) {
        return at.map(Instant::toString).orElse(null);
    }
}
