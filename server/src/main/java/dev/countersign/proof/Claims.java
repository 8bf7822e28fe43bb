package dev.countersign.proof;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Place;
import dev.countersign.config.Read;
import dev.countersign.config.Remainder;
import dev.countersign.config.Rules;
import dev.countersign.policy.Claim;
import dev.countersign.policy.GivenFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

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

        /// As `check` tells of what nobody can say yet.
        private Fault unjudged(String doubt) {
            var said = switch (refutation) {
                case Proof.Never() -> "no request refutes it as far as rules can be read";
                case Proof.Shown(var by) -> "this request gets " + by.verdict() + ": --given " + by.quoted();
                case Proof.Inconclusive(var because) -> "inconclusive: " + because;
            };
            return new Fault(at, "claim `" + claim.name() + "`: " + said + "; that may change, since " + doubt);
        }
    }

    /// As a server tries them, which a publication waits for.
    public static Claims installed() {
        return new Claims(Program.installed().jar(), Duration.ofSeconds(5), Duration.ofMinutes(1));
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

    /// What was read, and all that is wrong with it, what it claims included. Of what has other faults the claims are
    /// tried by what can be judged of it.
    public Read tried(Read read) {
        return switch (read) {
            case Read.Good it -> {
                var faults = faults(it.configuration(), it.rules());
                yield faults.isEmpty() ? it : new Read.Bad(faults);
            }
            case Read.Bad it ->
                it.rest()
                        .filter(rest -> !rest.configuration().claims().isEmpty())
                        .map(rest -> tried(it, rest))
                        .orElse(it);
        };
    }

    private Read.Bad tried(Read.Bad bad, Remainder rest) {
        var faults = new TreeSet<>(bad.faults());
        var unjudged = new TreeSet<>(bad.unjudged());
        try (var prover = prover()) {
            for (var it : tried(rest.configuration(), rest.rules(), new Proofs(rest.configuration(), prover))) {
                if (isSure(it, rest)) {
                    faults.add(it.fault());
                } else if (!rest.left().isEmpty()) {
                    unjudged.add(it.unjudged(rest.doubt().orElseThrow()));
                }
            }
        } catch (Prover.Missing missing) {
            faults.add(unproved(rest.configuration(), rest.rules(), missing));
        }
        return new Read.Bad(List.copyOf(faults), List.copyOf(unjudged), Optional.empty());
    }

    /// Whether it is not proved, whatever is meant by what cannot be read.
    private static boolean isSure(Tried it, Remainder rest) {
        return switch (it.refutation()) {
            case Proof.Never() -> false;
            case Proof.Inconclusive _ -> rest.left().isEmpty();
            case Proof.Shown(var by) ->
                GivenFacts.of(by.given(), rest.configuration().registrations())
                                instanceof GivenFacts.Understood(var facts)
                        && rest.isSure(policy -> it.claim().isRefutedBy(policy, facts));
        };
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
            return List.of(unproved(configuration, rules, missing));
        }
    }

    private static Fault unproved(Configuration configuration, Rules rules, Prover.Missing missing) {
        var first = configuration.claims().stream()
                .map(it -> place(rules, it))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new Fault(first, "claims cannot be proved here: " + missing.getMessage());
    }
}
