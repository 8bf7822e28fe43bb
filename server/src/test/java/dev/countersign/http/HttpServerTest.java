package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HttpServerTest {
    @Test
    void answers_on_a_virtual_thread() throws Exception {
        var routes = new Routes()
                .post(
                        "/token",
                        request -> Reply.json(
                                200,
                                Map.of(
                                        "virtual", Thread.currentThread().isVirtual(),
                                        "form", request.form(),
                                        "url", request.url())));
        try (var server = start(routes);
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/token?x=1"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("a=1&b=%C3%A4+c"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(Json.read(answer.body())).isEqualTo(Json.read("""
                    {"virtual": true, "form": [{"name": "a", "value": "1"}, {"name": "b", "value": "ä c"}],
                     "url": "https://auth.example.com/token"}
                    """));
        }
    }

    private static HttpServer start(Routes routes) {
        return HttpServer.start(
                new HttpServer.Settings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(),
                        "https://auth.example.com"),
                routes,
                (request, fault) -> Reply.text(fault.status, fault.said));
    }
}
