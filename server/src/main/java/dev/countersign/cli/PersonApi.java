package dev.countersign.cli;

import dev.countersign.http.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The JSON API, as the person whose token is given.
final class PersonApi {
    private static final int PAGE = 100;

    @Mixin
    private final Address server = new Address();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:COUNTERSIGN_TOKEN}",
            description = "An API token; better COUNTERSIGN_TOKEN, which other users of this machine do not see.")
    private @Nullable String token;

    private final Web web = new Web();

    JsonNode get(String path) {
        return Web.json(good(web.send(request(path).build(), HttpResponse.BodyHandlers.ofString())));
    }

    String text(String path) {
        return good(web.send(request(path).build(), HttpResponse.BodyHandlers.ofString()))
                .body();
    }

    byte[] bytes(String path) {
        return good(web.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray()))
                .body();
    }

    JsonNode post(String path, Object body) {
        var request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        return Web.json(good(web.send(request, HttpResponse.BodyHandlers.ofString())));
    }

    JsonNode delete(String path) {
        return Web.json(good(web.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString())));
    }

    /// An answer that is not only good or bad.
    record Answer(int status, JsonNode body) {}

    /// Sends what takes a while to be looked at, and takes any answer of the API for one.
    Answer offer(String path, Object body) {
        var request = request(path)
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        var response = web.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), Web.json(known(response)));
    }

    /// Whether a server is named to speak to.
    boolean isGiven() {
        return server.isGiven();
    }

    /// The items of a list, over all its pages, at most `most`.
    ///
    /// @param after where the list goes on; empty for its beginning
    List<JsonNode> all(String path, String after, int most) {
        var items = new ArrayList<JsonNode>();
        var separator = path.contains("?") ? "&" : "?";
        var cursor = after;
        while (items.size() < most) {
            var limit = "limit=" + Math.min(PAGE, most - items.size());
            var page = get(path + separator + limit + (cursor.isEmpty() ? "" : "&after=" + cursor));
            page.path("items").forEach(items::add);
            if (!page.path("next").isString()) {
                break;
            }
            cursor = page.path("next").stringValue("");
        }
        return items;
    }

    /// Server-sent events until the server ends them or `more` is false.
    ///
    /// @param more takes an event's name and data
    void events(String path, BiPredicate<String, String> more) {
        var request = request(path).header("Accept", "text/event-stream").build();
        var lines = good(web.send(request, HttpResponse.BodyHandlers.ofLines())).body();
        try (lines) {
            var name = "";
            for (var each = lines.iterator(); each.hasNext(); ) {
                var line = each.next();
                if (line.startsWith("event:")) {
                    name = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")
                        && !more.test(name, line.substring("data:".length()).strip())) {
                    return;
                }
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        var request = server.request("/api/v1" + path);
        return request.header("Authorization", "Bearer " + bearer());
    }

    /// The one that is given, or what login keeps for this server.
    private String bearer() {
        if (token != null && !token.isEmpty()) {
            return token;
        }
        return Credentials.of(server.url())
                .map(Credentials.Kept::token)
                .orElseThrow(() ->
                        new Failure("who are you? countersign login signs you in; or set COUNTERSIGN_TOKEN, or give"
                                + " --token: `countersign api-token issue` on the server's host makes one"));
    }

    private static <T> HttpResponse<T> good(HttpResponse<T> response) {
        if (response.statusCode() == 200) {
            return response;
        }
        throw new Failure(said(known(response)));
    }

    private static <T> HttpResponse<T> known(HttpResponse<T> response) {
        if (response.statusCode() == 401) {
            throw new Failure("the server does not know this token: it may be over or revoked;"
                    + " `countersign login` gets another, or `countersign api-token issue` on the server's host");
        }
        return response;
    }

    private static String said(HttpResponse<?> response) {
        if (response.body() instanceof String text) {
            try {
                var problem = Json.read(text);
                var detail = problem.path("detail").stringValue("");
                if (!detail.isEmpty()) {
                    return detail;
                }
            } catch (Json.Malformed _) {
                // Told below by its status.
                return response.uri() + " answered " + response.statusCode();
            }
        }
        return response.uri() + " answered " + response.statusCode();
    }
}
