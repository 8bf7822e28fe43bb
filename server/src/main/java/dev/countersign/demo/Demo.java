package dev.countersign.demo;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Read;
import dev.countersign.http.Json;
import dev.countersign.wiring.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A complete server of a made-up company, with everything in one folder: `config/`, the store and `demo.json`.
public final class Demo implements AutoCloseable {
    /// The folder of what is tried beside the configuration in force.
    static final String CANDIDATE = "candidate";

    private static final String FILE = "demo.json";

    private final Path data;
    private final DemoFile file;
    private final Server server;

    /// What a demo is started with.
    ///
    /// @param listen for new data; port 0 takes a free one. What is there already stays where it was.
    /// @param history whether new data come with half a year of ledger entries
    public record Settings(Path data, Optional<InetSocketAddress> listen, boolean history) {
        /// Where a demo listens when nobody says.
        public static final InetSocketAddress LISTEN = InetSocketAddress.createUnresolved("127.0.0.1", 8080);
    }

    /// The demo cannot start; the message says what is wrong and what to do.
    public static final class Refused extends RuntimeException {
        Refused(String said) {
            super(said, null, false, false);
        }
    }

    private Demo(Path data, DemoFile file, Server server) {
        this.data = data;
        this.file = file;
        this.server = server;
    }

    /// Starts on what is in the folder, or makes it first; when this returns, the server answers.
    ///
    /// @param progress is told what takes a moment
    /// @throws Refused when it cannot start
    public static Demo start(Settings settings, Consumer<String> progress, InstantSource clock) throws IOException {
        var building = new Building(settings.data());
        building.finish();
        var known = settings.data().resolve(FILE);
        if (!Files.exists(known)) {
            var address = resolve(settings.listen().orElse(Settings.LISTEN));
            building.build(free(address), settings.history(), progress, clock);
            building.finish();
        }
        var file = read(known);
        free(again(settings, file));
        var folder = folder(settings.data().resolve("config"));
        // Going back and forth between configurations is what a demo is for.
        var options = new Server.Options(Optional.empty(), Optional.empty(), false, true);
        var server = Server.start(folder, options, clock);
        var candidate = settings.data().resolve(CANDIDATE);
        // The data of an older demo have none.
        if (Files.exists(candidate)) {
            server.watch(folder(candidate).configuration());
        }
        return new Demo(settings.data(), file, server);
    }

    private static DemoFile read(Path file) throws IOException {
        try {
            return DemoFile.read(file);
        } catch (Json.Malformed e) {
            throw new Refused(file + " cannot be read (" + e.getMessage() + "): start a new demo with --data DIR");
        }
    }

    /// Where data that are there listen: their clients know the issuer, so it stays.
    private static InetSocketAddress again(Settings settings, DemoFile file) {
        int port = URI.create(file.issuer()).getPort();
        boolean elsewhere = settings.listen()
                .filter(it -> it.getPort() != 0 && it.getPort() != port)
                .isPresent();
        if (elsewhere) {
            throw new Refused("the demo in " + settings.data() + " is at " + file.issuer()
                    + " for good: leave --listen out, or start another with --data DIR");
        }
        return resolve(settings.listen()
                .map(it -> InetSocketAddress.createUnresolved(it.getHostString(), port))
                .orElseGet(() -> InetSocketAddress.createUnresolved("127.0.0.1", port)));
    }

    private static InetSocketAddress resolve(InetSocketAddress listen) {
        var address = new InetSocketAddress(listen.getHostString(), listen.getPort());
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
            throw new Refused(listen.getHostString() + " is no address for a demo, which speaks plain http:"
                    + " listen on localhost or 127.0.0.1");
        }
        return address;
    }

    /// The address with a port that nobody listens on.
    private static InetSocketAddress free(InetSocketAddress address) throws IOException {
        try (var probe = new ServerSocket()) {
            probe.bind(address);
            return new InetSocketAddress(address.getAddress(), probe.getLocalPort());
        } catch (java.net.BindException e) {
            throw new Refused(
                    "port " + address.getPort() + " of " + address.getHostString()
                            + " is taken: choose another with --listen localhost:PORT (and --data DIR when the demo is not new)");
        }
    }

    static Read.Good folder(Path folder) {
        return switch (Configuration.read(folder)) {
            case Read.Good good -> good;
            case Read.Bad(var faults, _, _) ->
                throw new Refused(faults.stream()
                        .map(Fault::toString)
                        .collect(Collectors.joining("\n", "the configuration in " + folder + " has faults\n", "")));
        };
    }

    /// Who is who, and what to try.
    public DemoFile file() {
        return file;
    }

    /// Where everything is.
    public Path data() {
        return data;
    }

    /// The version of the configuration in force.
    public String version() {
        return server.version();
    }

    /// Reads the configuration folder again.
    public boolean reload() {
        return server.reload(data.resolve("config"));
    }

    @Override
    public void close() {
        server.close();
    }
}
