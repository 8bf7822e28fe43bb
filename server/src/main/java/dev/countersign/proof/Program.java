package dev.countersign.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// What a [Prover] starts: where it lies, and how a JVM runs it.
///
/// Beside the jar may lie a recording of what the JVM loads for it, with which a start takes a third of the time. A JVM
/// that cannot use it, because jar or JDK are others, says nothing and does without.
public record Program(Path jar) {
    private static final int HEAP_MIB = 512;
    private static final int SOLVER_MIB = 1024;

    /// How long making a recording may take.
    private static final Duration REHEARSAL = Duration.ofMinutes(2);

    /// Something of each kind that is asked: with it all is loaded that answers need.
    private static final String QUESTIONS = question("(b || i > 60) && (s == \"write\" || s != \"read\") && i >= 0")
            + question("b && !b && i in [1, 2] && s in [\"read\", \"write\"]");

    /// Where it is installed: beside our own jar, and in a checkout where its build leaves it. Never on our class path:
    /// it brings CEL once more, and 70 MB of machine code.
    public static Program installed() {
        var told = System.getProperty("countersign.prover");
        if (told != null) {
            return new Program(Path.of(told));
        }
        try {
            var ours = Path.of(
                    Objects.requireNonNull(Program.class.getProtectionDomain().getCodeSource())
                            .getLocation()
                            .toURI());
            var folder = Objects.requireNonNull(ours.getParent());
            return new Program(
                    folder.endsWith("target")
                            ? folder.resolveSibling(Path.of("..", "prover", "target", "countersign-prover.jar"))
                                    .normalize()
                            : folder.resolve(Path.of("prover", "countersign-prover.jar")));
        } catch (URISyntaxException odd) {
            throw new IllegalStateException("a jar without a path", odd);
        }
    }

    /// Whether it is there at all: it may be left out.
    public boolean isThere() {
        return Files.isRegularFile(jar);
    }

    /// Where a recording is looked for.
    public Path recording() {
        return jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", "") + ".aot");
    }

    /// The command that runs it.
    ///
    /// @param folder for what it leaves while it runs
    /// @param each how long one question may take
    List<String> command(Path folder, Duration each) {
        return command(
                folder,
                each,
                List.of(
                        "-XX:AOTCache=" + recording(),
                        // A file that lost blocks in a crash is none.
                        "-XX:+VerifySharedSpaces",
                        // What is wrong with it would be said among the answers.
                        "-Xlog:aot*=off",
                        "-Xlog:cds*=off"));
    }

    private List<String> command(Path folder, Duration each, List<String> options) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xss8m",
                "-Djava.io.tmpdir=" + folder,
                "-Xmx" + HEAP_MIB + "m"));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString(), String.valueOf(each.toSeconds()), String.valueOf(SOLVER_MIB)));
        return command;
    }

    /// Makes a recording, in some five seconds, and puts it in its place as a whole.
    ///
    /// @throws IOException when that fails; nothing is left of it then
    public void rehearse() throws IOException {
        var made = recording()
                .resolveSibling(recording().getFileName() + "."
                        + ProcessHandle.current().pid());
        var folder = Files.createTempDirectory("countersign-prover");
        try {
            var questions = Files.writeString(folder.resolve("questions"), QUESTIONS);
            awaitEnd(new ProcessBuilder(command(folder, REHEARSAL, List.of("-XX:AOTCacheOutput=" + made)))
                    .redirectInput(questions.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
            Files.move(made, recording(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Prover.delete(folder);
            Files.deleteIfExists(made);
            Files.deleteIfExists(made.resolveSibling(made.getFileName() + ".config"));
        }
    }

    private static void awaitEnd(Process process) throws IOException {
        try {
            if (process.waitFor(REHEARSAL.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new IOException("the prover did not get through its rehearsal");
    }

    private static String question(String formula) {
        return "b:bool,i:int,s:string\t" + Base64.getEncoder().encodeToString(formula.getBytes(UTF_8)) + "\n";
    }
}
