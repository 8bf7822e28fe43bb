package dev.countersign.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A server that is not ours, in a process of its own, which `bench/peers/run` has made ready.
final class Peer implements AutoCloseable {
    private static final Path ALL = Path.of("bench/target/peers").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CLIENT = "reader:reader-secret-of-a-benchmark";

    final int port;
    final Duration ready;
    final byte[] request;
    private final Process process;
    private final Thread ending;

    private Peer(Process process, Thread ending, int port, byte[] request, Duration ready) {
        this.process = process;
        this.ending = ending;
        this.port = port;
        this.request = request;
        this.ready = ready;
    }

    /// How it is started, and where it gives out tokens.
    private record Recipe(List<String> command, Path in, String tokens) {
        static Recipe of(String name, int port) throws IOException {
            return switch (name) {
                case "oidc-provider" -> new Recipe(List.of("node", "server.mjs"), ALL.resolve(name), "/token");
                case "spring" ->
                    new Recipe(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:+UseParallelGC",
                                    "-jar",
                                    "spring.jar",
                                    "--server.address=127.0.0.1",
                                    "--server.port=" + port,
                                    "--spring.threads.virtual.enabled=true",
                                    "--server.tomcat.max-keep-alive-requests=-1",
                                    "--logging.level.root=WARN"),
                            ALL.resolve(name),
                            "/oauth2/token");
                case "keycloak" ->
                    new Recipe(
                            List.of(
                                    "sh",
                                    "bin/kc.sh",
                                    "start",
                                    "--optimized",
                                    "--import-realm",
                                    "--http-enabled=true",
                                    "--hostname-strict=false",
                                    "--http-host=127.0.0.1",
                                    "--http-port=" + port,
                                    "--log-level=warn"),
                            keycloak(),
                            "/realms/bench/protocol/openid-connect/token");
                default -> throw new IllegalArgumentException("no peer " + name);
            };
        }

        private static Path keycloak() throws IOException {
            try (Stream<Path> there = Files.list(ALL)) {
                return there.filter(it -> it.getFileName().toString().startsWith("keycloak-"))
                        .findFirst()
                        .orElseThrow();
            }
        }
    }

    /// Starts it, and returns once it gives out a token.
    static Peer start(String name) throws IOException {
        long begun = System.nanoTime();
        int port = free();
        var recipe = Recipe.of(name, port);
        var log = recipe.in().resolve("bench.log");
        var builder = new ProcessBuilder(recipe.command())
                .directory(recipe.in().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        var ending = new Thread(() -> end(process));
        Runtime.getRuntime().addShutdownHook(ending);
        var basic = Base64.getEncoder().encodeToString(CLIENT.getBytes(StandardCharsets.UTF_8));
        var request = Connection.request(
                "POST",
                recipe.tokens(),
                "Authorization: Basic " + basic + "\r\nContent-Type: application/x-www-form-urlencoded\r\n",
                "grant_type=client_credentials&scope=orders%3Aread");
        while (!answers(port, request)) {
            if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                end(process);
                throw new IOException(name + " did not start, see " + log);
            }
            Child.pause(Duration.ofMillis(20));
        }
        return new Peer(process, ending, port, request, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port, byte[] request) {
        try (var connection = Connection.open(port)) {
            return connection.ask(request).status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /// Its resident memory and that of what it started, in KiB.
    long resident() throws IOException {
        long all = 0;
        for (var part : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            all += Child.resident(part.pid());
        }
        return all;
    }

    private static void end(Process process) {
        var children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(ending);
        end(process);
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
