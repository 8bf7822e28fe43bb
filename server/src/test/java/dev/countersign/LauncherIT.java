package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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

    private static final List<String> LIBRARIES = List.of("lib", "prover/lib");

    @TempDir
    private Path path;

    private Path lib;
    private Path recording;

    /// As the build made it, but for the libraries, which are linked to: copying them takes longer than most tests.
    @BeforeEach
    void unpack() throws IOException {
        lib = Files.createDirectories(path.resolve("countersign 1").resolve("lib"));
        recording = lib.resolve("countersign.aot");
        Files.createDirectories(lib.resolveSibling("bin"));
        Files.createDirectories(lib.resolve("prover"));
        var built = built();
        for (var file : List.of(
                "bin/countersign", "lib/jdk25.sh", "lib/countersign.jar", "lib/prover/countersign-prover.jar")) {
            Files.copy(built.resolve(file), lib.resolveSibling(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        for (var libraries : LIBRARIES) {
            Files.createSymbolicLink(
                    lib.resolve(libraries), built.resolve("lib").resolve(libraries));
        }
    }

    private static Path built() throws IOException {
        try (var releases = Files.list(Path.of("target", "release").toAbsolutePath())) {
            return releases.findFirst().orElseThrow();
        }
    }

    /// Before the folder is, so that nothing follows the links.
    @AfterEach
    void unlink() throws IOException {
        for (var libraries : LIBRARIES) {
            Files.deleteIfExists(lib.resolve(libraries));
        }
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

        assertThat(files())
                .containsExactlyInAnyOrder("countersign.aot", "countersign.jar", "jdk25.sh", "lib", "prover");
        assertThat(lib.resolve("prover/countersign-prover.aot")).isNotEmptyFile();
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
        assertThat(files()).containsExactlyInAnyOrder("countersign.jar", "jdk25.sh", "prover");
    }

    @Test
    void what_a_folder_claims_is_proved_by_the_prover_of_the_release() throws Exception {
        var conf = path.resolve("conf");
        assertThat(run("", "init", conf.toString()).exit()).isZero();
        var policies = conf.resolve("policies.yaml");
        Files.writeString(policies, """

                prove:
                  - { claim: refunds are looked at, assume: '"orders:refund" in scopes', never: approve }
                """, StandardOpenOption.APPEND);

        var good = run("", "check", conf.toString());
        assertThat(good.exit()).as(good.err()).isZero();
        assertThat(good.out()).contains("1 claim proved");

        Files.writeString(policies, Files.readString(policies).replace("never: approve", "never: review"));
        var refuted = run("", "check", conf.toString());
        assertThat(refuted.exit()).isEqualTo(1);
        assertThat(refuted.err()).contains("claim `refunds are looked at`: refuted");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(lib)) {
            return files.map(it -> it.getFileName().toString()).toList();
        }
    }
}
