package dev.countersign.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the prover is started, and what it is started with.
final class ProgramTest {
    private static final Path JAR = Path.of("..", "prover", "target", "countersign-prover.jar");

    @TempDir
    private Path path;

    @Test
    void a_recording_is_used_as_long_as_it_fits_and_nothing_depends_on_it() throws Exception {
        var program = new Program(TestProver.copy(path, JAR));
        assertThat(answer(program, "-XX:AOTMode=on")).contains("Unable to use AOT cache");
        assertThat(answer(program)).startsWith("UNSAT");

        program.rehearse();

        assertThat(beside(program))
                .containsExactlyInAnyOrder("countersign-prover.aot", "countersign-prover.jar", "lib");
        assertThat(answer(program, "-XX:AOTMode=on")).startsWith("UNSAT");
        var whole = Files.readAllBytes(program.recording());
        var middle = whole.clone();
        Arrays.fill(middle, whole.length / 4, whole.length / 2, (byte) 0);
        for (var broken : List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), middle)) {
            Files.write(program.recording(), broken);
            assertThat(answer(program)).startsWith("UNSAT");
        }
    }

    @Test
    void a_rehearsal_that_fails_says_so_and_leaves_nothing_behind() throws IOException {
        var program = new Program(TestProver.copy(path, JAR));
        Files.write(program.jar(), new byte[0]);

        assertThatThrownBy(program::rehearse).isInstanceOf(IOException.class).hasMessageContaining("rehearsal");

        assertThat(beside(program)).containsExactlyInAnyOrder("countersign-prover.jar", "lib");
    }

    /// All that it says, which is nothing but answers.
    private String answer(Program program, String... options) throws Exception {
        var command = program.command(Files.createTempDirectory(path, "scratch"), Duration.ofSeconds(20));
        command.addAll(1, List.of(options));
        var question = Files.writeString(path.resolve("question"), "b:bool\tYiAmJiAhYg==\n");
        var process = new ProcessBuilder(command)
                .redirectInput(question.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }

    private static List<String> beside(Program program) throws IOException {
        try (var files = Files.list(program.jar().resolveSibling("."))) {
            return files.map(it -> it.getFileName().toString()).toList();
        }
    }
}
