package dev.countersign.cli;

import dev.countersign.http.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Speaks HTTP to a server, and tells in a sentence when nobody is there.
final class Web {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private @Nullable HttpClient http;

    /// Made when a command first speaks: it reads all certificates of the machine, and most commands need none.
    HttpClient http() {
        if (http == null) {
            http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
        }
        return http;
    }

    /// A text as it stands in a path, a query or a form.
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// @param url the server's
    /// @param path begins with a slash
    static HttpRequest.Builder request(String url, String path) {
        try {
            var base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
            return HttpRequest.newBuilder(URI.create(base + path))
                    .header("User-Agent", "countersign-cli")
                    .timeout(PATIENCE);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    url + " is no URL of a server: COUNTERSIGN_URL or --url looks like https://auth.example.com");
        }
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return http().send(request, body);
        } catch (IOException e) {
            throw unreachable(request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }

    static Failure unreachable(HttpRequest request, IOException e) {
        var server = request.uri().getScheme() + "://" + request.uri().getRawAuthority();
        return new Failure(
                switch (e) {
                    case HttpTimeoutException _ -> server + " does not answer in time: try again";
                    case ConnectException _ ->
                        "nobody answers at " + server + ": is the server running, and is that its URL?";
                    default -> server + " cannot be reached (" + e + ")";
                });
    }

    /// A body that should be JSON.
    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.read(response.body());
        } catch (Json.Malformed e) {
            throw new Failure(response.uri() + " answered " + response.statusCode()
                    + " and no JSON: is that the URL of a Countersign server?");
        }
    }
}
