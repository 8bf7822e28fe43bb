package dev.countersign.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hashes of RFC 6962 §2.1. A leaf and a node are hashed with different first bytes, so that nobody can pass
/// one off as the other.
final class Merkle {
    static final int HASH_BYTES = 32;

    /// The root of a tree without leaves: SHA-256 of nothing.
    static final byte[] EMPTY_ROOT = sha256().digest();

    private Merkle() {}

    /// `SHA-256(0x00 || leaf)`.
    static byte[] leafHash(byte[] leaf) {
        var digest = sha256();
        digest.update((byte) 0);
        return digest.digest(leaf);
    }

    /// `SHA-256(0x01 || left || right)`.
    static byte[] nodeHash(byte[] left, byte[] right) {
        var digest = sha256();
        digest.update((byte) 1);
        digest.update(left);
        return digest.digest(right);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The largest power of two below `size`: where RFC 6962 §2.1 splits a tree of more than one leaf.
    static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
