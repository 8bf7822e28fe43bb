package dev.countersign.demo;

import dev.countersign.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The company's clients and people, speaking to a server on this machine as anybody else would: over the wire, with
/// their own secrets and tokens.
final class Shop implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;
    private final DemoFile who;
    private final Map<String, String> secrets;

    /// @param secrets of clients, by their names in the configuration's files
    Shop(int port, DemoFile who, Map<String, String> secrets) {
        this.server = "http://127.0.0.1:" + port;
        this.who = who;
        this.secrets = secrets;
    }

    /// A client of this machine.
    Caller client(String id) {
        return Caller.here(id, secrets.getOrDefault(id, ""));
    }

    /// Posts to the token endpoint as a client.
    ///
    /// @param fields names and values in turn
    JsonNode ask(Caller caller, List<String> fields) {
        return post("/token", caller, fields);
    }

    /// Asks whether a token is good, as an API does.
    JsonNode introspect(Caller gateway, String token) {
        return post("/introspect", gateway, List.of("token", token));
    }

    private JsonNode post(String path, Caller caller, List<String> fields) {
        var request = HttpRequest.newBuilder(URI.create(server + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("User-Agent", caller.agent())
                .POST(HttpRequest.BodyPublishers.ofString(caller.form(fields)));
        if (!caller.header().isEmpty()) {
            request.header("Authorization", caller.header());
        }
        if (!caller.address().isEmpty()) {
            request.header("X-Forwarded-For", caller.address());
        }
        return send(request);
    }

    /// Posts to the API as a person.
    JsonNode tell(String user, String path, Map<String, ?> body) {
        return send(api(user, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body))));
    }

    /// Reads from the API as a person.
    JsonNode look(String user, String path) {
        return send(api(user, path));
    }

    private HttpRequest.Builder api(String user, String path) {
        return HttpRequest.newBuilder(URI.create(server + "/api/v1" + path))
                .header("Authorization", "Bearer " + who.person(user).apiToken());
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            return Json.read(http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the demo's history was written", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
