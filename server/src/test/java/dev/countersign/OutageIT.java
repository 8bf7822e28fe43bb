package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The database is away for a while, and many clients go on asking: each is told to come again, nothing piles up
/// meanwhile, and when it is back all goes on.
@SuppressWarnings("NullAway.Init") // the test starts with them
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OutageIT {
    private static final int CLIENTS = 60;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger refused = new AtomicInteger();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @TempDir
    private Path folder;

    private TestNode node;
    private TestDatabase database;
    private String bearer;

    @AfterEach
    void end() throws Exception {
        over.set(true);
        http.shutdownNow();
        clients.shutdownNow();
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    @Test
    void while_the_database_is_away_nothing_piles_up_and_when_it_is_back_all_goes_on() throws Exception {
        database = TestDatabase.make(folder.resolve("data"));
        opened.add(database);
        database.start();
        node = new TestNode(folder);
        opened.add(node);
        TestCompany.configure(folder, node.address(), "postgresql://postgres@" + database.hostAndPort() + "/postgres");
        node.start();
        bearer = TestCompany.bearer(folder);
        var seen = new CrashRecord(folder.resolve("seen"));
        var crowd = new TestCrowd(seen, List.of(node), bearer);
        opened.add(crowd);
        crowd.begin();
        crowd.untilServed();
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(this::goesOnAsking);
        }

        // The measure measures: while the database only hangs, everybody waits for it.
        database.freeze();
        until(() -> node.metric("countersign_store_waiting") >= CLIENTS / 2);
        database.thaw();
        until(() -> node.metric("countersign_store_waiting") < CLIENTS / 4);

        long threads = node.metric("jvm_threads_live_threads");
        database.stop();
        long gone = System.nanoTime();
        until(() -> node.metric("countersign_store_writable") == 0);
        until(() -> node.metric("countersign_store_waiting") < CLIENTS / 4);
        var told = Duration.ofNanos(System.nanoTime() - gone);
        int before = refused.get();
        long waiting = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestReport.times(2, 30));
        while (System.nanoTime() < end) {
            waiting = Math.max(waiting, node.metric("countersign_store_waiting"));
            assertThat(node.metric("jvm_threads_live_threads")).as("threads").isLessThan(threads + 30);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        assertThat(waiting).as("works that waited for the store").isLessThan(CLIENTS / 4);
        assertThat(refused.get() - before).as("told to come again").isGreaterThan(CLIENTS / 4);
        everybodyIsToldSo();

        database.start();
        var served = crowd.untilServed();
        until(node::isReady);
        assertThat(served).as("served again").isLessThan(Duration.ofSeconds(5));
        over.set(true);
        crowd.end();
        var entries = crowd.entries();
        assertThat(seen.faults(entries)).isEmpty();
        crowd.collectWhatIsLeft(entries);
        assertThat(node.log().lines().filter(it -> it.startsWith("\tat ")).count())
                .as("lines of stack traces in the log")
                .isLessThan(20_000);
        TestReport.say(
                "database away: nobody waited for it after %d ms; then for %d s %d requests told to come again, at most %d waited; served %d ms after its return"
                        .formatted(
                                told.toMillis(),
                                TestReport.times(2, 30),
                                refused.get() - before,
                                waiting,
                                served.toMillis()));
    }

    private void goesOnAsking() {
        while (!over.get()) {
            try {
                var answer = send(
                        "/token",
                        TestCompany.basic("reader-1"),
                        "application/x-www-form-urlencoded",
                        "grant_type=client_credentials&scope=orders%3Aread");
                if (answer.statusCode() == 503) {
                    refused.incrementAndGet();
                }
            } catch (IOException | InterruptedException ended) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private void everybodyIsToldSo() throws Exception {
        var ready = node.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(Json.read(ready.body()).path("store").stringValue("")).contains("the database does not answer");
        assertThat(node.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(node.metric("countersign_store_writable")).isZero();

        var token = send(
                "/token",
                TestCompany.basic("reader-1"),
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials&scope=orders%3Aread");
        assertThat(token.statusCode()).isEqualTo(503);
        assertThat(token.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(token.body()).contains("temporarily_unavailable");

        var vote = send("/api/v1/requests/any/votes", "Bearer " + bearer, "application/json", "{\"vote\":\"approve\"}");
        assertThat(vote.statusCode()).isEqualTo(503);
        assertThat(vote.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(vote.body()).contains("the store cannot be written or read now, try again shortly");

        var page = http.send(
                HttpRequest.newBuilder(node.address().resolve("/"))
                        .header("Cookie", "countersign=something")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(503);
        assertThat(page.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(page.body()).contains("Nothing was done. Try again shortly.");
    }

    private HttpResponse<String> send(String path, String authorization, String type, String body)
            throws IOException, InterruptedException {
        URI uri = node.address().resolve(path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(40))
                        .header("Authorization", authorization)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it did not come to pass").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
