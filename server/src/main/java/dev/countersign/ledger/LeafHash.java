package dev.countersign.ledger;

import java.util.Base64;

/// The hash of one leaf, RFC 6962 §2.1: SHA-256 of a zero byte and the leaf's bytes. `text` is its 32 bytes in
/// base64url without padding, as tokens carry it in `approval.entry`.
public record LeafHash(String text) {
    public static LeafHash of(byte[] hash) {
        if (hash.length != 32) {
            throw new IllegalArgumentException("a leaf hash has 32 bytes");
        }
        return new LeafHash(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    }

    public byte[] bytes() {
        return Base64.getUrlDecoder().decode(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
