package dev.countersign;

import dev.countersign.cli.CommandLines;
import dev.countersign.cli.Terminal;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The command line.
public final class Countersign {
    /// How many carriers virtual threads have at least. A carrier goes on with the queue that its last thread came from
    /// for as long as there is something in it, and under a flood there always is in the one of new requests. With
    /// two carriers whoever was woken by the store, a reviewer too, waited for seconds beside it.
    private static final int CARRIERS = 8;

    private static final String PARALLELISM = "jdk.virtualThreadScheduler.parallelism";

    private Countersign() {}

    public static void main(String[] args) {
        // Before anything is logged: a command that is over soon says itself what went wrong.
        if (System.getProperty("countersign.log.level") == null) {
            System.setProperty("countersign.log.level", level(args));
        }
        // Before the first virtual thread, which reads it.
        if (System.getProperty(PARALLELISM) == null) {
            int cores = Runtime.getRuntime().availableProcessors();
            System.setProperty(PARALLELISM, Integer.toString(Math.max(CARRIERS, cores)));
        }
        // Names of people are not ASCII, whatever the locale of a container says.
        int exit = run(args, utf8(System.out), utf8(System.err));
        System.exit(exit);
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static String level(String[] args) {
        return switch (args.length == 0 ? "" : args[0]) {
            case "serve" -> "info";
            case "demo" -> "warn";
            default -> "off";
        };
    }

    /// Runs one command to its end.
    ///
    /// @param out for what was asked for
    /// @param err for everything else
    /// @return 0 done, 1 refused or failed, 2 wrong usage
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return CommandLines.run(new Terminal(out, err, version()), args);
    }

    /// As the jar's manifest says it; classes outside a jar have none.
    static String version() {
        return Optional.ofNullable(Countersign.class.getPackage().getImplementationVersion())
                .orElse("(unpackaged)");
    }
}
