package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The jar as it ships, run as people run it.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DemoIT {
    private static final int PATIENCE_SECONDS = 200;

    private final List<Process> started = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path path;

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
        http.close();
    }

    private ProcessBuilder command(String... args) throws IOException, InterruptedException {
        var all = TestJar.java(List.of());
        all.addAll(Arrays.asList(args));
        return new ProcessBuilder(all);
    }

    private record Said(int exit, String all) {}

    private Said run(String... args) throws Exception {
        var process = command(args).redirectErrorStream(true).start();
        started.add(process);
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Said(process.waitFor(), said);
    }

    /// A process that goes on, and what it says.
    private record Running(Process process, BlockingQueue<String> lines) {
        /// Returns once it has said that.
        void says(String wanted) throws InterruptedException {
            var said = new StringBuilder();
            while (!said.toString().contains(wanted)) {
                var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(line)
                        .as("waiting for \"%s\" after%n%s", wanted, said)
                        .isNotNull();
                said.append(line).append('\n');
            }
        }
    }

    private Running start(String... args) throws IOException, InterruptedException {
        var process = command(args).redirectErrorStream(true).start();
        started.add(process);
        var lines = new LinkedBlockingQueue<String>();
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(lines::add));
        return new Running(process, lines);
    }

    /// Starts the demo and returns once it has said all it says.
    private Process demo(String... more) throws Exception {
        var args =
                new ArrayList<>(List.of("demo", "--data", path.resolve("demo").toString()));
        args.addAll(Arrays.asList(more));
        var running = start(args.toArray(String[]::new));
        running.says("Ctrl-C");
        return running.process();
    }

    private JsonNode file() throws IOException {
        return Json.read(Files.readString(path.resolve("demo").resolve("demo.json")));
    }

    private static String of(JsonNode list, String key, String is, String wanted) {
        for (var item : list) {
            if (item.path(key).stringValue("").equals(is)) {
                return item.path(wanted).stringValue("");
            }
        }
        throw new AssertionError("nothing with " + key + " " + is + " in " + list);
    }

    private JsonNode token(String form) throws Exception {
        var basic = "refund-bot:" + of(file().path("clients"), "id", "refund-bot", "secret");
        var request = HttpRequest.newBuilder(URI.create(file().path("issuer").stringValue("") + "/token"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return Json.read(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private JsonNode api(String user, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(file().path("issuer").stringValue("") + "/api/v1" + path))
                .header("Authorization", "Bearer " + of(file().path("people"), "user", user, "api_token"));
        var sent = body.isEmpty()
                ? request.GET()
                : request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        return Json.read(
                http.send(sent.build(), HttpResponse.BodyHandlers.ofString()).body());
    }

    @Test
    void the_example_waits_until_it_is_approved_and_the_ledger_proves_it() throws Exception {
        demo("--listen", "localhost:0");
        var curl = file().path("examples").path(0).path("curl").stringValue("");
        var asking =
                new ProcessBuilder("sh", "-c", curl).redirectErrorStream(true).start();
        started.add(asking);
        var items = api("ana", "/requests?state=pending", "").path("items");
        while (items.isEmpty()) {
            assertThat(asking.isAlive()).isTrue();
            items = api("ana", "/requests?state=pending", "").path("items");
        }
        var id = items.path(0).path("id").stringValue("");
        assertThat(api("ana", "/requests/" + id + "/votes", "{\"vote\":\"approve\"}")
                        .path("state")
                        .stringValue(""))
                .isIn("approved", "redeemed");
        var answer = Json.read(new String(asking.getInputStream().readAllBytes(), UTF_8));
        assertThat(answer.path("expires_in").asInt(0)).isBetween(50, 60);
        assertThat(answer.path("access_token").stringValue("")).isNotEmpty();

        var folder = path.resolve("export").toString();
        var config = path.resolve("demo").resolve("config").toString();
        var export = run("ledger", "export", "--config", config, "--to", folder);
        assertThat(export.exit()).as(export.all()).isZero();
        var good = run("ledger", "verify", folder);
        assertThat(good.exit()).as(good.all()).isZero();

        var bundle = path.resolve("export").resolve("tile/entries/000");
        var bytes = Files.readAllBytes(bundle);
        bytes[bytes.length / 3] ^= 4;
        Files.write(bundle, bytes);
        var bad = run("ledger", "verify", folder);
        assertThat(bad.exit()).isEqualTo(1);
        assertThat(bad.all()).containsPattern("BAD: entry \\d+");
    }

    @Test
    void killed_between_vote_and_collect_it_gives_the_token_exactly_once_and_its_folder_can_be_served()
            throws Exception {
        var first = demo("--listen", "localhost:0", "--empty");
        var deferred = token("grant_type=client_credentials&scope=refunds%3Awrite&completion_mode=deferred");
        var code = deferred.path("deferral_code").stringValue("");
        var id = api("ana", "/requests?state=pending", "")
                .path("items")
                .path(0)
                .path("id")
                .stringValue("");
        assertThat(api("ana", "/requests/" + id + "/votes", "{\"vote\":\"approve\"}")
                        .path("state")
                        .stringValue(""))
                .isEqualTo("approved");

        first.destroyForcibly();
        assertThat(first.waitFor(30, TimeUnit.SECONDS)).isTrue();
        var second = demo();

        var collect = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adeferred&deferral_code=" + code;
        assertThat(token(collect).path("access_token").stringValue("")).isNotEmpty();
        assertThat(token(collect).path("error").stringValue("")).isEqualTo("invalid_grant");

        second.destroy();
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).as("SIGTERM ends it").isTrue();

        var served = start(
                "serve", "--config", path.resolve("demo").resolve("config").toString());
        served.says("ready in");
        assertThat(new ProcessBuilder(
                                "kill", "-HUP", String.valueOf(served.process().pid()))
                        .start()
                        .waitFor())
                .isZero();
        served.says("was in force already");
        // A process that is destroyed through its own object can no longer be heard.
        served.process().toHandle().destroy();
        served.says("ended in order");
        assertThat(served.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
