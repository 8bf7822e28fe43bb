package dev.countersign.cli;

import dev.countersign.proof.Claims;
import dev.countersign.proof.Program;
import dev.countersign.proof.Prover;
import java.time.Duration;
import picocli.CommandLine.Option;

/// How long commands let the prover try.
final class Proving {
    @Option(
            names = "--timeout",
            paramLabel = "10s",
            defaultValue = "10s",
            description = "How long one question to the solver may take (default: 10s).")
    private Duration each = Duration.ofSeconds(10);

    @Option(
            names = "--within",
            paramLabel = "5m",
            defaultValue = "5m",
            description = "How long all of them may; what is still asked then is inconclusive (default: 5m).")
    private Duration all = Duration.ofMinutes(5);

    Claims claims() {
        if (each.isZero() || all.isZero()) {
            throw new WrongUsage("--timeout and --within are longer than nothing");
        }
        return new Claims(Program.installed().jar(), each, all);
    }

    /// A prover, for more than claims.
    Prover prover() {
        try {
            return claims().prover();
        } catch (Prover.Missing missing) {
            throw new Failure(String.valueOf(missing.getMessage()));
        }
    }
}
