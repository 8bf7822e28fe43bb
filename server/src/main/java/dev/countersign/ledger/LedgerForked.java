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

    /// What a node finds whose store is older than what it last saw signed.
    static LedgerForked behind(Anchor anchor, long anchored, long size) {
        return new LedgerForked("the store has " + size + " entries, and " + anchor + " has seen " + anchored
                + " of this ledger: the store was put back from an old copy, and what was used or revoked since could be"
                + " used again. " + PUT_BACK);
    }

    /// What a node finds whose store is none that it has seen.
    static LedgerForked otherWay(Anchor anchor, long anchored) {
        return new LedgerForked("the store's first " + anchored + " entries are not those that " + anchor
                + " has seen: the store was put back from an old copy and written to since, or changed. " + PUT_BACK);
    }

    /// What is wrong with the anchor itself.
    static LedgerForked anchor(String said) {
        return new LedgerForked("the anchor " + said);
    }

    private static final String PUT_BACK =
            "Nothing is issued from it. Put the right store in its place; or, when there is"
                    + " none, say `countersign restore FILE --replace` with the copy (SQLite) or `countersign restored`"
                    + " (PostgreSQL), which begin a new epoch, and read docs/how-to/back-up-and-restore.md";

    /// The same, met again.
    LedgerForked(LedgerForked found) {
        super(found.getMessage(), found);
    }
}
