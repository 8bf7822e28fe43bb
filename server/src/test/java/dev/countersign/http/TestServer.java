package dev.countersign.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/// The real server on a free port of the loopback address.
final class TestServer implements AutoCloseable {
    static final String ISSUER = "https://auth.example.com";

    /// Short enough that a test sees them.
    static final HttpServer.Limits SHORT = new HttpServer.Limits(
            Duration.ofMillis(600),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            100);

    final HttpServer http;
    private final HttpClient client = HttpClient.newHttpClient();

    TestServer(Routes routes) {
        this(routes, HttpServer.Limits.DEFAULT);
    }

    TestServer(Routes routes, HttpServer.Limits limits) {
        this(routes, limits, ISSUER, List.of());
    }

    TestServer(Routes routes, HttpServer.Limits limits, String issuer, List<String> trustedProxies) {
        http = HttpServer.start(
                new HttpServer.Settings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), trustedProxies, issuer, limits),
                routes,
                (request, fault) -> Reply.text(fault.status, fault.said));
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + http.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(to(path));
    }

    @Override
    public void close() {
        client.close();
        http.close();
    }
}
