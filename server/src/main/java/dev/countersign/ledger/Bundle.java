package dev.countersign.ledger;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Entries as C2SP tlog-tiles bundles them: each after its length in two bytes, big-endian.
final class Bundle {
    private Bundle() {}

    static byte[] of(List<byte[]> leaves) {
        var bytes = new ByteArrayOutputStream();
        for (var leaf : leaves) {
            if (leaf.length > 0xFFFF) {
                throw new IllegalArgumentException("an entry of " + leaf.length + " bytes fits no bundle");
            }
            bytes.write(leaf.length >> 8);
            bytes.write(leaf.length);
            bytes.writeBytes(leaf);
        }
        return bytes.toByteArray();
    }

    /// The entries of a bundle; empty when the bytes do not end where an entry does.
    static Optional<List<byte[]>> parse(byte[] bytes) {
        var leaves = new ArrayList<byte[]>();
        int at = 0;
        while (at < bytes.length) {
            if (bytes.length - at < 2) {
                return Optional.empty();
            }
            int length = ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
            at += 2;
            if (bytes.length - at < length) {
                return Optional.empty();
            }
            leaves.add(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
        return Optional.of(leaves);
    }
}
