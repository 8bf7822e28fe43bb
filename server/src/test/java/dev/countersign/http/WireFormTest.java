package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes over the wire, byte by byte: versions of HTTP, bodies, connections that stay and that end.
@Timeout(30)
final class WireFormTest {
    private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

    private final TestServer server = new TestServer(new Routes()
            .get("/", _ -> Reply.text(200, "hello"))
            .get("/none", _ -> Reply.empty(204))
            .get("/unchanged", _ -> Reply.empty(304))
            .get("/empty", _ -> Reply.empty(200))
            .get("/ended", _ -> Reply.text(200, "bye").withHeader("Connection", "close"))
            .get("/broken", _ -> {
                throw new IllegalStateException("broken");
            })
            .get("/vast", _ -> Reply.empty(200).withHeader("X-Vast", "x".repeat(20_000)))
            .get("/foreign", _ -> Reply.text(200, "€").withHeader("X-Name", "Zoë"))
            .get("/large", _ -> Reply.bytes(200, "application/octet-stream", new byte[100_000]))
            .get(
                    "/stream",
                    _ -> Reply.stream(200, "text/plain", out -> {
                        out.write("one".getBytes(StandardCharsets.US_ASCII));
                        out.flush();
                        out.write("two".getBytes(StandardCharsets.US_ASCII));
                        out.write("three".getBytes(StandardCharsets.US_ASCII));
                    }))
            .post("/body", request -> Reply.text(200, new String(request.body(100), StandardCharsets.UTF_8)))
            .post("/unread", _ -> Reply.text(200, "did not look")));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void requests_sent_at_once_are_answered_in_their_order() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(GET + "GET /none HTTP/1.1\nHost: a\n\nPOST /body HTTP/1.1\nHost: a\nContent-Length: 3\n\nabc"
                    + "GET /broken HTTP/1.1\nHost: a\n\n" + GET);
            assertThat(client.answer().body()).isEqualTo("hello");
            assertThat(client.answer().status()).isEqualTo(204);
            assertThat(client.answer().body()).isEqualTo("abc");
            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(client.answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void what_has_no_body_says_so() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(head(client, "/none")).doesNotContain("Content-Length", "\nContent-Type", "chunked");
            assertThat(head(client, "/unchanged")).doesNotContain("\nContent-Type", "chunked");
            assertThat(head(client, "/empty")).contains("Content-Length: 0").doesNotContain("\nContent-Type");
            assertThat(client.send(GET).answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void a_large_body_comes_whole() throws Exception {
        assertThat(server.bytes(server.to("/large")).body()).hasSize(100_000);
    }

    @Test
    void a_stream_is_sent_in_chunks_as_it_is_flushed() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(head(client, "/stream"))
                    .contains("Transfer-Encoding: chunked")
                    .doesNotContain("Content-Length");
            for (var line : new String[] {"3", "one", "8", "twothree", "0", ""}) {
                assertThat(client.line()).isEqualTo(line);
            }
            assertThat(client.send(GET).answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void a_stream_to_a_client_of_http_1_0_ends_with_its_connection() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(client.send("GET /stream HTTP/1.0\n\n").answer().head()).doesNotContain("chunked");
            assertThat(client.line()).isEqualTo("onetwothree");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_client_of_http_1_0_keeps_its_connection_only_when_it_asks() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET / HTTP/1.0\nConnection: keep-alive\n\n");
            var kept = client.answer();
            assertThat(kept.head()).containsIgnoringCase("Connection: keep-alive");
            assertThat(kept.body()).isEqualTo("hello");
            assertThat(client.send("GET / HTTP/1.0\n\n").answer().body()).isEqualTo("hello");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_connection_ends_when_either_side_says_so() throws Exception {
        for (var request :
                new String[] {"GET / HTTP/1.1\nHost: a\nConnection: close\n\n", "GET /ended HTTP/1.1\nHost: a\n\n"}) {
            try (var client = new Raw(server.http)) {
                assertThat(client.send(request).answer().head()).contains("Connection: close");
                assertThat(client.closed()).isTrue();
            }
        }
    }

    @Test
    void a_handlers_fault_leaves_the_connection_as_it_is() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(client.send("GET /broken HTTP/1.1\nHost: a\n\n").answer().status())
                    .isEqualTo(500);
            assertThat(client.send(GET).answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void a_reply_that_cannot_be_sent_is_not_begun() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(client.send("GET /vast HTTP/1.1\nHost: a\n\n").line()).isEmpty();
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_body_is_utf_8_and_a_header_is_latin() throws Exception {
        var answer = server.bytes(server.to("/foreign"));
        assertThat(answer.body()).isEqualTo("€".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.headers().firstValue("X-Name")).hasValue("Zoë");
    }

    @Test
    void a_body_in_chunks_is_read_with_what_stands_behind_it() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("POST /body HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nabc\n2;x=y\nde\n0\nT: t\n\n");
            assertThat(client.answer().body()).isEqualTo("abcde");
            client.send("POST /unread HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n" + GET);
            assertThat(client.answer().body()).isEqualTo("did not look");
            assertThat(client.answer().body()).isEqualTo("hello");
        }
    }

    @Test
    void a_body_whose_chunks_are_broken_is_refused_and_ends_the_connection() throws Exception {
        for (var broken : new String[] {"3\nabc\nzz\n", "3\nabcde\n0\n\n", "-1\n"}) {
            try (var client = new Raw(server.http)) {
                client.send("POST /body HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n" + broken + GET);
                assertThat(client.answer().status()).as(broken).isEqualTo(408);
                assertThat(client.closed()).isTrue();
            }
            try (var client = new Raw(server.http)) {
                client.send("POST /unread HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n" + broken + GET);
                assertThat(client.answer().status()).as(broken).isEqualTo(200);
                assertThat(client.answer().status()).isEqualTo(0);
            }
        }
    }

    @Test
    void two_lengths_of_one_body_are_refused() throws Exception {
        for (var lengths : new String[] {
            "Content-Length: 3\nContent-Length: 4",
            "Content-Length: 3\nTransfer-Encoding: chunked",
            "Content-Length: -3",
            "Content-Length: 99999999999999999999"
        }) {
            try (var client = new Raw(server.http)) {
                client.send("POST /body HTTP/1.1\nHost: a\n" + lengths + "\n\n3\nabc\n0\n\n");
                assertThat(client.answer().status()).as(lengths).isEqualTo(400);
                assertThat(client.closed()).isTrue();
            }
        }
    }

    @Test
    void a_client_is_told_to_go_on_only_when_its_body_is_wanted() throws Exception {
        var expects = "Host: a\nExpect: 100-continue\nContent-Length: ";
        try (var client = new Raw(server.http)) {
            client.send("POST /body HTTP/1.1\n" + expects + "3\n\n");
            assertThat(client.answer().status()).isEqualTo(100);
            assertThat(client.send("abc").answer().body()).isEqualTo("abc");
            client.send("POST /body HTTP/1.1\n" + expects + "3\n\nabc");
            assertThat(client.answer().body()).isEqualTo("abc");
        }
        for (var unwanted : new String[] {
            "POST /body HTTP/1.1\n" + expects + "101\n\n", "POST /unread HTTP/1.1\n" + expects + "3\n\n"
        }) {
            try (var client = new Raw(server.http)) {
                assertThat(client.send(unwanted).answer().head()).contains("Connection: close");
                assertThat(client.closed()).isTrue();
            }
        }
        try (var client = new Raw(server.http)) {
            client.send("POST /body HTTP/1.1\nHost: a\nExpect: tea\nContent-Length: 3\n\nabc");
            assertThat(client.answer().status()).isEqualTo(417);
        }
    }

    @Test
    void what_names_no_resource_of_ours_is_refused_as_such() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(client.send("OPTIONS * HTTP/1.1\nHost: a\n\n").answer().status())
                    .isEqualTo(404);
            assertThat(client.send("GET /WEB-INF/web.xml HTTP/1.1\nHost: a\n\n")
                            .answer()
                            .status())
                    .isEqualTo(404);
            assertThat(client.send("FOO / HTTP/1.1\nHost: a\n\n").answer().status())
                    .isEqualTo(405);
            assertThat(client.send("CONNECT a:80 HTTP/1.1\nHost: a\n\n")
                            .answer()
                            .status())
                    .isEqualTo(405);
        }
        for (var bad : new String[] {
            "GET / HTTP/1.1\n\n",
            "GET / HTTP/1.1\nHost: a\nHost: b\n\n",
            "GET / HTTP/1.1\nHost: a b\n\n",
            "GET x HTTP/1.1\nHost: a\n\n",
            "GET / HTTP/1.1\nHost: a\nX-A : 1\n\n",
            "GET / HTTP/1.1\nHost: a\nX-A: \0\n\n",
            "GET /a/%2e%2e/ HTTP/1.1\nHost: a\n\n"
        }) {
            try (var client = new Raw(server.http)) {
                var refused = client.send(bad).answer();
                assertThat(refused.status()).as(bad).isEqualTo(400);
                assertThat(refused.head()).contains("Cache-Control: no-store");
                assertThat(refused.body()).isEmpty();
            }
        }
    }

    private static String head(Raw client, String path) throws IOException {
        return client.send("GET " + path + " HTTP/1.1\nHost: a\n\n").answer().head();
    }
}
