package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.approval.Vote.Word;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example for Node, run as it stands with its pinned modules. Where there is no npm, or no registry, it is
/// skipped; on CI it fails.
class StockClientIT {
    private static final Path HERE = Path.of("target", "node-example");

    @TempDir
    Path folder;

    private TestGate gate;
    private String issuer = "";

    @BeforeAll
    static void modules() throws Exception {
        Files.createDirectories(HERE);
        for (var file : List.of("package.json", "package-lock.json", "token.js", "deferred.js")) {
            var source = Path.of("..", "examples", "node", file);
            Files.copy(source, HERE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        var said = "";
        boolean there = false;
        try {
            var npm = start(Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
            said = said(npm);
            there = npm.exitValue() == 0;
        } catch (IOException e) {
            said = String.valueOf(e.getMessage());
        }
        boolean mustBe = !System.getenv().getOrDefault("CI", "").isEmpty();
        assumeTrue(there || mustBe, "the Node example is not tested: npm ci failed: " + said);
        assertThat(there).as(said).isTrue();
    }

    @BeforeEach
    void startGate() throws IOException {
        int port = StockClientTest.freePort();
        issuer = "http://localhost:" + port;
        gate = new TestGate(folder, OverTheWire.REVIEW, issuer, port);
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    @Test
    void openid_client_is_held_and_gets_its_token() throws Exception {
        gate.change("sync_wait: 0s", "sync_wait: 60s");
        var node = example("token.js");
        TestGate.until(() -> gate.parts().waiting() == 1 || !node.isAlive());
        approve();

        assertThat(said(node))
                .contains("granted refunds:write for 60 s, active: true")
                .contains("given back, active: false");
    }

    @Test
    void openid_client_polls_with_its_key_for_what_is_deferred() throws Exception {
        // Proofs are made by the clock of this machine; the gate's stands still, somewhat ahead of it.
        gate.clock.advance(Duration.between(gate.clock.instant(), Instant.now().plusSeconds(20)));
        var node = example("deferred.js");
        TestGate.until(() -> !gate.entries("request.judged").isEmpty() || !node.isAlive());
        approve();

        assertThat(said(node)).contains("people are asked; reference").contains("granted refunds:write for 60 s, dpop");
    }

    private void approve() {
        gate.entries("request.judged").stream()
                .findFirst()
                .flatMap(it -> it.request())
                .ifPresent(id -> gate.says("ana", Word.APPROVE, id));
    }

    private Process example(String script) throws IOException {
        return start(
                Map.of(
                        "ISSUER",
                        issuer,
                        "CLIENT_ID",
                        "refund-bot",
                        "CLIENT_SECRET",
                        TestGate.secret("refund-bot"),
                        "SCOPE",
                        "refunds:write",
                        "REASON",
                        "order 7"),
                "node",
                script);
    }

    private static Process start(Map<String, String> environment, String... command) throws IOException {
        var process = new ProcessBuilder(command).directory(HERE.toFile()).redirectErrorStream(true);
        process.environment().putAll(environment);
        return process.start();
    }

    /// All that it says; it is ended when it does not end.
    private static String said(Process process) throws Exception {
        var ended = Thread.startVirtualThread(() -> {
            try {
                if (!process.waitFor(120, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        ended.join();
        return said;
    }
}
