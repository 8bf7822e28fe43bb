package dev.countersign.ledger;

/// The ledger does not begin with what it signed earlier: its store was put back or altered. Nothing more may be
/// signed or issued until somebody has looked.
public final class LedgerForked extends RuntimeException {
    LedgerForked(Checkpoint signed, long size) {
        super("the ledger of " + size + " entries does not continue the checkpoint it signed over " + signed.size()
                + ": restore the store it had, or open a new ledger");
    }

    private LedgerForked(String why) {
        super(why);
    }

    /// What a node finds that went on while its store was put back.
    static LedgerForked restored(String origin) {
        return new LedgerForked(
                "the ledger " + origin + " has ended: its store was put back from a backup, and it goes on"
                        + " under another name and key; start this node again");
    }

    /// What looking the whole ledger through finds.
    static LedgerForked damaged(String what) {
        return new LedgerForked("the ledger is damaged: " + what + "; restore a backup");
    }

    /// The same, met again.
    LedgerForked(LedgerForked found) {
        super(found.getMessage(), found);
    }
}
