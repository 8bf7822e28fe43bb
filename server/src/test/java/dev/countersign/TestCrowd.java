package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// Clients and a reviewer who ask, vote and collect at any of some nodes, for as long as they are let. Each answer is
/// in the record, on the disk, before they go on.
final class TestCrowd implements AutoCloseable {
    private static final String DEFERRED = "urn:ietf:params:oauth:grant-type:deferred";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CrashRecord seen;
    private final List<URI> nodes;
    private final String bearer;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile int rests = TestReport.times(3, 0);
    private volatile boolean forgetful;
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /// Who may collect, and with which deferral code.
    private record Held(String client, String code) {}

    /// What was told approved.
    private final Map<String, Held> approved = new ConcurrentHashMap<>();

    TestCrowd(CrashRecord seen, List<TestNode> nodes, String bearer) {
        this.seen = seen;
        this.nodes = nodes.stream().map(TestNode::address).toList();
        this.bearer = bearer;
    }

    /// Begins: each client of the company does what it can, in the long form as often as it can. In the short one it
    /// rests
    /// after a step for three times as long as the step took, since other tests want the machine, too.
    void begin() {
        for (int i = 0; i < TestCompany.OF_EACH; i++) {
            int n = i;
            clients.execute(() -> forever(() -> issue("reader-" + n)));
            clients.execute(() -> forever(() -> ask("writer-" + n)));
        }
    }

    /// From now on each rests after a step for as long as the step took.
    void atHalfSpeed() {
        rests = 1;
    }

    /// From now on the database may lose what it told, and what a server finds gone in the midst of a request is its
    /// fault.
    void onForgetfulDatabase() {
        forgetful = true;
    }

    /// Ends; whatever was begun is finished.
    void end() throws InterruptedException {
        over.set(true);
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
    }

    /// How long it takes from now until a client has asked at each node and been given a token.
    Duration untilServed() throws Exception {
        long began = System.nanoTime();
        for (var node : nodes) {
            while (!isServed(node)) {
                assertThat(System.nanoTime() - began).as("served again").isLessThan(TimeUnit.SECONDS.toNanos(60));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private boolean isServed(URI node) throws Exception {
        try {
            var token = token(node, "reader-0", "grant_type=client_credentials&scope=orders%3Aread");
            if (token.has("access_token")) {
                seen.token("", jti(token));
                return true;
            }
            return false;
        } catch (IOException away) {
            return false;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /// What fails because a server is away is tried again; nothing was told then.
    private void forever(Step step) {
        while (!over.get()) {
            long began = System.nanoTime();
            try {
                step.run();
                LockSupport.parkNanos(rests * (System.nanoTime() - began));
            } catch (IOException away) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            } catch (Exception | AssertionError e) {
                if (!over.get()) {
                    failures.add(e);
                }
                return;
            }
        }
    }

    private URI anyNode() {
        return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
    }

    private void issue(String client) throws Exception {
        var token = token(anyNode(), client, "grant_type=client_credentials&scope=orders%3Aread");
        if (token.has("access_token")) {
            seen.token("", jti(token));
        }
    }

    private void ask(String client) throws Exception {
        int lifetime = 60 + asked.getAndIncrement() % 800;
        var held = token(
                anyNode(),
                client,
                "grant_type=client_credentials&completion_mode=deferred&scope=orders%3Awrite&requested_lifetime="
                        + lifetime);
        var code = held.path("deferral_code").stringValue("");
        var said = held.path("error_description").stringValue("");
        if (code.isEmpty()) {
            return;
        }
        var id = said.substring(said.indexOf("reference ") + 10);
        var vote = vote(id);
        if (vote.path("state").stringValue("").equals("approved")) {
            seen.vote(id);
            approved.put(id, new Held(client, code));
            var token = collect(new Held(client, code));
            if (token.has("access_token")) {
                seen.token(id, jti(token));
            }
        }
    }

    /// Ana approves.
    JsonNode vote(String id) throws Exception {
        return send(
                anyNode(),
                "/api/v1/requests/" + id + "/votes",
                "Bearer " + bearer,
                "application/json",
                "{\"vote\":\"approve\"}");
    }

    private JsonNode collect(Held held) throws Exception {
        return token(
                anyNode(),
                held.client(),
                "grant_type=" + DEFERRED.replace(":", "%3A") + "&deferral_code=" + held.code());
    }

    /// An approval that was told and not collected can be collected still, once.
    void collectWhatIsLeft(List<JsonNode> entries) throws Exception {
        var minted = new HashSet<String>();
        entries.stream()
                .filter(it -> it.path("code").stringValue("").equals("token.minted"))
                .forEach(it -> minted.add(it.path("request").stringValue("")));
        for (var left : approved.entrySet()) {
            if (!minted.contains(left.getKey())) {
                assertThat(collect(left.getValue()).path("access_token").stringValue(""))
                        .isNotEmpty();
                assertThat(collect(left.getValue()).path("error").stringValue(""))
                        .isEqualTo("invalid_grant");
            }
        }
    }

    /// Everything in the ledger, once all of it has its place.
    List<JsonNode> entries() throws Exception {
        return entries(nodes.getFirst());
    }

    /// The same as one of the nodes has it.
    List<JsonNode> entries(TestNode node) throws Exception {
        return entries(node.address());
    }

    private List<JsonNode> entries(URI node) throws Exception {
        var all = new ArrayList<JsonNode>();
        for (int quiet = 0; quiet < 3; ) {
            var after = all.isEmpty() ? "" : "&after=" + (all.size() - 1);
            var page = send(node, "/api/v1/ledger?limit=200" + after, "Bearer " + bearer, "", "")
                    .path("items");
            page.forEach(all::add);
            if (page.isEmpty()) {
                quiet++;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
        return all;
    }

    static String jti(JsonNode token) {
        var claims = token.path("access_token").stringValue("").split("\\.", -1)[1];
        return Json.read(new String(Base64.getUrlDecoder().decode(claims), UTF_8))
                .path("jti")
                .stringValue("");
    }

    JsonNode token(URI node, String client, String form) throws Exception {
        return send(node, "/token", TestCompany.basic(client), "application/x-www-form-urlencoded", form);
    }

    private JsonNode send(URI node, String path, String authorization, String type, String body) throws Exception {
        var request =
                HttpRequest.newBuilder(node.resolve(path)).timeout(PATIENCE).header("Authorization", authorization);
        var sent = body.isEmpty()
                ? request
                : request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
        var answer = http.send(sent.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 503) {
            assertThat(answer.headers().firstValue("Retry-After"))
                    .as(answer.body())
                    .isPresent();
            throw new IOException("not now: " + answer.body());
        }
        if (forgetful && answer.statusCode() == 500) {
            throw new IOException("lost: " + answer.body());
        }
        assertThat(answer.statusCode()).as(answer.body()).isNotEqualTo(500);
        return answer.body().isEmpty() ? Json.read("{}") : Json.read(answer.body());
    }

    @Override
    public void close() {
        over.set(true);
        http.shutdownNow();
        clients.shutdownNow();
    }
}
