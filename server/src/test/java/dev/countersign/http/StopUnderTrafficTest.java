package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Servers that stop while clients come and go all the time: each client is answered, or its connection is closed.
///
/// The long form is `-Dcountersign.test.stops=1000`.
@Timeout(600)
final class StopUnderTrafficTest {
    private static final int STOPS = Integer.getInteger("countersign.test.stops", 40);
    private static final int CLIENTS = 6;
    private static final String ASK = "GET / HTTP/1.1\nHost: a\n\n";

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    @Test
    void nobody_waits_for_a_server_that_has_stopped() throws Exception {
        for (int i = 0; i < STOPS && faults.isEmpty(); i++) {
            startAndStop();
        }
        assertThat(faults).isEmpty();
    }

    private void startAndStop() throws InterruptedException {
        var server = new TestServer(new Routes().get("/", _ -> Reply.text(200, "hello")));
        var stopped = new AtomicBoolean();
        var answered = new CountDownLatch(CLIENTS * 10);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                int times = 1 + i % 3;
                clients.execute(() -> {
                    while (!stopped.get()) {
                        come(server.http, times, answered);
                    }
                });
            }
            answered.await();
            server.close();
            stopped.set(true);
        }
    }

    /// Asks so many times on one connection.
    private void come(HttpServer http, int times, CountDownLatch answered) {
        try (var client = new Raw(http)) {
            for (int i = 0; i < times; i++) {
                var answer = client.send(ASK).answer();
                if (answer.status() != 200) {
                    return;
                }
                if (!answer.body().equals("hello")) {
                    faults.add("half an answer: " + answer);
                }
                answered.countDown();
            }
        } catch (SocketTimeoutException e) {
            faults.add("neither answered nor closed");
        } catch (IOException e) {
            // Not let in any more, or sent away.
        }
    }
}
