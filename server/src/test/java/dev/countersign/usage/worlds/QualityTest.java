package dev.countersign.usage.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.usage.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What findings are held to: nine in ten gross attacks are put before people, who are asked for nothing no more than
/// once in two weeks about each client. Here that is looked at in small worlds; `bench/run findings` lives whole ones.
final class QualityTest {
    private static final int QUARTER = 4;
    private static final long[] SEEDS = {11, 12};
    private static final double RECALL = 0.9;
    private static final double PROMPTS = 0.5;

    @Test
    void nine_in_ten_gross_attacks_are_noticed_for_half_a_prompt_a_client_and_week() {
        var figures = World.live(Way.FOR_ANY_FINDING, QUARTER, SEEDS);

        assertThat(figures.gross()).isGreaterThanOrEqualTo(RECALL);
        assertThat(figures.prompts()).isPositive().isLessThanOrEqualTo(PROMPTS);
    }

    /// The figure is made of findings: without one that an attack is told by, it would not be what is held to.
    @Test
    void with_a_finding_less_the_figure_is_missed() {
        for (var less : new Way[] {
            Way.without(Finding.NEW_NETWORK), Way.without(Finding.BURST, Finding.STORM),
        }) {
            assertThat(World.live(less, QUARTER, SEEDS[0]).gross())
                    .as(less.words())
                    .isLessThan(RECALL);
        }
    }

    /// With `-Dquality.write=true` it lives five worlds of 200 clients, and writes the table and the picture, for
    /// minutes. Otherwise it looks whether they are there.
    @Test
    void the_table_and_the_picture_stand_beside_the_results() throws IOException {
        var table = Path.of("../bench/findings.md");
        var picture = Path.of("../bench/findings.svg");
        if (Boolean.getBoolean("quality.write")) {
            long[] seeds = {201, 202, 203, 204, 205};
            var any = World.live(Way.FOR_ANY_FINDING, 1, seeds);
            var score = World.live(Way.ABOVE_THIRTY, 1, seeds);
            var which = "five worlds of 200 clients over 90 days, seeds 201 to 205";
            Files.writeString(table, Table.of(which, Way.FOR_ANY_FINDING, any, Way.ABOVE_THIRTY, score));
            Files.writeString(picture, Picture.of(Way.FOR_ANY_FINDING, any, Way.ABOVE_THIRTY, score));
        }

        assertThat(table).content().contains("](findings.svg)");
        for (var attack : Attack.values()) {
            assertThat(table).content().contains("| " + attack.words);
            assertThat(picture).content().contains(">" + attack.words);
        }
    }
}
