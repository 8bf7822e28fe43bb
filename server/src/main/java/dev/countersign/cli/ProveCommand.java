package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Rules;
import dev.countersign.config.Trials;
import dev.countersign.people.Group;
import dev.countersign.policy.Rule;
import dev.countersign.proof.Claims;
import dev.countersign.proof.Proof;
import dev.countersign.proof.Proofs;
import dev.countersign.publish.Looser;
import dev.countersign.replay.Past;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.StoreRefused;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description = {
            "Proves what the `prove:` clauses of a configuration folder claim of all requests, or refutes it by one, which the"
                    + " rules themselves have judged.",
            "Tells too: rules that are dead or never decide, quorums that nobody can meet, requests that no rule speaks of; and"
                    + " with --against all that goes through unattended and did not before. Each with a request for"
                    + " `policy explain --given`.",
            "Exits 0 when all claims are proved, 1 when one is refuted or nobody can say."
        })
final class ProveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", arity = "0..1", defaultValue = ".", description = "The folder (default: this one).")
    private Path folder = Path.of(".");

    @Option(
            names = "--against",
            paramLabel = "DIR",
            description = {
                "The folder to compare with, or `published` for the version in force in the folder's own store: what of it would"
                        + " be unattended that was not."
            })
    private @Nullable String against;

    @Option(names = "--data", paramLabel = "FILE", description = "The store's file, instead of the configuration's.")
    private @Nullable Path data;

    @Mixin
    private final Proving proving = new Proving();

    @Option(names = "--json", description = "For machines.")
    private boolean json;

    ProveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        return switch (Configuration.tests(folder)) {
            case Trials.Run(var configuration, _, var rules) -> prove(configuration, rules);
            case Trials.Bad(var faults) -> {
                faults.forEach(it -> terminal.note(it.toString()));
                throw new Failure("the configuration in " + folder + " has faults, see above");
            }
        };
    }

    private int prove(Configuration configuration, Rules rules) {
        var before = before(configuration);
        var known = provisioned(configuration);
        try (var prover = proving.prover()) {
            var proofs = new Proofs(configuration, prover);
            var dead = new LinkedHashMap<Rule, Proof>();
            var idle = new LinkedHashMap<Rule, Proof>();
            for (var rule : configuration.policy().rules()) {
                var applies = proofs.application(rule);
                if (!(applies instanceof Proof.Shown)) {
                    dead.put(rule, applies);
                    continue;
                }
                var decides = proofs.decision(rule);
                if (!(decides instanceof Proof.Shown)) {
                    idle.put(rule, decides);
                }
            }
            var words = new ProofWords(
                    terminal,
                    rules,
                    Claims.tried(configuration, rules, proofs),
                    dead,
                    idle,
                    proofs.gaps(),
                    Configuration.unmet(folder, known).stream()
                            .map(Fault::toString)
                            .toList(),
                    assumed(configuration, known),
                    before.map(proofs::unattended),
                    before.map(it -> Looser.observed(it, configuration)).orElse(List.of()));
            if (json) {
                var all = new LinkedHashMap<String, Object>(Map.of("version", configuration.version()));
                all.putAll(words.json());
                terminal.json(all);
            } else {
                words.tell();
            }
            return words.isGood() ? 0 : 1;
        }
    }

    /// Who is in the groups whose members a provider provisions; nothing where no store is that knows.
    private Map<String, Set<String>> provisioned(Configuration configuration) {
        if (configuration.groups().values().stream().noneMatch(it -> it.from().isPresent())) {
            return Map.of();
        }
        try (var past = Past.open(configuration, Judging.address(configuration, data), InstantSource.system())) {
            return past.provisioned(configuration);
        } catch (StoreRefused | StoreFailed nowhere) {
            return Map.of();
        }
    }

    /// The groups of which nobody knows here who is in them, each with why.
    private static List<String> assumed(Configuration configuration, Map<String, Set<String>> known) {
        return configuration.groups().values().stream()
                .filter(it -> it.from().isPresent() && !known.containsKey(it.name()))
                .map(it -> "assumed: enough people are in `" + it.name() + "`, whom "
                        + it.from().orElseThrow().issuer() + " names " + named(configuration, it))
                .sorted()
                .toList();
    }

    private static String named(Configuration configuration, Group group) {
        boolean provisions = configuration.providers().stream()
                .filter(it -> it.issuer().equals(group.from().orElseThrow().issuer()))
                .anyMatch(it -> it.provisioner().isPresent());
        return provisions ? "to a store that is not here" : "at each sign-in";
    }

    private Optional<Configuration> before(Configuration configuration) {
        if (against == null) {
            return Optional.empty();
        }
        if (!against.equals("published")) {
            return Optional.of(Folders.read(terminal, Path.of(against)));
        }
        try (var past = Past.open(configuration, Judging.address(configuration, data), InstantSource.system())) {
            return Optional.of(past.inForce()
                    .orElseThrow(() -> new Failure("the store has no published version that this release can read")));
        } catch (SQLException e) {
            throw new Failure("the store cannot be read: " + e.getMessage());
        }
    }
}
