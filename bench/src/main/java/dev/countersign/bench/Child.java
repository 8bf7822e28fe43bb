package dev.countersign.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server in a process of its own, started as anybody would: by the launcher, with its JVM options.
final class Child implements AutoCloseable {
    private static final Pattern SERVES = Pattern.compile("countersign \\S+ serves .* on \\S+:(\\d+), ");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final int port;
    final Duration ready;
    private final Process process;
    private final Thread ending;

    private Child(Process process, Thread ending, int port, Duration ready) {
        this.process = process;
        this.ending = ending;
        this.port = port;
        this.ready = ready;
    }

    /// Starts a server, and returns once `/health/ready` says so.
    ///
    /// @param jvm more options for its JVM
    static Child start(Path launcher, Folder folder, List<String> jvm) throws IOException {
        long begun = System.nanoTime();
        var log = Files.createTempFile(folder.path, "serve", ".log");
        var builder = new ProcessBuilder(launcher.toString(), "serve", "--config", folder.path.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().merge("COUNTERSIGN_JAVA_OPTS", String.join(" ", jvm), (ours, more) -> ours + " " + more);
        var process = builder.start();
        // Whatever ends us ends it.
        var ending = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(ending);
        int port = port(process, log, begun);
        try (var connection = Connection.open(port)) {
            connection.ask(Connection.request("GET", "/health/ready", "", ""));
            if (connection.status() != 200) {
                throw new IOException("not ready: " + connection.body());
            }
        }
        return new Child(process, ending, port, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static int port(Process process, Path log, long begun) throws IOException {
        while (process.isAlive() && System.nanoTime() - begun < PATIENCE.toNanos()) {
            var serves = SERVES.matcher(Files.readString(log, StandardCharsets.UTF_8));
            if (serves.find()) {
                return Integer.parseInt(serves.group(1));
            }
            pause(Duration.ofMillis(5));
        }
        process.destroyForcibly();
        throw new IOException("the server did not start:\n" + Files.readString(log, StandardCharsets.UTF_8));
    }

    /// Its resident memory in KiB.
    long resident() throws IOException {
        return resident(process.pid());
    }

    static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(it -> it.startsWith("VmRSS:"))
                .mapToLong(it -> Long.parseLong(it.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    /// What it could not let go of: the bytes of its heap right after a collection.
    long heap() throws IOException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var histogram = new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.class_histogram").start();
        try (var out = histogram.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(it -> it.startsWith("Total"))
                    .mapToLong(it -> Long.parseLong(it.strip().replaceAll(".*\\s", "")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("jcmd tells nothing of the heap"));
        }
    }

    /// The processor time that it has taken so far.
    Duration spent() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(ending);
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the server did not end by itself");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
