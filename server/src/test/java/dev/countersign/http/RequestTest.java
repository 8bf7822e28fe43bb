package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestTest {
    private final TestServer server = new TestServer(
            routes(), HttpServer.Limits.DEFAULT, TestServer.ISSUER, List.of("10.0.0.0/8", "127.0.0.0/8", "::1"));
    private final TestServer untrusting = new TestServer(routes());

    @AfterEach
    void stop() {
        server.close();
        untrusting.close();
    }

    @Test
    void each_request_has_a_virtual_thread() throws Exception {
        assertThat(server.get("/thread").body()).isEqualTo("true");
    }

    @Test
    void a_form_keeps_the_order_of_its_fields_and_those_that_repeat() throws Exception {
        assertThat(form("b=2&a=1&b=&c&&=x&b=%C3%A4+%26%3D%2b")).isEqualTo("[b=2][a=1][b=][c=][=x][b=ä &=+]");
        assertThat(form("")).isEqualTo("");
        assertThat(form("a=b=c")).isEqualTo("[a=b=c]");
        assertThat(form("a=ü")).isEqualTo("[a=ü]");
    }

    @Test
    void a_form_that_is_not_strictly_one_is_refused() throws Exception {
        for (var broken : List.of("a=%", "a=%4", "a=%zz", "a=%C3", "a=%ff", "%C0%80=x", "a=%ED%A0%80", "a=%+1")) {
            assertThat(postForm(broken, "application/x-www-form-urlencoded"))
                    .as(broken)
                    .isEqualTo(400);
        }
        assertThat(postForm("a&".repeat(1_001), "application/x-www-form-urlencoded"))
                .isEqualTo(413);
    }

    @Test
    void a_body_of_another_type_is_no_form() throws Exception {
        assertThat(postForm("a=1", "application/x-www-form-urlencoded; charset=UTF-8"))
                .isEqualTo(200);
        assertThat(postForm("a=1", "Application/X-WWW-Form-Urlencoded;charset=\"utf-8\""))
                .isEqualTo(200);
        for (var type : List.of(
                "application/json",
                "multipart/form-data; boundary=x",
                "application/x-www-form-urlencoded-not",
                "application/x-www-form-urlencoded; charset=iso-8859-1")) {
            assertThat(postForm("a=1", type)).as(type).isEqualTo(415);
        }
        assertThat(server.send(server.to("/form").POST(BodyPublishers.ofString("a=1")))
                        .statusCode())
                .isEqualTo(415);
        assertThat(server.send(server.to("/form")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Content-Encoding", "gzip")
                                .POST(BodyPublishers.ofString("a=1")))
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void a_query_is_read_as_strictly() throws Exception {
        assertThat(server.get("/query?a=1&a=%20&b").body()).isEqualTo("[a=1][a= ][b=]");
        assertThat(server.get("/query").body()).isEqualTo("");
        assertThat(server.get("/query?a=%ff").statusCode()).isEqualTo(400);
    }

    @Test
    void a_name_in_a_path_is_one_decoded_segment() throws Exception {
        assertThat(server.get("/echo/a%20b+c").body()).isEqualTo("a b+c");
        assertThat(server.get("/echo/https%3A%2F%2Fexample.com%2Fx").body()).isEqualTo("https://example.com/x");
        assertThat(server.get("/echo/50%25").body()).isEqualTo("50%");
        assertThat(server.get("/echo/%ff").statusCode()).isEqualTo(400);
        try (var client = new Raw(server.http)) {
            assertThat(client.send("GET /echo/%zz HTTP/1.1\nHost: a\n\n")
                            .answer()
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void a_header_that_repeats_keeps_all_its_values() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /headers HTTP/1.1\nHost: a\nx-a: 1\nX-A: 2, 3\n\n");
            assertThat(client.answer().body()).isEqualTo("1 [1, 2, 3]");
        }
    }

    @Test
    void the_url_is_the_issuers_whatever_the_client_says() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /url/x?y=1 HTTP/1.1\nHost: evil.example\nX-Forwarded-Host: evil.example\n\n");
            assertThat(client.answer().body()).isEqualTo("https://auth.example.com/url/x");
            client.send("GET http://evil.example/url/x HTTP/1.1\nHost: evil.example\n\n");
            assertThat(client.answer().body()).isEqualTo("https://auth.example.com/url/x");
        }
    }

    @Test
    void an_issuer_with_a_path_gives_its_authority_only() throws Exception {
        try (var other =
                new TestServer(routes(), HttpServer.Limits.DEFAULT, "http://localhost:8080/tenant", List.of())) {
            assertThat(other.get("/url/x").body()).isEqualTo("http://localhost:8080/url/x");
        }
    }

    @Test
    void forwarded_headers_come_through_trusted_proxies_only() throws Exception {
        var forwarded = Map.of("X-Forwarded-For", "9.9.9.9, 203.0.113.7, 10.1.2.3", "X-Forwarded-Proto", "https");
        assertThat(origin(server, forwarded)).isEqualTo("203.0.113.7 https");
        assertThat(origin(untrusting, forwarded)).isEqualTo("127.0.0.1 http");
        assertThat(origin(server, Map.of())).isEqualTo("127.0.0.1 http");
    }

    @Test
    void cookies_go_by_their_name_on_the_wire() throws Exception {
        assertThat(cookie(server, "a=1; __Host-session=abc; b=2")).isEqualTo("abc");
        assertThat(cookie(server, "session=abc")).isEqualTo("none");
        assertThat(cookie(server, "__Host-session=a; __Host-session=b")).isEqualTo("none");
        assertThat(cookie(server, "x__Host-session=a")).isEqualTo("none");
        try (var local = new TestServer(routes(), HttpServer.Limits.DEFAULT, "http://localhost:8080", List.of())) {
            assertThat(cookie(local, "session=abc; __Host-session=x")).isEqualTo("abc");
        }
    }

    @Test
    void each_request_has_its_id() throws Exception {
        var ids = server.get("/id").body();
        assertThat(ids).matches("([0-9a-f]{16}) \\1");
        assertThat(server.get("/id").body()).isNotEqualTo(ids);
    }

    private static Routes routes() {
        return new Routes()
                .post("/form", request -> Reply.text(200, shown(request.form())))
                .get("/query", request -> Reply.text(200, shown(request.query())))
                .get("/echo/{it}", request -> Reply.text(200, request.pathParam("it")))
                .get(
                        "/headers",
                        request -> Reply.text(200, request.header("X-A").orElse("none") + " " + request.headers("x-a")))
                .get("/url/x", request -> Reply.text(200, request.url()))
                .get(
                        "/origin",
                        request -> Reply.text(200, request.remoteAddress().getHostAddress() + " " + request.scheme()))
                .get(
                        "/cookie",
                        request -> Reply.text(200, request.cookie("session").orElse("none")))
                .get(
                        "/thread",
                        _ -> Reply.text(
                                200, String.valueOf(Thread.currentThread().isVirtual())))
                .get("/id", request -> Reply.text(200, request.id() + " " + request.id()));
    }

    private static String shown(List<Field> fields) {
        var shown = new StringBuilder();
        fields.forEach(field -> shown.append('[')
                .append(field.name())
                .append('=')
                .append(field.value())
                .append(']'));
        return shown.toString();
    }

    private String form(String body) throws Exception {
        return server.send(server.to("/form")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)))
                .body();
    }

    private int postForm(String body, String type) throws Exception {
        return server.send(server.to("/form").header("Content-Type", type).POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static String origin(TestServer server, Map<String, String> headers) throws Exception {
        var request = server.to("/origin");
        headers.forEach(request::header);
        return server.send(request).body();
    }

    private static String cookie(TestServer server, String header) throws Exception {
        return server.send(server.to("/cookie").header("Cookie", header)).body();
    }
}
