package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// The jar as it ships, with its libraries beside it.
final class PackagedIT {
    private static final Path JAR = Path.of("target", "countersign.jar");

    @Test
    void the_jar_runs_and_knows_its_version() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(java, "-jar", JAR.toString(), "version")
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).matches("countersign \\d+\\.\\d+\\.\\d+\\R");
    }

    @Test
    void every_library_that_the_manifest_names_is_there() throws Exception {
        try (var jar = new JarFile(JAR.toFile())) {
            var named =
                    jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ");

            assertThat(named)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(new File("target", name)).isFile());
        }
    }
}
