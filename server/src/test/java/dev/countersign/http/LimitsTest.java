package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the server does not put up with, and what it does.
@Timeout(30)
final class LimitsTest {
    private static final String FORM = "Host: a\nContent-Type: application/x-www-form-urlencoded\n";

    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch failed = new CountDownLatch(1);
    private final TestServer server = new TestServer(
            new Routes()
                    .get("/", _ -> Reply.text(200, "hello"))
                    .post("/held", request -> held(request.form()))
                    .get("/large", _ -> Reply.bytes(200, "application/octet-stream", new byte[64 << 20]))
                    .get("/endless", _ -> Reply.stream(200, "text/plain", this::endless))
                    .post("/form", request -> Reply.json(200, request.form()))
                    .post("/body", request -> Reply.json(200, request.body(1000).length))
                    .post("/unread", _ -> Reply.text(200, "did not look")),
            TestServer.SHORT);

    @AfterEach
    void stop() {
        never.countDown();
        server.close();
    }

    @Test
    void a_handler_may_take_longer_than_any_limit() throws Exception {
        var answer = server.send(server.to("/held")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("a=b")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Duration.parse(answer.body())).isGreaterThan(Duration.ofMillis(1_500));
    }

    @Test
    void a_connection_that_says_nothing_is_closed() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_connection_that_says_nothing_more_is_closed() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(client.send("GET / HTTP/1.1\nHost: a\n\n").answer().body())
                    .isEqualTo("hello");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void headers_that_come_in_drops_are_not_waited_for() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET / HTTP/1.1\nHost: a\nX-Slow: ");
            assertThat(dripsUntilRefused(client)).isTrue();
        }
    }

    @Test
    void a_body_that_comes_in_drops_is_not_waited_for() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("POST /form HTTP/1.1\n" + FORM + "Content-Length: 60000\n\n");
            assertThat(dripsUntilRefused(client)).isTrue();
        }
    }

    @Test
    void a_body_that_does_not_come_is_not_waited_for() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("POST /form HTTP/1.1\n" + FORM + "Content-Length: 60\n\n");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_reply_that_is_not_read_is_given_up() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /large HTTP/1.1\nHost: a\n\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            var deadline = Instant.now().plusSeconds(10);
            // Only when the server has given up, a handler may stop waiting for the peer.
            while (server.get("/").statusCode() == 200 && server.http.connections() > 1) {
                assertThat(Instant.now()).isBefore(deadline);
            }
        }
    }

    @Test
    void a_stream_that_is_not_read_is_given_up() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /endless HTTP/1.1\nHost: a\n\n");
            assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_stream_to_a_client_that_left_ends() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /endless HTTP/1.1\nHost: a\n\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void headers_above_16_kib_are_refused() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET / HTTP/1.1\nHost: a\nX-Fill: " + "x".repeat(15_000) + "\n\n");
            assertThat(client.answer().status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\nHost: a\nX-Fill: " + "x".repeat(16_384) + "\n\n");
            assertThat(client.answer().status()).isEqualTo(431);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_form_above_64_kib_is_refused_before_it_is_read() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("POST /form HTTP/1.1\n" + FORM + "Content-Length: 65537\n\n");
            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void an_answer_given_early_is_not_lost_over_what_is_still_sent() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var client = new Raw(server.http)) {
                client.send("POST /form HTTP/1.1\n" + FORM + "Content-Length: 900000\n\n");
                client.send("x".repeat(900_000));
                assertThat(client.answer().status()).isEqualTo(413);
                // Its end is in order, not a reset that throws.
                assertThat(client.line()).isEmpty();
            }
        }
    }

    @Test
    void a_form_of_64_kib_is_read() throws Exception {
        var form = "a=" + "x".repeat(65_534);
        var answer = server.send(server.to("/form")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.read(answer.body()).get(0).get("value").stringValue()).hasSize(65_534);
    }

    @Test
    void a_chunked_body_is_counted_while_it_comes() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(
                    "POST /body HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3e8\n" + "x".repeat(1000) + "\n0\n\n");
            assertThat(client.answer().body()).isEqualTo("1000");
            client.send("POST /body HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3e9\n" + "x".repeat(1001) + "\n");
            assertThat(client.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void a_body_that_nobody_reads_does_not_confuse_the_connection() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("POST /unread HTTP/1.1\nHost: a\nContent-Length: 5\n\n12345");
            assertThat(client.answer().body()).isEqualTo("did not look");
            assertThat(client.send("GET / HTTP/1.1\nHost: a\n\n").answer().body())
                    .isEqualTo("hello");
            client.send("POST /unread HTTP/1.1\nHost: a\nContent-Length: 500000\n\n12345");
            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_body_cut_off_is_not_taken_for_a_whole_one() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("POST /body HTTP/1.1\nHost: a\nContent-Length: 10\n\n12345");
            client.socket.shutdownOutput();
            assertThat(client.answer().status()).isIn(0, 400, 408);
        }
    }

    /// Sends a byte now and then. True when the server ended that long before all of them were sent.
    private static boolean dripsUntilRefused(Raw client) throws IOException {
        client.socket.setSoTimeout(50);
        for (int i = 0; i < 100; i++) {
            try {
                client.send("x");
            } catch (IOException e) {
                return true;
            }
            if (client.closed()) {
                return true;
            }
        }
        return false;
    }

    private Reply held(List<Field> form) {
        assertThat(form).isNotEmpty();
        long start = System.nanoTime();
        try {
            assertThat(never.await(1_600, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Reply.text(200, Duration.ofNanos(System.nanoTime() - start).toString());
    }

    private void endless(java.io.OutputStream out) throws IOException {
        var piece = new byte[8192];
        try {
            while (true) {
                out.write(piece);
                out.flush();
            }
        } catch (IOException e) {
            failed.countDown();
            throw e;
        }
    }
}
