package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.cli.TestLine;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server from the jar, in a process of its own that a test starts, kills and starts again.
final class TestNode implements AutoCloseable {
    private final Path folder;
    private final Path log;
    private final URI address;
    private final List<String> before;
    private final List<String> options = new ArrayList<>(List.of("-Xmx300m"));
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private @Nullable Process process;

    /// One on a free port of the loopback.
    ///
    /// @param folder its configuration, which others may have too
    TestNode(Path folder) throws IOException {
        this(folder, "127.0.0.1", freePort(), List.of());
    }

    /// @param before what stands before the command, such as another program that runs it
    TestNode(Path folder, String host, int port, List<String> before) {
        this.folder = folder;
        this.log = folder.resolve("log-" + host + "-" + port);
        this.address = URI.create("http://" + host + ":" + port);
        this.before = before;
    }

    static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /// Gives the JVM options for its next start.
    TestNode with(String... more) {
        options.addAll(Arrays.asList(more));
        return this;
    }

    URI address() {
        return address;
    }

    /// Starts the server on what its predecessor left, and returns when it answers.
    Duration start() throws Exception {
        long began = System.nanoTime();
        launch();
        untilReady();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    void launch() throws IOException, InterruptedException {
        launch(List.of());
    }

    /// Starts a server that ends by itself where it passes that point.
    void launchEndingAt(String failpoint) throws IOException, InterruptedException {
        launch(List.of("-Dcountersign.failpoint=" + failpoint));
    }

    private void launch(List<String> more) throws IOException, InterruptedException {
        var command = new ArrayList<>(before);
        command.addAll(
                TestJar.java(Stream.concat(options.stream(), more.stream()).toList()));
        command.addAll(List.of("serve", "--config", folder.toString(), "--behind-tls-proxy", "--listen"));
        command.add(address.getAuthority());
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    void untilReady() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!isReady()) {
            assertThat(process().isAlive()).as(this::log).isTrue();
            assertThat(System.nanoTime()).as(this::log).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    boolean isReady() throws InterruptedException {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// What anybody is told at a path.
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /// A number that it shows to whoever watches it.
    long metric(String name) throws IOException, InterruptedException {
        var line = Pattern.compile("(?m)^" + name + " ([0-9.E]+)$")
                .matcher(get("/metrics").body());
        assertThat(line.find()).as(name).isTrue();
        return (long) Double.parseDouble(line.group(1));
    }

    Process process() {
        if (process == null) {
            throw new IllegalStateException("it was not started");
        }
        return process;
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /// A signal by its name.
    void signal(String name) throws Exception {
        command("kill", "-" + name, Long.toString(process().pid()));
    }

    /// Ends it in order.
    void stop() throws InterruptedException {
        process().destroy();
        assertThat(process().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "it said nothing";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Runs a command of ours that must succeed, in this process, and gives what it said.
    static String run(String... args) {
        var said = TestLine.run(args);
        assertThat(said.exit())
                .as("%s%n%s%s", String.join(" ", args), said.out(), said.err())
                .isZero();
        return said.out() + said.err();
    }

    /// Runs a command of ours that ends by itself where it passes that point.
    static void runEndingAt(String failpoint, String... args) throws Exception {
        var all = TestJar.java(List.of("-Xmx300m", "-Dcountersign.failpoint=" + failpoint));
        all.addAll(Arrays.asList(args));
        var process = new ProcessBuilder(all).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", failpoint, said).isEqualTo(137);
    }

    /// Runs a program that must succeed, and gives what it said.
    static String command(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor())
                .as("%s%n%s", String.join(" ", command), said)
                .isZero();
        return said;
    }

    @Override
    public void close() {
        http.shutdownNow();
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
