package dev.countersign.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 under a key of this installation, so that whoever reads the store can neither test guesses nor make a
/// value that passes. Each kind has a key of its own, each purpose hashes of its own.
public final class KeyedHash {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Has the key and is never used itself: a copy of it costs less than finding and keying a new one.
    private final Mac keyed;

    private KeyedHash(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalStateException("a hash key has 32 bytes");
        }
        try {
            keyed = Mac.getInstance("HmacSHA256");
            keyed.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /// Under a key of 32 random bytes.
    public static KeyedHash of(byte[] key) {
        return new KeyedHash(key);
    }

    /// Under the installation's key of that kind, which is made the first time.
    public static KeyedHash open(Store store, WrappedKeys keys, String kind) {
        var known = store.read(tx -> key(tx, keys, kind));
        return new KeyedHash(
                known.isPresent()
                        ? known.get()
                        : store.write(tx -> key(tx, keys, kind).orElseGet(() -> make(tx, keys, kind))));
    }

    private static Optional<byte[]> key(Tx tx, WrappedKeys keys, String kind) {
        return keys.all(tx, kind).stream()
                .filter(it -> it.retiredAt().isEmpty())
                .findFirst()
                .flatMap(it -> keys.secret(tx, it.id()));
    }

    private static byte[] make(Tx tx, WrappedKeys keys, String kind) {
        var key = new byte[BYTES];
        RANDOM.nextBytes(key);
        keys.add(tx, Ids.next(), kind, "HS256", "", key, tx.now());
        return key;
    }

    /// The hash of a value for a purpose, in base64url without padding.
    public String of(String purpose, String value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(purpose, value));
    }

    /// The 32 bytes of the hash of a value for a purpose.
    public byte[] bytes(String purpose, String value) {
        try {
            return ((Mac) keyed.clone()).doFinal((purpose + "\0" + value).getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own HmacSHA256 can be copied", e);
        }
    }

    /// Whether two hashes are the same, in a time that does not say where they differ.
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
