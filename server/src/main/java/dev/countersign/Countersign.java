package dev.countersign;

import dev.countersign.cli.CommandLines;
import dev.countersign.cli.Terminal;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The command line.
public final class Countersign {
    private Countersign() {}

    public static void main(String[] args) {
        // Before anything is logged: a command that is over soon says itself what went wrong.
        if (System.getProperty("countersign.log.level") == null) {
            System.setProperty("countersign.log.level", level(args));
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
