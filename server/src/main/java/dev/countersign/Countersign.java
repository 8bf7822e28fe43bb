package dev.countersign;

import java.util.Optional;

/// The command line.
public final class Countersign {
    private Countersign() {}

    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals("version")) {
            System.out.println("countersign " + version());
        } else {
            System.err.println("usage: countersign version");
            System.exit(2);
        }
    }

    /// As the jar's manifest says it; classes outside a jar have none.
    static String version() {
        return Optional.ofNullable(Countersign.class.getPackage().getImplementationVersion())
                .orElse("(unpackaged)");
    }
}
