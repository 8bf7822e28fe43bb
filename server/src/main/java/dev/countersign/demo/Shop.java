package dev.countersign.demo;

import dev.countersign.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The company's clients and people, speaking to a server on this machine as anybody else would: over the wire, with
/// their own secrets and tokens.
final class Shop implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String server;
    private final DemoFile who;

    Shop(int port, DemoFile who) {
        this.server = "http://127.0.0.1:" + port;
        this.who = who;
    }

    /// Posts to the token endpoint as a client.
    JsonNode ask(String client, String... fields) {
        var form = new ArrayList<String>();
        for (int i = 0; i < fields.length; i += 2) {
            form.add(fields[i] + "=" + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        var basic = (client + ":" + who.client(client).secret()).getBytes(StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(URI.create(server + "/token"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(basic))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", form))));
    }

    /// Votes as a person.
    ///
    /// @param request the request's id
    JsonNode vote(String user, String request, Map<String, ?> ballot) {
        return send(HttpRequest.newBuilder(URI.create(server + "/api/v1/requests/" + request + "/votes"))
                .header("Authorization", "Bearer " + who.person(user).apiToken())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(ballot))));
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
