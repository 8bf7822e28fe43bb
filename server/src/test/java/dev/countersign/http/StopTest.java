package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The server stops without losing an answer.
@Timeout(30)
final class StopTest {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final BlockingQueue<String> never = new LinkedBlockingQueue<>();
    private final TestServer server = new TestServer(
            new Routes()
                    .get("/", _ -> Reply.text(200, "hello"))
                    .get("/hold", _ -> hold())
                    .get(
                            "/events",
                            _ -> Reply.events(events -> {
                                events.beat();
                                held.countDown();
                                events.send("1", "never", never.take());
                            })),
            TestServer.SHORT);

    @Test
    void a_request_that_is_held_is_answered_and_a_new_one_is_refused() throws Exception {
        try (var client = new Raw(server.http);
                var idle = new Raw(server.http)) {
            assertThat(idle.send("GET / HTTP/1.1\nHost: a\n\n").answer().body()).isEqualTo("hello");
            client.send("GET /hold HTTP/1.1\nHost: a\n\n");
            held.await();
            var stopped = CompletableFuture.runAsync(server::close);
            while (accepts()) {
                Thread.onSpinWait();
            }
            assertThat(stopped).isNotDone();
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("held");
            stopped.get(10, TimeUnit.SECONDS);
            assertThat(idle.closed()).isTrue();
            assertThat(client.closed()).isTrue();
        }
        assertThatThrownBy(() -> new Raw(server.http)).isInstanceOf(Exception.class);
    }

    @Test
    void a_stream_ends_with_the_server() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /events HTTP/1.1\nHost: a\n\n");
            held.await();
            long start = System.nanoTime();
            server.close();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void a_request_that_never_ends_does_not_hold_the_server() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send("GET /hold HTTP/1.1\nHost: a\n\n");
            held.await();
            long start = System.nanoTime();
            server.close();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
            assertThat(client.closed()).isTrue();
        } finally {
            go.countDown();
        }
    }

    @Test
    void a_server_that_is_full_stops_as_fast() throws Exception {
        var one = new HttpServer.Limits(
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                1);
        var full = new TestServer(new Routes().get("/", _ -> Reply.text(200, "hello")), one);
        try (var client = new Raw(full.http)) {
            assertThat(client.send("GET / HTTP/1.1\nHost: a\n\n").answer().body())
                    .isEqualTo("hello");
            long start = System.nanoTime();
            full.close();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
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

    private Reply hold() {
        held.countDown();
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Reply.text(200, "held");
    }
}
