package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import dev.countersign.people.PasswordHash;
import dev.countersign.store.MasterKey;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Kills the server in the midst of its work, again and again, while clients keep a record of their own of every answer
/// that they had, on the disk before they go on. At the end the ledger has all of it, and nothing was minted twice.
///
/// `-Dcountersign.crashes=100` for the long form; the seed is said, and `-Dcountersign.seed=N` takes it again.
@SuppressWarnings("NullAway.Init") // the test starts with them
@Timeout(value = 3_600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CrashIT {
    private static final Path JAR = Path.of("target", "countersign.jar").toAbsolutePath();
    private static final int CRASHES = Integer.getInteger("countersign.crashes", 3);
    private static final String TOKENS = "urn:ietf:params:oauth:grant-type:deferred";

    private final long seed = Long.getLong("countersign.seed", System.nanoTime());
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /// Who may collect, and with which deferral code.
    private record Held(int writer, String code) {}

    /// What was told approved.
    private final Map<String, Held> approved = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    private int port;
    private String bearer;
    private Process server;
    private CrashRecord seen;

    @AfterEach
    void end() {
        over.set(true);
        if (server != null) {
            server.destroyForcibly();
        }
        http.shutdownNow();
        clients.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void nothing_that_was_answered_is_lost_and_nothing_is_minted_twice(String kind) throws Exception {
        var random = new Random(seed);
        var store = kind.equals("sqlite")
                ? "sqlite:countersign.db"
                : TestStores.ofItsOwn(folder.resolve("crash")).toString();
        configure(store);
        seen = new CrashRecord(folder.resolve("seen"));
        serve();
        bearer = run(
                        "api-token",
                        "issue",
                        "--config",
                        folder.toString(),
                        "--scope",
                        "requests:read,requests:review,ledger:read",
                        "ana")
                .lines()
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < 6; i++) {
            int n = i;
            clients.execute(() -> forever(() -> issue(n)));
            clients.execute(() -> forever(() -> ask(n)));
        }
        for (int crash = 0; crash < CRASHES; crash++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(600 + random.nextInt(1_500)));
            server.destroyForcibly().waitFor();
            serve();
        }
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        over.set(true);
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        var entries = entries();
        assertThat(seen.faults(entries)).as("seed %d", seed).isEmpty();
        assertThat(seen.tokens()).as("tokens seen").hasSizeGreaterThan(20 * CRASHES);
        assertThat(seen.votes()).as("votes seen").isNotEmpty();
        collectWhatIsLeft(entries);
        run("doctor", "--config", folder.toString());
        server.destroy();
        assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var export = folder.resolve("export").toString();
        run("ledger", "export", "--config", folder.toString(), "--to", export);
        run("ledger", "verify", export);
        run("doctor", "--config", folder.toString());

        // The record itself can tell: a token that the ledger does not know is found.
        seen.token("", "an invented token");
        assertThat(seen.faults(entries)).hasSize(1);
    }

    /// An approval that was told and not collected can be collected still, once.
    private void collectWhatIsLeft(List<JsonNode> entries) throws Exception {
        var minted = new HashMap<String, String>();
        entries.stream()
                .filter(it -> it.path("code").stringValue("").equals("token.minted"))
                .forEach(it -> minted.put(it.path("request").stringValue(""), ""));
        for (var left : approved.entrySet()) {
            if (!minted.containsKey(left.getKey())) {
                assertThat(collect(left.getValue()).path("access_token").stringValue(""))
                        .isNotEmpty();
                assertThat(collect(left.getValue()).path("error").stringValue(""))
                        .isEqualTo("invalid_grant");
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /// What fails because the server is away is tried again; nothing was told then.
    private void forever(Step step) {
        while (!over.get()) {
            try {
                step.run();
            } catch (IOException away) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            } catch (Exception e) {
                if (!over.get()) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private void issue(int n) throws Exception {
        var token = token("reader-" + n, "grant_type=client_credentials&scope=orders%3Aread");
        if (token.has("access_token")) {
            seen.token("", jti(token));
        }
    }

    private int asked;

    private void ask(int n) throws Exception {
        int lifetime;
        synchronized (this) {
            lifetime = 60 + asked++ % 800;
        }
        var held = token(
                "writer-" + n,
                "grant_type=client_credentials&completion_mode=deferred&scope=orders%3Awrite&requested_lifetime="
                        + lifetime);
        var code = held.path("deferral_code").stringValue("");
        var said = held.path("error_description").stringValue("");
        if (code.isEmpty()) {
            return;
        }
        var id = said.substring(said.indexOf("reference ") + 10);
        var vote = send(
                "/api/v1/requests/" + id + "/votes", "Bearer " + bearer, "application/json", "{\"vote\":\"approve\"}");
        if (vote.path("state").stringValue("").equals("approved")) {
            seen.vote(id);
            approved.put(id, new Held(n, code));
            var token = collect(new Held(n, code));
            if (token.has("access_token")) {
                seen.token(id, jti(token));
            }
        }
    }

    private JsonNode collect(Held held) throws Exception {
        return token(
                "writer-" + held.writer(),
                "grant_type=" + TOKENS.replace(":", "%3A") + "&deferral_code=" + held.code());
    }

    private static String jti(JsonNode token) {
        var claims = token.path("access_token").stringValue("").split("\\.", -1)[1];
        return Json.read(new String(Base64.getUrlDecoder().decode(claims), UTF_8))
                .path("jti")
                .stringValue("");
    }

    private JsonNode token(String client, String form) throws Exception {
        var basic = Base64.getEncoder().encodeToString((client + ":" + secret(client)).getBytes(UTF_8));
        return send("/token", "Basic " + basic, "application/x-www-form-urlencoded", form);
    }

    private JsonNode send(String path, String authorization, String type, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", authorization);
        var sent = body.isEmpty()
                ? request
                : request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
        var text = http.send(sent.build(), HttpResponse.BodyHandlers.ofString()).body();
        return text.isEmpty() ? Json.read("{}") : Json.read(text);
    }

    /// Everything in the ledger, once all of it has its place.
    private List<JsonNode> entries() throws Exception {
        var all = new ArrayList<JsonNode>();
        for (int quiet = 0; quiet < 3; ) {
            var after = all.isEmpty() ? "" : "&after=" + (all.size() - 1);
            var page = send("/api/v1/ledger?limit=100" + after, "Bearer " + bearer, "", "")
                    .path("items");
            page.forEach(all::add);
            if (page.isEmpty()) {
                quiet++;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
        return all;
    }

    /// Starts the server on what its predecessor left, and returns when it answers.
    private void serve() throws Exception {
        server = command("serve", "--config", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isReady()) {
            assertThat(server.isAlive()).as(() -> log()).isTrue();
            assertThat(System.nanoTime()).as(() -> log()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static ProcessBuilder command(String... args) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var all = new ArrayList<>(List.of(
                java,
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                JAR.toString()));
        all.addAll(Arrays.asList(args));
        return new ProcessBuilder(all);
    }

    private static String run(String... args) throws Exception {
        var process = command(args).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private void configure(String store) throws Exception {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var key = Files.writeString(folder.resolve("master.key"), MasterKey.generate());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        var clients = new StringBuilder("clients:\n");
        for (int i = 0; i < 6; i++) {
            clients.append(client("reader-" + i, "orders:read"));
            clients.append(client("writer-" + i, "orders:write"));
        }
        Files.writeString(folder.resolve("clients.yaml"), clients);
        Files.writeString(folder.resolve("countersign.yaml"), """
                issuer: http://127.0.0.1:%d
                server: { listen: "127.0.0.1:%d" }
                store: %s
                keys: { master: { file: master.key } }
                limits: { pending_per_client: 10000 }
                login:
                  local:
                    - { user: ana, name: Ana Lima, email: ana@example.com, password_hash: "%s" }
                groups:
                  reviewers: { members: [ana] }
                  auditors: { members: [ana] }
                  builders: { members: [] }
                resources:
                  - id: https://orders.example.com
                    name: Orders API
                    owner: reviewers
                    scopes:
                      - { name: "orders:read", title: Read orders, risk: low }
                      - { name: "orders:write", title: Change orders, risk: high }
                policies:
                  - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
                  - rule: what-can-hurt
                    when: risk >= HIGH
                    review: { stages: [ { group: reviewers, votes: 1 } ], within: 1h, lifetime: 15m }
                """.formatted(
                        port, port, store, PasswordHash.of("correct horse").text()));
    }

    private static String secret(String client) {
        return (client + "-").repeat(6);
    }

    private static String client(String id, String scope) throws NoSuchAlgorithmException {
        var hash = HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-256").digest(secret(id).getBytes(UTF_8)));
        return """
                  - id: %s
                    name: %s
                    owner: builders
                    auth: { method: client_secret_basic, secrets: [ { hash: "sha256:%s" } ] }
                    grants: [client_credentials]
                    access: { "https://orders.example.com": ["%s"] }
                """.formatted(id, id, hash, scope);
    }
}
