package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReplyTest {
    private final Routes routes = new Routes()
            .get("/page", _ -> Reply.html(200, "<p>ä"))
            .get("/json", _ -> Reply.json(200, Map.of("a", 1)).noStore())
            .get("/there", _ -> Reply.seeOther("/page"))
            .get("/none", _ -> Reply.empty(204))
            .get(
                    "/cookies",
                    _ -> Reply.empty(200)
                            .withCookie(Cookie.strict("session", "abc", Duration.ofHours(8)))
                            .withCookie(Cookie.lax("flow", "x", Duration.ofMinutes(5)))
                            .withCookie(Cookie.gone("old")))
            .get("/injected", _ -> Reply.empty(200).withHeader("X-A", "1\r\nSet-Cookie: evil=1"))
            .get(
                    "/half",
                    _ -> Reply.stream(200, "text/plain", out -> {
                        out.write(new byte[10_000]);
                        out.flush();
                        throw new IllegalStateException("half way");
                    }))
            .get(
                    "/events",
                    _ -> Reply.events(events -> {
                        events.send("7", "request.pending", "{\"a\":\n1}");
                        events.beat();
                        events.send("8", "request.voted", "");
                    }));
    private final Assets assets =
            Assets.read("/assets", Map.of("app.css", "archunit.properties", "app.js", "logback-test.xml"));
    private final TestServer server;

    ReplyTest() {
        assets.routes(routes);
        server = new TestServer(routes);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_page_runs_nothing_that_is_not_ours() throws Exception {
        var answer = server.get("/page");
        assertThat(answer.body()).isEqualTo("<p>ä");
        assertThat(answer.headers().map())
                .containsEntry("content-type", java.util.List.of("text/html;charset=utf-8"))
                .containsEntry("x-frame-options", java.util.List.of("DENY"))
                .containsEntry("referrer-policy", java.util.List.of("no-referrer"))
                .containsEntry("x-content-type-options", java.util.List.of("nosniff"))
                .containsEntry("cross-origin-opener-policy", java.util.List.of("same-origin"))
                .containsEntry("cache-control", java.util.List.of("no-store"))
                .containsKey("permissions-policy");
        assertThat(answer.headers().firstValue("content-security-policy"))
                .hasValue("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    }

    @Test
    void nothing_tells_which_server_this_is() throws Exception {
        for (var path : new String[] {"/page", "/json", "/none", "/nowhere"}) {
            assertThat(server.get(path).headers().map()).doesNotContainKeys("server", "x-powered-by");
        }
        try (var client = new Raw(server.http)) {
            var refused = client.send("rubbish\n\n").answer();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.head() + refused.body()).doesNotContainIgnoringCase("jetty");
        }
    }

    @Test
    void a_reply_has_the_headers_that_it_was_given() throws Exception {
        var answer = server.get("/json");
        assertThat(answer.body()).isEqualTo("{\"a\":1}");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(server.get("/none").headers().map()).doesNotContainKeys("content-type", "content-length");
        var there = server.get("/there");
        assertThat(there.statusCode()).isEqualTo(303);
        assertThat(there.headers().firstValue("location")).hasValue("/page");
    }

    @Test
    void cookies_are_for_this_host_and_no_script() throws Exception {
        assertThat(server.get("/cookies").headers().allValues("set-cookie"))
                .containsExactly(
                        "__Host-session=abc; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure",
                        "__Host-flow=x; Path=/; Max-Age=300; HttpOnly; SameSite=Lax; Secure",
                        "__Host-old=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure");
        try (var local =
                new TestServer(routes, HttpServer.Limits.DEFAULT, "http://localhost:8080", java.util.List.of())) {
            assertThat(local.get("/cookies").headers().firstValue("set-cookie"))
                    .hasValue("session=abc; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict");
        }
    }

    @Test
    void a_cookie_cannot_be_broken_out_of() {
        for (var value : new String[] {"a;b", "a b", "a\nb", "ä", "\"", "a,b"}) {
            assertThatThrownBy(() -> Cookie.strict("a", value, Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Cookie.strict("a=b", "", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cookie.strict("", "", Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_header_cannot_be_broken_out_of() throws Exception {
        var answer = server.get("/injected");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
    }

    @Test
    void events_go_out_in_their_format() throws Exception {
        var answer = server.get("/events");
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        assertThat(answer.body()).isEqualTo("""
                        id: 7
                        event: request.pending
                        data: {"a":
                        data: 1}

                        :

                        id: 8
                        event: request.voted
                        data:\s

                        """);
    }

    @Test
    void half_a_stream_does_not_look_like_a_whole_one() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /half HTTP/1.1\nHost: a\n\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            var rest = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                rest.append(client.line()).append('\n');
            }
            assertThat(rest).contains("Transfer-Encoding: chunked").doesNotContain("\n0\n");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void assets_are_kept_for_ever_under_the_hash_of_all() throws Exception {
        var path = assets.path("app.css");
        assertThat(path).matches("/assets/[0-9a-f]{16}/app\\.css");
        assertThat(assets.path("app.js")).isEqualTo(path.replace("app.css", "app.js"));
        var whole = server.get(path);
        assertThat(whole.body()).contains("resolveMissing");
        assertThat(whole.headers().firstValue("content-type")).hasValue("text/css;charset=utf-8");
        assertThat(whole.headers().firstValue("cache-control")).hasValue("public, max-age=31536000, immutable");
        assertThat(whole.headers().firstValue("vary")).hasValue("Accept-Encoding");
        assertThat(server.get(path.replace("app.css", "other.css")).statusCode())
                .isEqualTo(404);
    }

    @Test
    void an_asset_goes_out_packed_to_who_unpacks_it() throws Exception {
        var plain = server.get(assets.path("app.css"));
        var packed = server.bytes(server.to(assets.path("app.css")).header("Accept-Encoding", "br, gzip"));
        assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
        assertThat(packed.headers().firstValue("content-encoding")).hasValue("gzip");
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(plain.body().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_page_of_another_version_gets_what_there_is_and_does_not_keep_it() throws Exception {
        var answer = server.get(assets.path("app.css").replaceAll("[0-9a-f]{16}", "0123456789abcdef"));
        assertThat(answer.body()).contains("resolveMissing");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    }

    @Test
    void an_asset_that_is_missing_is_a_fault_at_the_start() {
        assertThatThrownBy(() -> Assets.read("/assets", Map.of("a.css", "nowhere.css")))
                .hasMessage("not on the class path: nowhere.css");
        assertThatThrownBy(() -> Assets.read("/assets", Map.of("a.exe", "archunit.properties")))
                .hasMessage("no media type is known for a.exe");
    }
}
