package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.wiring.Operations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The configuration folder of a command that works on the server's own host, and what it opens.
final class Folders {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            required = true,
            defaultValue = "${env:COUNTERSIGN_CONFIG}",
            description = "The configuration folder of the server on this host.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "FILE", description = "The store's file, instead of the configuration's.")
    private @Nullable Path data;

    Configuration configuration(Terminal terminal) {
        return read(terminal, java.util.Objects.requireNonNull(config));
    }

    Optional<Path> store() {
        return Optional.ofNullable(data);
    }

    Operations open(Terminal terminal) {
        return Operations.open(configuration(terminal), store(), InstantSource.system());
    }

    /// Reads a folder, or tells all that is wrong with it and ends.
    static Configuration read(Terminal terminal, Path folder) {
        return good(terminal, folder).configuration();
    }

    /// The same with where it says what.
    static Read.Good good(Terminal terminal, Path folder) {
        return switch (Configuration.read(folder)) {
            case Read.Good good -> good;
            case Read.Bad(var faults, _, _) -> {
                faults.forEach(it -> terminal.note(it.toString()));
                throw new Failure("the configuration in " + folder + " has faults, see above");
            }
        };
    }
}
