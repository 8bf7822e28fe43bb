package dev.countersign.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.proof.Proof;
import dev.countersign.proof.Region;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is told of all that goes through unattended, and of nobody having looked.
final class UnattendedTest {
    private static final String FAILED = "it failed while the rules were read, and nobody could look; the log has why";

    /// Rules may be deeper than a stack, or have what no release of ours has read before.
    @Test
    void rules_that_cannot_be_looked_through_keep_nobody_from_publishing_and_it_is_told() {
        assertThat(Unattended.found(() -> {
                    throw new StackOverflowError();
                }))
                .isEqualTo(new Unattended(List.of(), 0, FAILED));
        assertThat(Unattended.found(() -> {
                    throw new IllegalStateException("odd");
                }))
                .isEqualTo(new Unattended(List.of(), 0, FAILED));
    }

    @Test
    void those_that_are_not_shown_are_counted_and_those_of_which_nobody_can_say_come_last() {
        var unsure = new Region("bot", "api", "unsure", new Proof.Inconclusive("late"));
        var all = Stream.concat(
                        Stream.of(unsure),
                        IntStream.range(0, 100)
                                .mapToObj(it -> new Region("bot" + it, "api", "rule", new Proof.Never())))
                .toList();

        var found = Unattended.found(() -> all);

        assertThat(found.regions()).hasSize(100).doesNotContain(unsure);
        assertThat(found.left()).isEqualTo(1);
        assertThat(found.failed()).isEmpty();
    }
}
