package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Replies that have to be waited for.
@Timeout(30)
final class LaterTest {
    private static final HttpServer.Limits SOON_IDLE = new HttpServer.Limits(
            Duration.ofMillis(600),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            100);
    private static final String NEXT = "GET /next HTTP/1.1\nHost: a\n\n";

    private final CountDownLatch waits = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CompletableFuture<Thread> first = new CompletableFuture<>();
    private final TestServer server = new TestServer(
            new Routes()
                    .get("/next", _ -> Reply.text(200, "next"))
                    .get(
                            "/thread",
                            _ -> Reply.text(
                                    200, String.valueOf(Thread.currentThread().isVirtual())))
                    .post("/held", this::held)
                    .get("/twice", _ -> Reply.later(() -> Reply.later(() -> Reply.text(200, "twice"))))
                    .get(
                            "/refused",
                            _ -> Reply.later(() -> {
                                throw HttpFault.of(410, "too late");
                            }))
                    .get(
                            "/broken",
                            _ -> Reply.later(() -> {
                                throw new IllegalStateException("secret detail");
                            }))
                    .get("/stream", _ -> Reply.later(() -> Reply.stream(200, "text/plain", out -> out.write('x')))),
            SOON_IDLE);

    @AfterEach
    void stop() {
        go.countDown();
        server.close();
    }

    @Test
    void it_comes_before_what_was_asked_behind_it_and_the_connection_goes_on() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(post("3\n\nabc") + NEXT);
            waits.await();
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("abc");
            assertThat(client.answer().body()).isEqualTo("next");
            assertThat(client.send(post("3\n\ndef")).answer().body()).isEqualTo("def");
            assertThat(client.send(NEXT).answer().body()).isEqualTo("next");
        }
    }

    @Test
    void what_was_asked_behind_it_has_a_virtual_thread_too() throws Exception {
        try (var client = new Raw(server.http)) {
            go.countDown();
            client.send((post("3\n\nabc") + NEXT.replace("next", "thread")).repeat(10));
            for (int i = 0; i < 10; i++) {
                assertThat(client.answer().body()).isEqualTo("abc");
                assertThat(client.answer().body()).isEqualTo("true");
            }
        }
    }

    @Test
    void it_may_take_longer_than_a_connection_may_be_idle() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(post("3\n\nabc"));
            waits.await();
            assertThat(first.get().join(Duration.ofSeconds(10))).isTrue();
            // Others come and go on other connections meanwhile, for longer than any limit.
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
            while (System.nanoTime() < until) {
                assertThat(server.get("/next").statusCode()).isEqualTo(200);
            }
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("abc");
        }
    }

    @Test
    void its_faults_are_those_of_any_other() throws Exception {
        try (var client = new Raw(server.http)) {
            assertThat(ask(client, "/refused").body()).isEqualTo("too late");
            assertThat(ask(client, "/broken").status()).isEqualTo(500);
            assertThat(ask(client, "/twice").body()).isEqualTo("twice");
            assertThat(client.send(NEXT).answer().body()).isEqualTo("next");
        }
        assertThat(server.get("/stream").body()).isEqualTo("x");
    }

    @Test
    void a_body_larger_than_was_read_does_not_confuse_the_connection() throws Exception {
        try (var client = new Raw(server.http)) {
            go.countDown();
            client.send(post("5\n\nabcde") + NEXT);
            assertThat(client.answer().status()).isEqualTo(413);
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_server_that_stops_waits_for_it() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(post("3\n\nabc"));
            waits.await();
            var stopped = CompletableFuture.runAsync(server::close);
            while (accepts()) {
                Thread.onSpinWait();
            }
            assertThat(stopped).isNotDone();
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("abc");
            stopped.get(10, TimeUnit.SECONDS);
            assertThat(client.closed()).isTrue();
        }
    }

    private boolean accepts() {
        try (var client = new Raw(server.http)) {
            return client.socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Reply held(Request request) {
        var body = new String(request.body(3), StandardCharsets.UTF_8);
        first.complete(Thread.currentThread());
        return Reply.later(() -> {
            waits.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Reply.text(200, body);
        });
    }

    private static String post(String lengthAndBody) {
        return "POST /held HTTP/1.1\nHost: a\nContent-Length: " + lengthAndBody;
    }

    private static Raw.Answer ask(Raw client, String path) throws Exception {
        return client.send("GET " + path + " HTTP/1.1\nHost: a\n\n").answer();
    }
}
