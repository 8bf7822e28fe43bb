package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RoutesTest {
    private final TestServer server = new TestServer(new Routes()
            .get("/", _ -> Reply.text(200, "root"))
            .get("/requests", _ -> Reply.text(200, "list"))
            .get("/requests/{id}", request -> Reply.text(200, "one " + request.pathParam("id")))
            .get("/requests/new", _ -> Reply.text(200, "new"))
            .post("/requests/{id}/votes", request -> Reply.text(200, "vote on " + request.pathParam("id")))
            .put("/requests/{id}", _ -> Reply.text(200, "put"))
            .delete("/requests/{id}", _ -> Reply.empty(204))
            .get("/{a}/{b}/x", request -> Reply.text(200, request.pathParam("a") + "+" + request.pathParam("b")))
            .get("/tile/{level}/{rest...}", request -> Reply.text(200, request.pathParam("rest")))
            .get("/broken", _ -> {
                throw new IllegalStateException("secret detail");
            }));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_literal_segment_wins_over_a_name() throws Exception {
        assertThat(server.get("/").body()).isEqualTo("root");
        assertThat(server.get("/requests").body()).isEqualTo("list");
        assertThat(server.get("/requests/new").body()).isEqualTo("new");
        assertThat(server.get("/requests/7").body()).isEqualTo("one 7");
        assertThat(server.get("/requests/7/x").body()).isEqualTo("requests+7");
        assertThat(server.get("/tile/0/x001/067").body()).isEqualTo("x001/067");
        assertThat(server.get("/tile/0/000").body()).isEqualTo("000");
    }

    @Test
    void a_path_that_only_looks_like_another_is_unknown() throws Exception {
        for (var path : new String[] {
            "/Requests",
            "/requests/",
            "//requests",
            "/requests//votes",
            "/%72equests",
            "/requests/7/votes/",
            "/tile/0/",
            "/x"
        }) {
            try (var client = new Raw(server.http)) {
                assertThat(client.send("GET " + path + " HTTP/1.1\nHost: a\n\n")
                                .answer()
                                .status())
                        .as(path)
                        .isIn(400, 404);
            }
        }
    }

    @Test
    void dots_lead_nowhere() throws Exception {
        for (var path : new String[] {
            "/x/../requests", "/./requests", "/%2e/requests", "/x/%2E%2e/requests", "/requests;x=1", "/x/..;/requests"
        }) {
            try (var client = new Raw(server.http)) {
                assertThat(client.send("GET " + path + " HTTP/1.1\nHost: a\n\n")
                                .answer()
                                .status())
                        .as(path)
                        .isIn(400, 404);
            }
        }
    }

    @Test
    void another_method_is_told_which_ones_there_are() throws Exception {
        for (var method : new String[] {"POST", "OPTIONS", "TRACE", "PROPFIND", "PATCH"}) {
            try (var client = new Raw(server.http)) {
                var answer = client.send(method + " /requests/7 HTTP/1.1\nHost: a\nContent-Length: 0\n\n")
                        .answer();
                assertThat(answer.status()).as(method).isEqualTo(405);
                assertThat(answer.head()).contains("Allow: DELETE, GET, PUT, HEAD\n");
            }
        }
        assertThat(server.send(server.to("/nowhere").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void head_is_get_without_a_body() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("HEAD /requests HTTP/1.1\nHost: a\n\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            var header = client.line();
            var all = new StringBuilder();
            while (!header.isEmpty()) {
                all.append(header).append('\n');
                header = client.line();
            }
            assertThat(all).contains("Content-Length: 4\n");
            assertThat(client.send("GET /requests HTTP/1.1\nHost: a\n\n")
                            .answer()
                            .body())
                    .isEqualTo("list");
        }
    }

    @Test
    void a_handlers_fault_is_a_bare_500() throws Exception {
        var answer = server.get("/broken");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("Request-Id"))
                .hasValueSatisfying(id -> assertThat(id).hasSize(16));
    }

    @Test
    void an_upgrade_is_not_taken() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("""
                    GET /requests HTTP/1.1
                    Host: a
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """);
            assertThat(client.answer().body()).isEqualTo("list");
        }
    }

    @Test
    void a_route_is_named_once_and_well() {
        var routes = new Routes().get("/a/{b}", _ -> Reply.empty(204));
        assertThatThrownBy(() -> routes.get("/a/{c}", _ -> Reply.empty(204)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> routes.get("a", _ -> Reply.empty(204))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> routes.get("/{a...}/b", _ -> Reply.empty(204)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
