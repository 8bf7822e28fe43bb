package dev.countersign.cli;

import dev.countersign.config.Configuration;
import dev.countersign.config.Given;
import dev.countersign.policy.Facts;
import dev.countersign.policy.GivenFacts;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Registrations;
import dev.countersign.replay.Decision;
import dev.countersign.replay.Past;
import dev.countersign.store.StoreAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// A request and the policy to judge it by: one that was made, as the ledger recorded it, or one that is imagined.
final class Judging {
    @Option(
            names = "--config",
            paramLabel = "DIR",
            defaultValue = "${env:COUNTERSIGN_CONFIG}",
            description = "The configuration folder of the server on this host.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "FILE", description = "The store's file, instead of the configuration's.")
    private @Nullable Path data;

    @Option(
            names = "--policy",
            paramLabel = "DIR",
            description = {
                "Judge by the rules of this folder, instead of those that were in force when the request was made;",
                "for an imagined one, instead of the folder of --config."
            })
    private @Nullable Path policy;

    @ArgGroup(multiplicity = "1")
    private final Which which = new Which();

    private static final class Which {
        @Option(
                names = "--request",
                paramLabel = "REF",
                description = "A request that was made: its id, the index of a ledger entry, a token's jti.")
        private @Nullable String request;

        @Option(
                names = "--given",
                paramLabel = "YAML",
                description = "An imagined one, as tests give it: 'client: refund-bot, scopes: [\"refunds:write\"]'.")
        private @Nullable String given;

        @Option(names = "--given-file", paramLabel = "FILE", description = "The same, from a file.")
        private @Nullable Path file;
    }

    /// What is to be judged, and by what.
    ///
    /// @param registrations those of the same configuration
    /// @param decision of a request that was made
    /// @param then whether the policy is the one it was judged by when it was made
    record Question(
            Facts facts, Policy policy, Registrations registrations, Optional<Decision> decision, boolean then) {}

    Question question(Terminal terminal) {
        return which.request != null ? made(terminal, which.request) : imagined(terminal);
    }

    private Question made(Terminal terminal, String reference) {
        if (config == null) {
            throw new WrongUsage("a request that was made is in the store on the server's host: give --config DIR");
        }
        if (!reference.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new WrongUsage("that is no reference: give a request's id, a ledger entry's index or a token's jti");
        }
        var now = Folders.read(terminal, config);
        try (var past = Past.open(now, address(now, data), InstantSource.system())) {
            var decision = past.decision(reference)
                    .orElseThrow(() -> new Failure("the ledger has no such request that policy judged"));
            var facts = facts(decision);
            if (policy != null) {
                var other = Folders.read(terminal, policy);
                return new Question(facts, other.policy(), other.registrations(), Optional.of(decision), false);
            }
            var then = past.configuration(decision.version())
                    .orElseThrow(() -> new Failure("the policy of then, version " + decision.version()
                            + ", is not in this store or cannot be read by this version; give --policy DIR"));
            return new Question(facts, then.policy(), then.registrations(), Optional.of(decision), true);
        } catch (SQLException e) {
            throw new Failure("the store cannot be read: " + e.getMessage());
        }
    }

    static StoreAddress address(Configuration configuration, @Nullable Path data) {
        return data != null
                ? new StoreAddress.Sqlite(data)
                : configuration.node().store();
    }

    private static Facts facts(Decision decision) {
        return switch (decision.recorded()) {
            case Decision.Recorded.Known(var facts) -> facts;
            case Decision.Recorded.Withheld _ ->
                throw new Failure("request " + decision.request() + " got "
                        + decision.word().map(it -> it.word()).orElse(decision.refusedFor()) + " by "
                        + String.join(", ", decision.rules()) + " of policy " + decision.version()
                        + "; its facts are withheld: what was known of " + decision.client()
                        + " then was erased, so nobody can tell more");
            case Decision.Recorded.Unreadable(var said) ->
                throw new Failure("the facts of request " + decision.request() + " cannot be read: " + said);
        };
    }

    private Question imagined(Terminal terminal) {
        var folder = policy != null ? policy : config;
        if (folder == null) {
            throw new WrongUsage("by which rules? Give --policy DIR, or --config DIR");
        }
        var configuration = Folders.read(terminal, folder);
        return switch (given()) {
            case Given.Bad(var faults) -> {
                faults.forEach(it -> terminal.note(it.toString()));
                var said = "that describes no request, see above";
                throw which.given != null ? new WrongUsage(said) : new Failure(said);
            }
            case Given.Read(var values) ->
                switch (GivenFacts.of(values, configuration.registrations())) {
                    case GivenFacts.Understood(var facts) ->
                        new Question(
                                facts, configuration.policy(), configuration.registrations(), Optional.empty(), false);
                    case GivenFacts.Odd(var said) -> throw new Failure("no request is like that: " + said);
                };
        };
    }

    private Given given() {
        if (which.given != null) {
            return Given.read("--given", which.given);
        }
        var file = java.util.Objects.requireNonNull(which.file);
        try {
            return Given.read(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new Failure("cannot read " + file + " (" + e.getMessage() + ")");
        }
    }
}
