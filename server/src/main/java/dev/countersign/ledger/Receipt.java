package dev.countersign.ledger;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Proof that one entry is in the ledger, C2SP tlog-proof. It stands alone: whoever has the ledger's public key can
/// check it offline, for ever.
///
/// @param leaf the entry's bytes, carried as the `extra` of the proof: they prove nothing until hashed and led to
/// the root
/// @param path the inclusion proof, the leaf's sibling first
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Receipt(byte[] leaf, long index, List<byte[]> path, Checkpoint checkpoint) {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final int MOST_STEPS = 63;

    /// Reads the text form strictly.
    ///
    /// @throws IllegalArgumentException when it is no receipt
    public static Receipt parse(String text) {
        int blank = text.indexOf("\n\n");
        if (blank < 0) {
            throw new IllegalArgumentException("a receipt is a proof, an empty line and a checkpoint");
        }
        var lines = text.substring(0, blank).split("\n", -1);
        if (lines.length < 3
                || lines.length > 3 + MOST_STEPS
                || !lines[0].equals(HEADER)
                || !lines[1].startsWith("extra ")
                || !lines[2].matches("index (0|[1-9][0-9]{0,17})")) {
            throw new IllegalArgumentException("not a receipt");
        }
        var path = new ArrayList<byte[]>();
        for (int i = 3; i < lines.length; i++) {
            path.add(Note.base64(lines[i]));
        }
        return new Receipt(
                Note.base64(lines[1].substring("extra ".length())),
                Long.parseLong(lines[2].substring("index ".length())),
                path,
                Checkpoint.parse(text.substring(blank + 2)));
    }

    /// The hash that a token carries in `approval.entry`.
    public LeafHash hash() {
        return LeafHash.of(Merkle.leafHash(leaf));
    }

    /// The entry it is about.
    public EntryView entry() {
        return EntryView.parse(index, leaf);
    }

    /// True when one of the keys signed the checkpoint and the entry is under its root.
    public boolean verifies(List<NoteKey> keys) {
        return path.stream().allMatch(step -> step.length == Merkle.HASH_BYTES)
                && checkpoint.isSignedBy(keys)
                && Proofs.includes(Merkle.leafHash(leaf), index, checkpoint.size(), path, checkpoint.root());
    }

    /// The text form, to be kept as a `.tlog-proof` file.
    @Override
    public String toString() {
        var base64 = Base64.getEncoder();
        var text = new StringBuilder(HEADER)
                .append("\nextra ")
                .append(base64.encodeToString(leaf))
                .append("\nindex ")
                .append(index)
                .append('\n');
        path.forEach(step -> text.append(base64.encodeToString(step)).append('\n'));
        return text.append('\n').append(checkpoint.note()).toString();
    }
}
