package dev.countersign.oauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// SHA-256 of text in UTF-8.
public final class Sha256 {
    private Sha256() {}

    /// The 32 bytes.
    public static byte[] of(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has SHA-256
        }
    }

    /// In base64url without padding, as OAuth writes hashes: 43 characters.
    public static String base64url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(of(text));
    }

    /// Of several texts, each with its length before it, so that no two lists of texts are the same bytes.
    public static String ofAll(String... texts) {
        var joined = new StringBuilder();
        for (var text : texts) {
            joined.append(text.length()).append(':').append(text);
        }
        return base64url(joined.toString());
    }
}
