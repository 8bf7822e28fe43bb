package dev.countersign.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.countersign.http.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Makes DPoP proofs, good ones and bad ones.
final class Proofs {
    private final JWK key;

    Proofs(JWK key) {
        this.key = key;
    }

    String good(Instant at) {
        return with(at, Map.of());
    }

    /// A good proof but for these claims; an empty string leaves the claim out.
    String with(Instant at, Map<String, Object> otherwise) {
        var claims = new HashMap<String, Object>(Map.of(
                "jti",
                UUID.randomUUID().toString(),
                "htm",
                "POST",
                "htu",
                "https://auth.example.com/token",
                "iat",
                at.getEpochSecond()));
        claims.putAll(otherwise);
        claims.values().removeIf(""::equals);
        return signed(header().build(), Json.write(claims), key);
    }

    JWSHeader.Builder header() {
        return new JWSHeader.Builder(key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.PS256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK());
    }

    static String signed(JWSHeader header, String payload, JWK key) {
        try {
            var jws = new JWSObject(header, new Payload(payload));
            jws.sign(signer(key));
            return jws.serialize();
        } catch (JOSEException fault) {
            throw new IllegalArgumentException(fault);
        }
    }

    private static JWSSigner signer(JWK key) throws JOSEException {
        return key instanceof ECKey ec ? new ECDSASigner(ec) : new RSASSASigner((RSAKey) key);
    }
}
