package dev.countersign.proof;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Place;
import dev.countersign.config.Rules;
import dev.countersign.policy.Claim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// Tries what configurations claim of all requests. Nothing is started for one that claims nothing.
///
/// @param jar where the prover lies
/// @param each how long one question may take
/// @param all how long all of them may
public record Claims(Path jar, Duration each, Duration all) {
    /// A claim, and whether any request refutes it.
    public record Tried(Claim claim, Place at, Proof refutation) {
        /// Whether none does.
        public boolean isProved() {
            return refutation instanceof Proof.Never;
        }

        /// As `check` tells of what is wrong.
        public Fault fault() {
            var said = switch (refutation) {
                case Proof.Never() -> "proved";
                case Proof.Shown(var by) -> "refuted: this request gets " + by.verdict() + ": --given " + by.quoted();
                case Proof.Inconclusive(var because) ->
                    "inconclusive, which counts as refuted: " + because + "; say less, or say it otherwise";
            };
            return new Fault(at, "claim `" + claim.name() + "`: " + said);
        }
    }

    /// As a server tries them, which a publication waits for.
    public static Claims installed() {
        return new Claims(Prover.installed(), Duration.ofSeconds(5), Duration.ofMinutes(1));
    }

    /// All claims, in the order of where they are written.
    public static List<Tried> tried(Configuration configuration, Rules rules, Proofs proofs) {
        return configuration.claims().stream()
                .map(it -> new Tried(it, place(rules, it), proofs.refutation(it)))
                .sorted(Comparator.comparing(Tried::at))
                .toList();
    }

    private static Place place(Rules rules, Claim claim) {
        return rules.claim(claim.name()).orElseThrow();
    }

    /// A prover with these bounds.
    ///
    /// @throws Prover.Missing when there is none
    public Prover prover() {
        return Prover.at(jar, each, all);
    }

    /// The claims of a configuration that are not proved, in the order of where they are written; or that there is no
    /// prover, and so none is.
    public List<Fault> faults(Configuration configuration, Rules rules) {
        if (configuration.claims().isEmpty()) {
            return List.of();
        }
        try (var prover = prover()) {
            return tried(configuration, rules, new Proofs(configuration, prover)).stream()
                    .filter(it -> !it.isProved())
                    .map(Tried::fault)
                    .toList();
        } catch (Prover.Missing missing) {
            var first = configuration.claims().stream()
                    .map(it -> place(rules, it))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            return List.of(new Fault(first, "claims cannot be proved here: " + missing.getMessage()));
        }
    }
}
