package dev.countersign.client;

import com.nimbusds.jose.jwk.JWKSet;
import dev.countersign.oauth.Jws;
import dev.countersign.oauth.SignatureKey;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The public keys of one client, translated once for each published configuration.
record RegisteredKeys(List<SignatureKey> keys) {
    static final RegisteredKeys NONE = new RegisteredKeys(List.of());

    /// Without a `kid` every key may have to be tried.
    private static final int MOST = 8;

    static RegisteredKeys of(JWKSet set, @Nullable Provider provider) {
        var keys = new ArrayList<SignatureKey>();
        for (var key : set.getKeys()) {
            try {
                keys.add(SignatureKey.of(key.toPublicJWK(), provider));
            } catch (Jws.Fault fault) {
                throw new IllegalArgumentException("a client's key cannot be used: " + fault.said(), fault);
            }
        }
        return new RegisteredKeys(List.copyOf(keys));
    }

    /// @throws IllegalArgumentException when the set is empty, too large, or has a key that is private or not taken
    static void check(JWKSet set) {
        if (set.isEmpty() || set.size() > MOST) {
            throw new IllegalArgumentException("a client has 1 to " + MOST + " public keys");
        }
        if (set.getKeys().stream().anyMatch(it -> it.isPrivate())) {
            throw new IllegalArgumentException("a client's private key must never be in its registration");
        }
        of(set, null);
    }

    /// The keys that may have signed it: those of its `kid`, and those without one, that do its algorithm.
    List<SignatureKey> candidates(Jws jws) {
        var kid = jws.header.getKeyID();
        return keys.stream()
                .filter(key -> kid == null || key.kid.isEmpty() || key.kid.equals(kid))
                .filter(key -> key.does(jws.header.getAlgorithm()))
                .toList();
    }
}
