package dev.countersign.approval;

import dev.countersign.PausePoints;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Store;

/// Cancels a request as nobody should: looks in one transaction and writes in another, whatever came between. Tests of
/// races have to notice it.
public final class Careless {
    private Careless() {}

    /// Cancels it; false when there was nothing to cancel.
    public static boolean cancel(Store store, Ledger ledger, Approvals approvals, String id, Entry.Actor by) {
        var seen = store.read(tx -> approvals.find(tx, id)).orElseThrow().approval();
        PausePoints.reached("looked");
        if (seen.deadline().isEmpty()) {
            return false;
        }
        return store.writeGuarded(tx -> {
            var row = approvals.hold(tx, id).orElseThrow();
            var leaf = ledger.append(tx, Entries.cancelled(seen, by, tx.now(), row.lastLeaf()));
            var cancelled = new Approval.Cancelled(seen.question(), seen.heard(), tx.now());
            return approvals.step(tx, row, cancelled, leaf.hash(), tx.now());
        });
    }
}
