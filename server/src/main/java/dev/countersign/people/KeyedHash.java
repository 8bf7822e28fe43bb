package dev.countersign.people;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 under the installation's key of kind `people`, so that whoever reads the store can neither test
/// guesses nor make a cookie that passes. Each purpose has hashes of its own.
public final class KeyedHash {
    /// What a hash is for.
    enum Purpose {
        SESSION,
        CSRF,
        API_TOKEN,
        DEVICE,
        USER
    }

    private final SecretKeySpec key;

    /// @param key 32 random bytes
    public KeyedHash(byte[] key) {
        if (key.length != 32) {
            throw new IllegalArgumentException("the key of people has 32 bytes");
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /// The hash in base64url.
    String of(Purpose purpose, String value) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((purpose.name() + "\0").getBytes(StandardCharsets.UTF_8));
            var hash = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /// Whether two hashes are the same, in a time that does not say where they differ.
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
