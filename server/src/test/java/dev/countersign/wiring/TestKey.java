package dev.countersign.wiring;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// A client's key: proves itself with DPoP, or signs assertions.
final class TestKey {
    final ECKey key;

    TestKey() {
        try {
            this.key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The header of a request to this path.
    Map<String, String> proof(TestGate gate, String path) {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK())
                .build();
        return Map.of(
                "DPoP",
                signed(
                        header,
                        Map.of(
                                "jti",
                                UUID.randomUUID().toString(),
                                "htm",
                                "POST",
                                "htu",
                                TestGate.ISSUER + path,
                                "iat",
                                gate.clock.instant().getEpochSecond())));
    }

    /// A client assertion, RFC 7523.
    String assertion(String client, String id, Instant now) {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k1").build();
        return signed(
                header,
                Map.of(
                        "iss",
                        client,
                        "sub",
                        client,
                        "aud",
                        TestGate.ISSUER,
                        "jti",
                        id,
                        "exp",
                        now.plusSeconds(60).getEpochSecond()));
    }

    String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String signed(JWSHeader header, Map<String, Object> claims) {
        try {
            var jws = new JWSObject(header, new Payload(new HashMap<>(claims)));
            jws.sign(new ECDSASigner(key));
            return jws.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
