package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whether the server knows that the client of a held request is gone.
@Timeout(30)
final class PeerTest {
    private static final String HOLD = "POST /hold HTTP/1.1\nHost: a\nContent-Length: 3\n\na=b";
    private static final String NEXT = "GET /next HTTP/1.1\nHost: a\n\n";

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CompletableFuture<Boolean> present = new CompletableFuture<>();
    private final TestServer server = new TestServer(new Routes()
            .post("/hold", this::hold)
            .post("/wait", this::waitUntilGone)
            .get("/next", _ -> Reply.text(200, "next")));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_client_that_stays_is_there() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD);
            held.await();
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("true");
            assertThat(client.send(NEXT).answer().body()).isEqualTo("next");
        }
    }

    @Test
    void a_client_that_closed_is_gone() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD.replace("/hold", "/wait"));
            held.await();
        }
        assertThat(present.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void a_client_that_closed_its_half_is_gone() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD.replace("/hold", "/wait"));
            held.await();
            client.socket.shutdownOutput();
            assertThat(present.get(10, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void a_client_that_reset_the_connection_is_gone() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD.replace("/hold", "/wait"));
            held.await();
            client.socket.setSoLinger(true, 0);
        }
        assertThat(present.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void a_client_that_sent_its_next_request_is_there_and_gets_both_answers() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD);
            held.await();
            client.send(NEXT);
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("true");
            assertThat(client.answer().body()).isEqualTo("next");
            assertThat(client.send(NEXT).answer().body()).isEqualTo("next");
        }
    }

    @Test
    void a_client_that_sent_its_next_request_and_closed_is_gone() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD.replace("/hold", "/wait"));
            held.await();
            client.send(NEXT);
        }
        assertThat(present.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void requests_sent_ahead_are_answered_in_order_however_many_there_are() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD);
            held.await();
            int ahead = 1_000;
            client.send(NEXT.repeat(ahead));
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("true");
            for (int i = 0; i < ahead; i++) {
                assertThat(client.answer().body()).isEqualTo("next");
            }
        }
    }

    @Test
    void half_a_request_sent_ahead_is_completed_later() throws Exception {
        try (var client = new Raw(server.http)) {
            client.send(HOLD);
            held.await();
            client.send(NEXT.substring(0, 10));
            go.countDown();
            assertThat(client.answer().body()).isEqualTo("true");
            assertThat(client.send(NEXT.substring(10)).answer().body()).isEqualTo("next");
        }
    }

    @Test
    void a_body_that_nobody_has_read_yet_is_not_taken() throws Exception {
        var read = new CountDownLatch(1);
        var routes = new Routes().post("/late", request -> {
            held.countDown();
            await(read);
            var there = request.peerPresent();
            return Reply.text(200, there + new String(request.body(100), java.nio.charset.StandardCharsets.UTF_8));
        });
        try (var late = new TestServer(routes);
                var client = new Raw(late.http)) {
            client.send("POST /late HTTP/1.1\nHost: a\nContent-Length: 10\n\n12345");
            held.await();
            client.send("67890");
            read.countDown();
            assertThat(client.answer().body()).isEqualTo("true1234567890");
        }
    }

    private Reply hold(Request request) {
        request.body(100);
        held.countDown();
        await(go);
        boolean all = true;
        for (int i = 0; i < 100; i++) {
            all &= request.peerPresent();
        }
        return Reply.text(200, String.valueOf(all));
    }

    private Reply waitUntilGone(Request request) {
        request.body(100);
        held.countDown();
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (request.peerPresent() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        present.complete(request.peerPresent());
        return Reply.text(200, "nobody reads this");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
