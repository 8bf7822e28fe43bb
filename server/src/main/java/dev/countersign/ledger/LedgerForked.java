package dev.countersign.ledger;

/// The ledger does not begin with what it signed earlier: its store was put back or altered. Nothing more may be
/// signed or issued until somebody has looked.
public final class LedgerForked extends RuntimeException {
    LedgerForked(Checkpoint signed, long size) {
        super("the ledger of " + size + " entries does not continue the checkpoint it signed over " + signed.size()
                + ": restore the store it had, or open a new ledger");
    }

    /// The same, met again.
    LedgerForked(LedgerForked found) {
        super(found.getMessage(), found);
    }
}
