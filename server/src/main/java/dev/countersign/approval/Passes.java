package dev.countersign.approval;

import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.Together;
import java.util.ArrayList;
import java.util.List;

/// What policy approves at once on its way into a store that several nodes write: those that wait at the same time
/// go in one transaction, of a few statements however many there are. One node and SQLite need none of this: there
/// the store itself commits many together.
final class Passes {
    private static final int TOGETHER = 128;

    private record Pass(Sought sought, Leaf leaf) {}

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Together<Pass, Boolean> together = new Together<>(TOGETHER, this::write);

    Passes(Store store, Ledger ledger, Approvals approvals) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
    }

    /// Writes the leaf and returns true when it is durable; false when something stands in the way of passing at once,
    /// and then nothing was written.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it was not made durable, or nobody can say whether it was
    boolean write(Sought sought, Leaf leaf) {
        // Nobody queues for a store that is away: it says so itself.
        return store.health().writable() && together.ask(new Pass(sought, leaf));
    }

    int waiting() {
        return together.waiting();
    }

    private List<Boolean> write(List<Pass> passes) {
        return store.writeGuarded(tx -> {
            Freezes.takePassage(tx);
            var free = approvals.free(tx, passes.stream().map(Pass::sought).toList());
            var written = new ArrayList<Boolean>(passes.size());
            var leaves = new ArrayList<Leaf>(passes.size());
            for (int i = 0; i < passes.size(); i++) {
                var leaf = passes.get(i).leaf();
                boolean goes = free.get(i) && tx.mayTellOf(leaf.time());
                written.add(goes);
                if (goes) {
                    leaves.add(leaf);
                }
            }
            ledger.placeAll(tx, leaves);
            Failpoint.pass("pass.written");
            return written;
        });
    }
}
