package dev.countersign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What tests of faults saw, a line each in `target/faults.md`, and whether they run in their long form:
/// `-Dcountersign.faults=long`.
final class TestReport {
    private static final Path FILE = Path.of("target", "faults.md");

    private TestReport() {}

    static boolean isLong() {
        return "long".equals(System.getProperty("countersign.faults"));
    }

    /// How often, or how long, in the form that runs.
    static int times(int usually, int inTheLongForm) {
        return isLong() ? inTheLongForm : usually;
    }

    static synchronized void say(String line) {
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, "- " + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
