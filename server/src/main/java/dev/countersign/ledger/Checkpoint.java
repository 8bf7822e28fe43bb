package dev.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// A signed tree head, C2SP tlog-checkpoint: which ledger, how many entries, and the root hash over all of them.
///
/// @param origin the ledger's name
/// @param note the signed note itself, byte for byte
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Checkpoint(String origin, long size, byte[] root, String note) {
    /// Signs a tree head. Only what is committed may be signed: see [Ledger#checkpoint()].
    static Checkpoint sign(String origin, long size, byte[] root, List<NoteSigner> signers) {
        var text = origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
        var note = new StringBuilder(text).append('\n');
        signers.forEach(signer -> note.append(signer.line(text)));
        return new Checkpoint(origin, size, root, note.toString());
    }

    /// Reads a checkpoint strictly. Its signatures are not checked: see [#isSignedBy].
    ///
    /// @throws IllegalArgumentException when it is not one
    public static Checkpoint parse(String note) {
        return parse(note.getBytes(StandardCharsets.UTF_8));
    }

    static Checkpoint parse(byte[] bytes) {
        var note = Note.parse(bytes);
        var lines = note.text().split("\n", -1);
        // Extension lines are allowed by the standard, not recommended, and no checkpoint of ours has any.
        if (lines.length != 4 || lines[0].isEmpty() || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
            throw new IllegalArgumentException("a checkpoint is origin, size and root hash");
        }
        var root = Note.base64(lines[2]);
        if (root.length != Merkle.HASH_BYTES) {
            throw new IllegalArgumentException("a root hash has 32 bytes");
        }
        return new Checkpoint(lines[0], Long.parseLong(lines[1]), root, new String(bytes, StandardCharsets.UTF_8));
    }

    /// True when one of the keys signed it and none that signed it is contradicted.
    public boolean isSignedBy(List<NoteKey> keys) {
        return Note.parse(note.getBytes(StandardCharsets.UTF_8)).verify(keys) == Note.Verdict.SIGNED;
    }

    /// The note.
    @Override
    public String toString() {
        return note;
    }
}
