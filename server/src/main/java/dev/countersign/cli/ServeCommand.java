package dev.countersign.cli;

import dev.countersign.mint.NativeCrypto;
import dev.countersign.wiring.Server;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Runs the server. SIGHUP reads the configuration again, SIGTERM and Ctrl-C end it in order.",
            "Logs go to standard error: lines for people, or with COUNTERSIGN_LOG=json one object a line."
        })
final class ServeCommand implements Runnable {
    private final Terminal terminal;

    @Option(
            names = "--config",
            paramLabel = "DIR",
            required = true,
            defaultValue = "${env:COUNTERSIGN_CONFIG}",
            description = "The configuration folder.")
    private @Nullable Path config;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Listen.class,
            description = "Where it listens, instead of server.listen.")
    private @Nullable InetSocketAddress listen;

    @Option(names = "--data", paramLabel = "FILE", description = "The store's file, instead of the configuration's.")
    private @Nullable Path data;

    @Option(
            names = "--behind-tls-proxy",
            description = "Plain http on an address that is not loopback is meant: a proxy in front does TLS.")
    private boolean behindTlsProxy;

    @Option(names = "--republish", description = "Going back to a configuration that was superseded is meant.")
    private boolean republish;

    @Option(
            names = "--shadow",
            paramLabel = "DIR",
            description = {
                "A candidate that runs beside the policy in force and decides nothing: each decision is judged by its rules, too.",
                "`countersign policy shadow` and the metrics tell the difference. SIGHUP reads it again."
            })
    private @Nullable Path shadow;

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        NativeCrypto.prepare();
        var folder = Objects.requireNonNull(config);
        var read = Folders.good(terminal, folder);
        var candidate = Optional.ofNullable(shadow).map(it -> Folders.read(terminal, it));
        var options =
                new Server.Options(Optional.ofNullable(listen), Optional.ofNullable(data), behindTlsProxy, republish);
        var server = Server.start(read, options, InstantSource.system());
        candidate.ifPresent(server::watch);
        Ending.onHangUp(() -> {
            server.reload(folder);
            if (shadow != null) {
                server.watchAgain(shadow);
            }
        });
        var host = Optional.ofNullable(listen)
                .orElse(read.configuration().node().listen())
                .getHostString();
        LoggerFactory.getLogger("countersign")
                .info(
                        "countersign {} serves {} on {}:{}, configuration {}, ready in {} ms",
                        terminal.version(),
                        server.issuer(),
                        host,
                        server.port(),
                        server.version(),
                        uptime());
        Ending.await(server);
    }

    /// Milliseconds since the process was started; JMX would need a good part of a second to say so.
    private static long uptime() {
        var now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now)
                .toMillis();
    }
}
