package dev.countersign.signin;

import com.nimbusds.jose.jwk.JWKSet;
import dev.countersign.oauth.Jws;
import dev.countersign.oauth.SignatureKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;

/// The keys that a provider signs with, as it shows them.
record Keys(List<SignatureKey> keys) {
    /// Without a `kid` every key may have to be tried.
    private static final int MOST = 100;

    /// Keys of kinds that are not taken are passed over: providers show those for encryption and newer algorithms, too.
    static Keys read(String body) throws Failed {
        JWKSet set;
        try {
            set = JWKSet.parse(body);
        } catch (ParseException | IllegalArgumentException e) {
            throw new Failed(Failure.UNTRUSTED, "its keys cannot be read");
        }
        var keys = new ArrayList<SignatureKey>();
        for (var key : set.getKeys()) {
            if (key.toPublicJWK() == null || keys.size() >= MOST) {
                continue; // a symmetric key is nobody's signature
            }
            try {
                keys.add(SignatureKey.of(key.toPublicJWK(), null));
            } catch (Jws.Fault _) {
                // Another key may have signed.
            }
        }
        return new Keys(List.copyOf(keys));
    }

    /// Whether one of them may have signed it.
    boolean mayHaveSigned(Jws jws) {
        return keys.stream().anyMatch(it -> fits(it, jws));
    }

    boolean signed(Jws jws) {
        return keys.stream().filter(it -> fits(it, jws)).anyMatch(it -> it.signed(jws));
    }

    private static boolean fits(SignatureKey key, Jws jws) {
        var kid = jws.header.getKeyID();
        return (kid == null || key.kid.isEmpty() || key.kid.equals(kid)) && key.does(jws.header.getAlgorithm());
    }
}
