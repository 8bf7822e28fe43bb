package dev.countersign.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.MasterKey;
import dev.countersign.store.WrappedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PassesTest {
    private static final Sought SOUGHT =
            new Sought("join", "refund-bot", "snapshot", "https://payments.example.com", Duration.ofMinutes(10));

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    /// Those who come with it must not fail for it.
    @Test
    void what_is_nearly_too_old_to_be_told_does_not_go_with_others() {
        assumeTrue(TestStores.onPostgres(), "SQLite has nobody go with others");
        var master = MasterKey.of(MasterKey.generate());
        try (var store = TestStores.open(folder.resolve("store.db"), clock);
                var ledger = Ledger.open(
                        store, master, WrappedKeys.open(store, master), "auth.example.com", "node", clock)) {
            var passes = new Passes(store, ledger, new Approvals());
            var late = leaf(ledger);
            clock.advance(Duration.ofMillis(4_500));
            assertThat(passes.write(SOUGHT, late)).isFalse();
            assertThat(passes.write(SOUGHT, leaf(ledger))).isTrue();
        }
    }

    private Leaf leaf(Ledger ledger) {
        return ledger.seal(new Entry(
                Code.FREEZE_LIFTED,
                clock.instant(),
                new Entry.Actor("operator", "test"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                List.of()));
    }
}
