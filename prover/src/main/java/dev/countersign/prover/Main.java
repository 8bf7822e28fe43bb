package dev.countersign.prover;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.z3.Global;
import com.microsoft.z3.Z3Exception;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.verifier.CelVerificationException;
import dev.cel.verifier.CelVerificationResult;
import dev.cel.verifier.CelVerifierFactory;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Base64;

/// Reads questions from standard input, one a line, and answers each with a line on standard output.
///
/// A question is the variables (`name:type`, with commas) and a CEL formula over them, with a tab between; the formula
/// is base64, for it may hold any character. The answer is `SAT` with a tab and the values that make it true, base64;
/// `UNSAT`; or `UNKNOWN` with a tab and why, base64. It ends with its input.
public final class Main {
    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(4_000_000)
            .maxParseRecursionDepth(500)
            .build();

    private final Duration timeout;

    private Main(Duration timeout) {
        this.timeout = timeout;
    }

    /// Answers until its input ends.
    ///
    /// @param args the seconds that one question may take, and the MiB that Z3 may
    public static void main(String[] args) throws IOException {
        Global.setParameter("memory_max_size", args[1]);
        // One seed, one thread: the same question has the same answer.
        Global.setParameter("smt.random_seed", "7");
        var main = new Main(Duration.ofSeconds(Long.parseLong(args[0])));
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        // Whatever a library has to say is no answer.
        System.setOut(System.err);
        try (var in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                out.println(main.answer(line));
            }
        }
    }

    private String answer(String line) {
        var parts = line.split("\t", -1);
        try {
            var compiler = compiler(parts[0]);
            var formula = compiler.compile(new String(Base64.getDecoder().decode(parts[1]), UTF_8))
                    .getAst();
            var runtime = CelRuntimeFactory.plannerRuntimeBuilder().build();
            return words(CelVerifierFactory.newVerifier(compiler, runtime)
                    .setTimeout(timeout)
                    .build()
                    .isSatisfiable(formula));
        } catch (CelVerificationException | CelValidationException | Z3Exception | IllegalArgumentException failed) {
            return "UNKNOWN\t" + base64(String.valueOf(failed.getMessage()));
        }
    }

    private static CelCompiler compiler(String variables) {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setResultType(SimpleType.BOOL);
        for (var variable : variables.split(",", -1)) {
            if (!variable.isEmpty()) {
                int colon = variable.indexOf(':');
                builder.addVar(variable.substring(0, colon), type(variable.substring(colon + 1)));
            }
        }
        return builder.build();
    }

    private static CelType type(String name) {
        return switch (name) {
            case "int" -> SimpleType.INT;
            case "string" -> SimpleType.STRING;
            case "bool" -> SimpleType.BOOL;
            default -> throw new IllegalArgumentException("no such type: " + name);
        };
    }

    private static String words(CelVerificationResult result) {
        return switch (result.status()) {
            case VERIFIED -> "SAT\t" + base64(result.reason());
            case VIOLATED -> "UNSAT";
            case INCONCLUSIVE -> "UNKNOWN\t" + base64(result.reason());
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
