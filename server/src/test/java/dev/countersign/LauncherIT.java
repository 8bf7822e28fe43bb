package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a release, with and without a recording that the JVM can use.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LauncherIT {
    /// Makes a JVM that cannot use the recording refuse to start, which shows that it used it.
    private static final String RECORDING_OR_NOTHING = "-XX:AOTMode=on";

    @TempDir
    private Path path;

    private Path lib;
    private Path recording;

    @BeforeEach
    void unpack() throws IOException {
        var target = Path.of("target").toAbsolutePath();
        lib = Files.createDirectories(path.resolve("countersign 1").resolve("lib"));
        recording = lib.resolve("countersign.aot");
        var bin = Files.createDirectories(lib.resolveSibling("bin"));
        copy(Path.of("..", "countersign"), bin.resolve("countersign"));
        copy(Path.of("..", ".mvn", "jdk25.sh"), lib.resolve("jdk25.sh"));
        copy(target.resolve("countersign.jar"), lib.resolve("countersign.jar"));
        Files.createSymbolicLink(lib.resolve("lib"), target.resolve("lib"));
    }

    /// Before the folder is, so that nothing follows the link.
    @AfterEach
    void unlink() throws IOException {
        Files.deleteIfExists(lib.resolve("lib"));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private record Said(int exit, String out, String err) {}

    private Said run(String javaOptions, String... args) throws Exception {
        var all = new ArrayList<>(
                List.of(lib.resolveSibling("bin").resolve("countersign").toString()));
        all.addAll(Arrays.asList(args));
        var err = path.resolve("err");
        var builder = new ProcessBuilder(all).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("COUNTERSIGN_JAVA_OPTS", javaOptions);
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Said(process.waitFor(), out, Files.readString(err));
    }

    private void says_its_version_and_nothing_else(String javaOptions) throws Exception {
        var said = run(javaOptions, "version");

        assertThat(said.err()).isEmpty();
        assertThat(said.out()).matches("countersign \\d+\\.\\d+\\.\\d+\\R");
        assertThat(said.exit()).isZero();
    }

    @Test
    void a_release_as_it_is_unpacked_runs_without_a_recording_and_makes_none() throws Exception {
        says_its_version_and_nothing_else("");

        assertThat(recording).doesNotExist();
        assertThat(run(RECORDING_OR_NOTHING, "version").exit()).isNotZero();
    }

    @Test
    void a_rehearsal_leaves_a_recording_that_is_used_as_long_as_it_fits() throws Exception {
        assertThat(run("", "rehearse")).isEqualTo(new Said(0, "", ""));

        assertThat(files()).containsExactlyInAnyOrder("countersign.aot", "countersign.jar", "jdk25.sh", "lib");
        says_its_version_and_nothing_else(RECORDING_OR_NOTHING);
        // What somebody sets for the server, and its JVM cannot combine with the recording.
        says_its_version_and_nothing_else("-XX:-UseSerialGC -XX:+UseZGC");
        says_its_version_and_nothing_else("-XX:-UseCompactObjectHeaders");
        says_its_version_and_nothing_else("--add-modules=jdk.jfr");

        var whole = Files.readAllBytes(recording);
        var middle = whole.clone();
        Arrays.fill(middle, whole.length / 4, whole.length / 2, (byte) 0);
        for (var broken : List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), middle)) {
            Files.write(recording, broken);
            says_its_version_and_nothing_else("");
        }

        Files.write(recording, whole);
        Files.setLastModifiedTime(lib.resolve("countersign.jar"), FileTime.from(Instant.EPOCH));
        says_its_version_and_nothing_else("");
        assertThat(run(RECORDING_OR_NOTHING, "version").exit()).isNotZero();
    }

    @Test
    void a_rehearsal_that_cannot_be_kept_says_so_and_leaves_nothing_behind() throws Exception {
        Files.delete(lib.resolve("lib"));

        var said = run("", "rehearse");

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.err()).contains("nothing was recorded");
        assertThat(said.out()).isEmpty();
        assertThat(files()).containsExactlyInAnyOrder("countersign.jar", "jdk25.sh");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(lib)) {
            return files.map(it -> it.getFileName().toString()).toList();
        }
    }
}
