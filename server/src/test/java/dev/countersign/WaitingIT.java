package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Many clients that know nothing of waiting are held by a node when it is killed. They do what such clients do,
/// and ask again: at the node once it runs again, or at another. Each gets the one token of its request.
@SuppressWarnings("NullAway.Init") // the test starts with them
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WaitingIT {
    private static final int CLIENTS = TestReport.times(60, 1_000);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final List<TestNode> nodes = new CopyOnWriteArrayList<>();

    /// What each client was given: its token's `jti`.
    private final Map<Integer, String> given = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    @AfterEach
    void end() throws Exception {
        http.shutdownNow();
        clients.shutdownNow();
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void who_waited_when_the_node_died_gets_the_one_token(String kind) throws Exception {
        boolean sqlite = kind.equals("sqlite");
        for (int i = 0; i < (sqlite ? 1 : 2); i++) {
            nodes.add(new TestNode(folder));
            opened.add(nodes.getLast());
        }
        TestCompany.configure(
                folder,
                nodes.getFirst().address(),
                sqlite
                        ? "sqlite:countersign.db"
                        : TestStores.ofItsOwn(folder.resolve("waiting")).toString());
        for (var node : nodes) {
            node.start();
        }
        var seen = new CrashRecord(folder.resolve("seen"));
        var crowd = new TestCrowd(seen, nodes, TestCompany.bearer(folder));
        opened.add(crowd);
        for (int i = 0; i < CLIENTS; i++) {
            int n = i;
            clients.execute(() -> asksUntilGiven(n));
        }
        untilHeld(nodes.getFirst(), CLIENTS);

        nodes.getFirst().kill();
        long died = System.nanoTime();
        if (sqlite) {
            nodes.getFirst().start();
        } else {
            nodes.add(nodes.removeFirst());
        }
        untilHeld(nodes.getFirst(), CLIENTS);
        var again = Duration.ofNanos(System.nanoTime() - died);
        if (!sqlite) {
            nodes.getLast().start();
        }

        var made = requests(crowd.entries());
        assertThat(made).as("those that asked again joined").hasSize(CLIENTS);
        for (var id : made) {
            assertThat(crowd.vote(id).path("state").stringValue("")).isIn("approved", "redeemed");
            seen.vote(id);
        }
        until(() -> given.size() == CLIENTS);
        assertThat(given.values()).as("tokens").doesNotHaveDuplicates();
        for (var jti : given.values()) {
            seen.token("", jti);
        }
        var entries = crowd.entries();
        assertThat(seen.faults(entries)).isEmpty();
        assertThat(mints(entries)).isEqualTo(CLIENTS);
        TestReport.say("%d held clients on %s: all held again %d ms after their node died, each given one token"
                .formatted(CLIENTS, kind, again.toMillis()));

        // The record itself can tell: what stands twice is found.
        var twice = new ArrayList<>(entries);
        twice.addAll(entries);
        assertThat(seen.faults(twice)).hasSizeGreaterThanOrEqualTo(3 * CLIENTS);
    }

    /// Each has a request of its own, which its lifetime tells from the others of the same client.
    private void asksUntilGiven(int n) {
        var form = "grant_type=client_credentials&scope=orders%3Awrite&requested_lifetime=" + (60 + n / 6);
        while (!given.containsKey(n)) {
            try {
                var answer = http.send(
                        HttpRequest.newBuilder(nodes.getFirst().address().resolve("/token"))
                                .timeout(Duration.ofSeconds(200))
                                .header("Authorization", TestCompany.basic("writer-" + n % 6))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Prefer", "wait=180")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    given.put(n, TestCrowd.jti(Json.read(answer.body())));
                }
            } catch (IOException away) {
                // it asks again
            } catch (InterruptedException over) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private static List<String> requests(List<JsonNode> entries) {
        return entries.stream()
                .filter(it -> it.path("code").stringValue("").equals("request.made"))
                .map(it -> it.path("request").stringValue(""))
                .toList();
    }

    private static long mints(List<JsonNode> entries) {
        return entries.stream()
                .filter(it -> it.path("code").stringValue("").equals("token.minted"))
                .count();
    }

    private static void untilHeld(TestNode node, int many) throws Exception {
        until(() -> node.metric("countersign_waiting_connections") == many);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it did not come to pass").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }
}
