package dev.countersign.config;

import dev.countersign.people.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// The two forms in which a configuration may hold a secret's hash: fast for what a machine made of 256 random bits,
/// slow for what a person made up. What is wrong is said without what was written: it may be the secret itself.
public final class Hashes {
    private static final String OF_NOTHING = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private Hashes() {}

    /// What is wrong with a password's hash; empty when it will do.
    static Optional<String> password(String text) {
        if (!text.startsWith("$argon2id$")) {
            return Optional.of(named(text));
        }
        try {
            PasswordHash.parse(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    static boolean ofNothing(String text) {
        return text.equals(OF_NOTHING);
    }

    /// What a text is that will not do.
    static String named(String text) {
        if (ofNothing(text)) {
            return "this is the hash of an empty secret";
        }
        if (text.startsWith("$2")) {
            return "bcrypt is not taken";
        }
        if (text.startsWith("$argon2")) {
            return "this kind of argon2 is not taken";
        }
        int colon = text.indexOf(':');
        if (colon > 0 && colon <= 12 && text.substring(0, colon).matches("[a-z0-9_-]+")) {
            return text.startsWith("sha256:")
                    ? "this sha256 hash is malformed"
                    : "`" + text.substring(0, colon) + ":` is not taken";
        }
        return "this is no hash, and a secret is never written here";
    }

    /// SHA-256 of a text's UTF-8, as lower-case hex.
    public static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
