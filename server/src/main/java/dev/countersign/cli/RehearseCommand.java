package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Init;
import dev.countersign.config.Read;
import dev.countersign.mint.NativeCrypto;
import dev.countersign.proof.Program;
import dev.countersign.wiring.Server;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import picocli.CommandLine.Command;

/// What the launcher lets a JVM record into its AOT cache: a server's start, a token, and commands that speak to it.
/// The prover's JVM is let record its own. All of it happens on a free loopback port and in a temporary folder, and is
/// over
/// by itself.
@Command(
        name = "rehearse",
        description = {
            "Makes later starts fast: starts a server for a moment in a temporary folder, and records what",
            "the JVM loads beside the program. Once after installing, and after the JDK was exchanged."
        })
final class RehearseCommand implements Runnable {
    private final Terminal terminal;

    RehearseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        try {
            var folder = Files.createTempDirectory("countersign-rehearsal");
            try {
                rehearse(folder);
                rehearseProver();
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rehearse(Path folder) throws IOException {
        NativeCrypto.prepare();
        var config = folder.resolve("config");
        if (!(Init.write(config) instanceof Init.Written.Done made)) {
            throw new Failure(config + " holds something already");
        }
        var secret = Files.writeString(folder.resolve("secret"), made.secret());
        command("check", config.toString());
        try (var server = server(config)) {
            command(
                    "request",
                    "--url",
                    "http://localhost:" + server.port(),
                    "--client-id",
                    made.client(),
                    "--client-secret-file",
                    secret.toString(),
                    "--scope",
                    "orders:read");
        }
    }

    /// Of its own, for it runs in a JVM of its own.
    private static void rehearseProver() throws IOException {
        var prover = Program.installed();
        if (prover.isThere()) {
            prover.rehearse();
        }
    }

    private static Server server(Path config) {
        if (!(Configuration.read(config) instanceof Read.Good folder)) {
            throw new Failure("the first configuration has faults");
        }
        var listen = Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        var options = new Server.Options(listen, Optional.empty(), false, false);
        return Server.start(folder, options, InstantSource.system());
    }

    /// One command as people type it, whose words nobody wants to read.
    private void command(String... args) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        if (CommandLines.run(new Terminal(nowhere, terminal.err(), terminal.version()), args) != 0) {
            throw new Failure("the rehearsal failed at " + args[0]);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
