package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Place;
import dev.countersign.config.Rules;
import dev.countersign.policy.Claim;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Proofs;
import dev.countersign.proof.Prover;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/// The prover as commands start it, and what it says of a folder's claims.
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

    /// Finds the prover.
    Prover prover() {
        if (each.isZero() || all.isZero()) {
            throw new Failure("--timeout and --within are longer than nothing");
        }
        try {
            return Prover.at(jar(), each, all);
        } catch (Prover.Missing missing) {
            throw new Failure(String.valueOf(missing.getMessage()));
        }
    }

    /// Beside our own jar, and in a checkout where its build leaves it. Never on our class path: it brings CEL once
    /// more, and 70 MB of machine code.
    private static Path jar() {
        var told = System.getProperty("countersign.prover");
        if (told != null) {
            return Path.of(told);
        }
        try {
            var ours = Path.of(
                    Objects.requireNonNull(Proving.class.getProtectionDomain().getCodeSource())
                            .getLocation()
                            .toURI());
            var folder = Objects.requireNonNull(ours.getParent());
            return folder.endsWith("target")
                    ? folder.resolveSibling(Path.of("..", "prover", "target", "countersign-prover.jar"))
                            .normalize()
                    : folder.resolve(Path.of("prover", "countersign-prover.jar"));
        } catch (URISyntaxException odd) {
            throw new IllegalStateException("a jar without a path", odd);
        }
    }

    /// A claim, and whether any request refutes it.
    record Tried(Claim claim, Place at, Proof refutation) {
        boolean isProved() {
            return refutation instanceof Proof.Never;
        }

        /// As `check` tells of what is wrong.
        Fault fault() {
            var said = switch (refutation) {
                case Proof.Never() -> "proved";
                case Proof.Shown(var by) ->
                    "refuted: this request gets " + by.verdict() + ": --given " + ProofWords.quoted(by);
                case Proof.Inconclusive(var because) ->
                    "inconclusive, which counts as refuted: " + because + "; say less, or say it otherwise";
            };
            return new Fault(at, "claim `" + claim.name() + "`: " + said);
        }
    }

    /// Tries all claims of a configuration, in the order of its files; starts nothing when there are none.
    List<Tried> tryAll(Configuration configuration, Rules rules) {
        if (configuration.claims().isEmpty()) {
            return List.of();
        }
        try (var prover = prover()) {
            return tryAll(configuration, rules, new Proofs(configuration, prover));
        }
    }

    static List<Tried> tryAll(Configuration configuration, Rules rules, Proofs proofs) {
        var tried = new ArrayList<Tried>();
        for (var claim : configuration.claims()) {
            tried.add(new Tried(claim, rules.claim(claim.name()).orElseThrow(), proofs.refutation(claim)));
        }
        tried.sort(Comparator.comparing(Tried::at));
        return List.copyOf(tried);
    }

    /// What is wrong with the claims of a configuration, in the order of its files.
    List<Fault> faults(Configuration configuration, Rules rules) {
        return tryAll(configuration, rules).stream()
                .filter(it -> !it.isProved())
                .map(Tried::fault)
                .toList();
    }
}
