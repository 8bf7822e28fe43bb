package dev.countersign.people;

import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import dev.countersign.store.WrappedKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
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

    private static final String KIND = "people";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /// Under the installation's key, which is made the first time.
    public static KeyedHash open(Store store, WrappedKeys keys) {
        var known = store.read(tx -> key(tx, keys));
        return new KeyedHash(
                known.isPresent()
                        ? known.get()
                        : store.write(tx -> key(tx, keys).orElseGet(() -> make(tx, keys))));
    }

    private static Optional<byte[]> key(Tx tx, WrappedKeys keys) {
        return keys.all(tx, KIND).stream()
                .filter(it -> it.retiredAt().isEmpty())
                .findFirst()
                .flatMap(it -> keys.secret(tx, it.id()));
    }

    private static byte[] make(Tx tx, WrappedKeys keys) {
        var key = new byte[BYTES];
        RANDOM.nextBytes(key);
        keys.add(tx, Ids.next(), KIND, "HS256", "", key, tx.now());
        return key;
    }

    /// @param key 32 random bytes
    KeyedHash(byte[] key) {
        if (key.length != BYTES) {
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
