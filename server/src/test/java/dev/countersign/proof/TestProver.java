package dev.countersign.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The prover in another place.
final class TestProver {
    private TestProver() {}

    /// Its jars alone, without what the build has unpacked of them.
    static Path copy(Path to, Path jar) throws IOException {
        var folder = Files.createTempDirectory(to, "prover");
        var lib = Files.createDirectory(folder.resolve("lib"));
        try (var jars = Files.newDirectoryStream(jar.resolveSibling("lib"), "*.jar")) {
            for (var it : jars) {
                Files.createSymbolicLink(lib.resolve(it.getFileName()), it.toRealPath());
            }
        }
        return Files.copy(jar, folder.resolve(jar.getFileName()));
    }
}
