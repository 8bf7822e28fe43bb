package dev.countersign.ledger;

/// What the [Verifier] found.
public sealed interface Verification {
    /// Every byte is as it was signed, and every token had leave.
    ///
    /// @param keyFromFolder nobody said which key to trust, so that the folder vouches for itself: loudly to be
    /// said
    /// @param disclosed how many disclosures were there and match
    record Good(Checkpoint checkpoint, boolean keyFromFolder, long disclosed) implements Verification {}

    /// The first thing that is wrong.
    ///
    /// @param index of the first bad entry; -1 when no single entry is to blame
    record Bad(long index, Fault fault, String said) implements Verification {
        @Override
        public String toString() {
            return (index < 0 ? "" : "entry " + index + ": ") + fault.word() + ": " + said;
        }
    }

    /// What kind of wrong.
    enum Fault {
        /// A file or an entry is missing, cut short or cannot be read.
        MISSING,
        /// A file that does not belong there.
        STRAY,
        /// An entry is not the one that was signed.
        ALTERED,
        /// The entries are as signed, but a tile is not their hashes.
        TILE,
        /// Entries and tiles agree with one another and not with the checkpoint.
        ROOT,
        /// The checkpoint is not signed by the trusted key.
        SIGNATURE,
        /// The ledger does not continue the checkpoint that the auditor kept.
        FORKED,
        /// An entry is in the tree but is no entry of ours.
        MALFORMED,
        /// An entry does not follow the entry of its request that it should.
        CHAIN,
        /// An entry is older than one before it.
        TIME,
        /// An entry should not have been written: a token without leave, a decision without its votes.
        UNJUSTIFIED,
        /// A disclosure is not what its entry has the digest of.
        DISCLOSURE;

        /// The word for people and scripts.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
