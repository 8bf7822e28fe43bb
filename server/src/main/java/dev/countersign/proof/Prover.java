package dev.countersign.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.policy.Formula;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The process that answers, which is started with the first question: the solver is 70 MB of other people's machine
/// code, and whatever happens in it happens to no server.
///
/// Its time and memory are bounded. Past the time it is killed, and what is still asked then is unknown.
public final class Prover implements AutoCloseable {
    /// How much longer than a question may take an answer may be on its way: the first brings the process with it.
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Program program;
    private final Duration each;
    private final long end;
    private final Map<String, Answer> answers = new HashMap<>();
    private @Nullable Running running;
    private String over = "";

    /// @param folder where it unpacks the solver when nobody has before, which is nobody's once it has ended
    private record Running(Process process, Path folder, Writer questions, BufferedReader answers) {}

    private Prover(Program program, Duration each, long end) {
        this.program = program;
        this.each = each;
        this.end = end;
    }

    /// The program that is started is not there.
    public static final class Missing extends RuntimeException {
        private Missing(String said) {
            super(said, null, false, false);
        }
    }

    /// Looks for the program; starts nothing yet.
    ///
    /// @param jar where it lies
    /// @param each how long one question may take
    /// @param all how long all of them may
    /// @throws Missing when there is none, with a sentence that says what to do
    public static Prover at(Path jar, Duration each, Duration all) {
        var program = new Program(jar);
        if (!program.isThere()) {
            throw new Missing(
                    "the prover is not installed: " + jar
                            + " is missing; a release has it in lib/prover, and in a checkout ./mvnw -pl prover package makes it");
        }
        return new Prover(program, each, System.nanoTime() + all.toNanos());
    }

    /// Whether a formula can be true. Once nothing is asked any more, nothing is kept: there may be a question for each
    /// client, API and rule.
    Answer ask(Formula formula) {
        if (formula.equals(Formula.FALSE)) {
            return new Answer.No();
        }
        if (formula.equals(Formula.TRUE)) {
            return new Answer.Yes(Map.of());
        }
        return over().<Answer>map(Answer.Unknown::new)
                .orElseGet(() -> answers.computeIfAbsent(line(formula), this::answer));
    }

    /// Why nothing is asked any more, so that nobody needs to make questions; empty while there is time.
    Optional<String> over() {
        if (over.isEmpty() && end - System.nanoTime() <= 0) {
            end("the time for all questions is over");
        }
        return Optional.of(over).filter(it -> !it.isEmpty());
    }

    /// How many answers it has kept.
    int kept() {
        return answers.size();
    }

    private static String line(Formula formula) {
        return formula.variables().stream()
                        .map(it -> it.name() + ":" + it.type().cel())
                        .collect(Collectors.joining(","))
                + "\t"
                + Base64.getEncoder().encodeToString(formula.question().getBytes(UTF_8));
    }

    private Answer answer(String question) {
        var left = Math.min(end - System.nanoTime(), each.plus(GRACE).toNanos());
        try {
            var process = running == null ? start() : running;
            running = process;
            process.questions.write(question + "\n");
            process.questions.flush();
            var line = CompletableFuture.supplyAsync(() -> read(process.answers), Thread::startVirtualThread)
                    .get(left, TimeUnit.NANOSECONDS);
            return line.isEmpty() ? end("the prover ended without an answer") : answer(line.split("\t", -1));
        } catch (TimeoutException late) {
            return end("the prover took too long and was ended");
        } catch (IOException | ExecutionException failed) {
            return end("the prover ended without an answer");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return end("it was interrupted");
        }
    }

    private static String read(BufferedReader answers) {
        try {
            var line = answers.readLine();
            return line == null ? "" : line;
        } catch (IOException failed) {
            return "";
        }
    }

    private static Answer answer(String[] words) {
        return switch (words[0]) {
            case "SAT" -> new Answer.Yes(Model.read(text(words)));
            case "UNSAT" -> new Answer.No();
            default ->
                new Answer.Unknown("the solver cannot tell: "
                        + text(words).lines().findFirst().orElse(""));
        };
    }

    private static String text(String[] words) {
        return words.length < 2 ? "" : new String(Base64.getDecoder().decode(words[1]), UTF_8);
    }

    private Running start() throws IOException {
        var folder = Files.createTempDirectory("countersign-prover");
        var process = new ProcessBuilder(program.command(folder, each))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new Running(
                process,
                folder,
                new OutputStreamWriter(process.getOutputStream(), UTF_8),
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
    }

    private Answer end(String because) {
        over = because;
        close();
        return new Answer.Unknown(because);
    }

    /// Where it unpacks the solver when nobody has before; empty before the first question.
    Optional<Path> folder() {
        return Optional.ofNullable(running).map(Running::folder);
    }

    /// Ends it, and leaves nothing of it behind.
    @Override
    public void close() {
        var ended = running;
        if (ended == null) {
            return;
        }
        ended.process.destroyForcibly();
        try {
            ended.process.waitFor();
            delete(ended.folder);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException left) {
            // Gone already, or the system's to clean.
        }
    }
}
