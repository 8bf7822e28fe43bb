package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.wiring.Model.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sequences of commands made by chance, done by a server and by the rules on paper: answers, rows and ledger must be
/// the same. A sequence in which they differ is made as short as it can be.
///
/// `-Dcountersign.sequences=5000` for more of them, `-Dcountersign.seed=N` for others or the same again.
final class ModelTest {
    private static final int LENGTH = 30;
    private static final int FEW = 40;
    private static final int SEQUENCES = Integer.getInteger("countersign.sequences", FEW);
    private static final long SEED = Long.getLong("countersign.seed", 1);
    private static final Set<Rule> NONE = Set.of();

    @TempDir
    Path folder;

    /// What a server said to each command, and how everything stood in the end.
    private record Transcript(List<Command> commands, List<String> said, List<String> stands) {}

    private record Difference(List<Command> commands, String said, String wanted) {
        @Override
        public String toString() {
            var text = new StringBuilder("the server says " + said + "\nthe rules say  " + wanted + "\nafter");
            commands.forEach(it -> text.append("\n  ").append(it));
            return text.toString();
        }
    }

    /// And each rule is of consequence in some sequence: where it is left out, somebody notices.
    @Test
    void a_server_does_what_the_rules_say() {
        var unnoticed = EnumSet.allOf(Rule.class);
        try (var server = new ModelledServer(folder)) {
            for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
                var transcript = run(server, Command.sequence(new Random(seed), LENGTH));
                var difference = difference(transcript, NONE);
                if (difference.isPresent()) {
                    throw new AssertionError(shrink(server, difference.get(), NONE) + "\n" + line(seed));
                }
                unnoticed.removeIf(
                        rule -> difference(transcript, EnumSet.of(rule)).isPresent());
            }
        }
        if (SEQUENCES >= FEW) {
            assertThat(unnoticed).isEmpty();
        }
    }

    /// How to have a sequence again.
    private static String line(long seed) {
        return "./mvnw -B -pl server test-compile surefire:test@%s -Dtest=ModelTest -Dcountersign.sequences=1 -Dcountersign.seed=%d"
                .formatted(TestStores.onPostgres() ? "on-postgresql" : "default-test", seed);
    }

    @Test
    void a_sequence_that_fails_is_made_short() {
        try (var server = new ModelledServer(folder)) {
            var without = EnumSet.of(Rule.OWNERS_DO_NOT_VOTE);
            var found = Stream.iterate(SEED, seed -> seed + 1)
                    .map(seed -> run(server, Command.sequence(new Random(seed), LENGTH)))
                    .flatMap(it -> difference(it, without).stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(shrink(server, found, without).commands())
                    .satisfiesExactly(
                            ask -> assertThat(ask).isInstanceOf(Command.Ask.class),
                            vote -> assertThat(vote)
                                    .isInstanceOfSatisfying(
                                            Command.Vote.class,
                                            it -> assertThat(it.person()).isEqualTo("dev")));
        }
    }

    /// What its ledger says of that is verified when the server is closed.
    @Test
    void whoever_changes_groups_after_a_vote_counts_for_those_of_the_decision() {
        try (var server = new ModelledServer(folder)) {
            var transcript = run(
                    server,
                    List.of(
                            new Command.Ask("refund-bot", true, 0, false, true),
                            new Command.Regroup(1),
                            new Command.Vote(0, "ana", Command.Word.APPROVE),
                            new Command.Regroup(0),
                            new Command.Vote(0, "cy", Command.Word.APPROVE)));
            assertThat(transcript.said()).endsWith("Counted pending", "", "Counted approved");
            assertThat(difference(transcript, NONE)).isEmpty();
        }
    }

    /// Ends with the first answer that the rules do not give: what later commands speak of may not be there.
    private static Transcript run(ModelledServer server, List<Command> commands) {
        server.begin();
        var guide = new Model(NONE);
        var said = new ArrayList<String>();
        for (var command : commands) {
            var answer = server.run(command, guide);
            said.add(answer);
            if (!answer.equals(guide.run(command))) {
                return new Transcript(commands, said, List.of());
            }
        }
        return new Transcript(commands, said, server.stand());
    }

    private static Optional<Difference> difference(Transcript transcript, Set<Rule> without) {
        var model = new Model(without);
        for (int i = 0; i < transcript.said().size(); i++) {
            var said = transcript.said().get(i);
            var wanted = model.run(transcript.commands().get(i));
            if (!said.equals(wanted)) {
                return Optional.of(new Difference(transcript.commands().subList(0, i + 1), said, wanted));
            }
        }
        return transcript.stands().equals(model.stand())
                ? Optional.empty()
                : Optional.of(new Difference(
                        transcript.commands(),
                        transcript.stands().toString(),
                        model.stand().toString()));
    }

    /// Leaves out what is not needed for a difference: halves first, then less and less.
    private static Difference shrink(ModelledServer server, Difference difference, Set<Rule> without) {
        var shortest = difference;
        for (int size = shortest.commands().size() / 2; size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
            for (int at = 0; at < shortest.commands().size(); ) {
                var fewer = new ArrayList<>(shortest.commands());
                fewer.subList(at, Math.min(at + size, fewer.size())).clear();
                var still = difference(run(server, fewer), without);
                if (still.isPresent()) {
                    shortest = still.get();
                } else {
                    at += size;
                }
            }
        }
        return shortest;
    }
}
