package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.store.MasterKey;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpotCheckTest {
    @TempDir
    Path folder;

    private TestLedger its;

    @BeforeEach
    void open() {
        its = TestLedger.open(folder, MasterKey.of(MasterKey.generate()));
    }

    @AfterEach
    void close() {
        its.close();
    }

    @Test
    void what_is_signed_and_as_it_was_is_found_good() {
        its.autoApproved("r1");
        its.autoApproved("r2");
        var signed = its.ledger.checkpoint();
        its.autoApproved("r3"); // not signed yet, so nothing is said of it
        var result = SpotCheck.of(its.ledger);
        assertThat(result.good()).isTrue();
        assertThat(result.checkpoint().orElseThrow().size()).isEqualTo(signed.size());
        assertThat(result.checked()).isEqualTo((int) signed.size());
        assertThat(result.bad()).isEmpty();
    }

    @Test
    void nothing_that_was_signed_is_not_good() {
        var result = SpotCheck.of(its.ledger);
        assertThat(result.checkpoint()).isEmpty();
        assertThat(result.good()).isFalse();
    }

    @Test
    void the_first_entry_that_was_changed_is_named() {
        its.autoApproved("r1");
        var changed = its.autoApproved("r2");
        its.autoApproved("r3");
        its.ledger.checkpoint();
        TestStores.plant(
                folder.resolve("store.db"),
                "UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE leaf_index = 0) WHERE leaf_index = "
                        + changed.index());
        var result = SpotCheck.of(its.ledger);
        assertThat(result.signed()).isTrue();
        assertThat(result.bad()).contains(changed.index());
        assertThat(result.good()).isFalse();
    }

    @Test
    void an_entry_that_is_gone_is_named() {
        its.autoApproved("r1");
        var gone = its.autoApproved("r2");
        its.ledger.checkpoint();
        TestStores.plant(folder.resolve("store.db"), "DELETE FROM ledger_entry WHERE leaf_index = " + gone.index());
        assertThat(SpotCheck.of(its.ledger).good()).isFalse();
    }

    @Test
    void a_signature_of_another_checkpoint_is_none() {
        its.autoApproved("r1");
        var earlier = its.ledger.checkpoint().note();
        its.autoApproved("r2");
        var later = its.ledger.checkpoint().note();
        var forged = later.substring(0, later.indexOf("\n\n")) + earlier.substring(earlier.indexOf("\n\n"));
        TestStores.plant(folder.resolve("store.db"), "UPDATE ledger_checkpoint SET note = ? WHERE size = 3", forged);
        var result = SpotCheck.of(its.ledger);
        assertThat(result.signed()).isFalse();
        assertThat(result.good()).isFalse();
    }

    @Test
    void the_newest_entries_are_looked_at_and_others_spread_over_all_each_once() {
        assertThat(SpotCheck.indices(10, 3, 5)).containsExactly(0L, 2L, 4L, 6L, 7L, 8L, 9L);
        assertThat(SpotCheck.indices(3, 10, 10)).containsExactly(0L, 1L, 2L);
        assertThat(SpotCheck.indices(0, 10, 10)).isEmpty();
        long large = 1L << 60;
        assertThat(SpotCheck.indices(large, 2, 4))
                .containsExactly(0L, large / 4, large / 2, large / 4 * 3, large - 2, large - 1);
    }

    @Test
    void the_first_entry_of_a_time_is_found_between_others() {
        var begun = its.clock.instant();
        its.clock.advance(Duration.ofMinutes(1));
        var one = its.autoApproved("r1");
        its.clock.advance(Duration.ofMinutes(1));
        var two = its.autoApproved("r2");
        assertThat(its.ledger.firstAt(begun.minusSeconds(1))).isZero();
        assertThat(its.ledger.firstAt(one.at())).isEqualTo(one.index());
        assertThat(its.ledger.firstAt(one.at().plusMillis(1))).isEqualTo(two.index());
        assertThat(its.ledger.firstAt(two.at().plusMillis(1))).isEqualTo(its.ledger.size());
    }
}
