package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Watches the system calls of a server on SQLite: before the first byte of an answer the log of the store, with what
/// the answer stands on, was forced to the disk.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SyncOrderIT {
    private static final String ANSWER = "HTTP/1.1 200";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void needs() throws InterruptedException {
        boolean works;
        try {
            works = new ProcessBuilder("strace", "-o", "/dev/null", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            works = false;
        }
        assumeTrue(works, "strace is not installed, or may not be used here");
    }

    @AfterEach
    void end() throws Exception {
        started.forEach(Process::destroyForcibly);
        for (var it : opened.reversed()) {
            it.close();
        }
    }

    @Test
    void a_token_is_on_the_disk_before_the_first_byte_of_its_answer() throws Exception {
        var node = new TestNode(folder);
        opened.add(node);
        TestCompany.configure(folder, node.address(), "sqlite:countersign.db");
        node.start();
        var seen = new CrashRecord(folder.resolve("seen"));
        var crowd = new TestCrowd(seen, List.of(node), "");
        opened.add(crowd);
        crowd.untilServed();
        var before = seen.tokens();
        var order = watch(node.process(), () -> {
            for (int i = 0; i < TestReport.times(5, 100); i++) {
                crowd.untilServed();
            }
        });
        for (var jti : seen.tokens()) {
            if (!before.contains(jti)) {
                assertThat(order.fault(jti, ANSWER)).as(jti).isEmpty();
            }
        }
        TestReport.say("%d tokens: each in the log of the store and forced to the disk before its answer began"
                .formatted(seen.tokens().size() - before.size()));
    }

    /// The test itself can tell.
    @Test
    void a_server_that_does_not_wait_for_the_disk_is_found_out() throws Exception {
        assertThat(careless("FULL")).isEmpty();
        assertThat(careless("OFF")).isEqualTo("was answered before it was forced to the disk");
    }

    private String careless(String synchronous) throws Exception {
        int port = TestNode.freePort();
        var server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx100m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CarelessServer.class.getName(),
                        folder.resolve("careless-" + synchronous).toString(),
                        synchronous,
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("careless.log").toFile())
                .start();
        started.add(server);
        try (var http = HttpClient.newHttpClient()) {
            until(() -> answers(http, port, "first"));
            var order = watch(
                    server,
                    () -> assertThat(answers(http, port, "a-sentence-of-its-own"))
                            .isTrue());
            return order.fault("a-sentence-of-its-own", ANSWER);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static boolean answers(HttpClient http, int port, String text) throws Exception {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + text));
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /// What a process asked of the system while something was done.
    private SyncOrder watch(Process process, Step step) throws Exception {
        var file = folder.resolve("calls-" + process.pid());
        var said = folder.resolve("strace-" + process.pid());
        var strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-y",
                        "-s",
                        "8192",
                        "-e",
                        "trace=write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync",
                        "-o",
                        file.toString(),
                        "-p",
                        Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        started.add(strace);
        until(() -> {
            assertThat(strace.isAlive()).as(Files.readString(said)).isTrue();
            return Files.readString(said).contains("attached");
        });
        step.run();
        strace.destroy();
        assertThat(strace.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new SyncOrder(Files.readAllLines(file));
    }

    private static void until(Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it did not come to pass").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
