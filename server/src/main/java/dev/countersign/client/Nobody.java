package dev.countersign.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.countersign.client.Client.SecretHash;
import dev.countersign.oauth.Jws;
import dev.countersign.oauth.SignatureKey;
import java.math.BigInteger;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The credentials that clients are compared with which are not there, so that their absence takes as long as a wrong
/// credential does. Nothing is ever proved by them.
record Nobody(SecretHash secret, List<SignatureKey> keys) {
    static Nobody make(@Nullable Provider provider) {
        var random = new SecureRandom();
        var hash = new byte[32];
        random.nextBytes(hash);
        // A check with an RSA key takes as long whether or not its modulus is the product of two primes.
        var modulus = new BigInteger(2048, random).setBit(2047).setBit(0);
        var rsa = new RSAKey.Builder(Base64URL.encode(modulus), Base64URL.encode(BigInteger.valueOf(65537))).build();
        try {
            var p256 = new ECKeyGenerator(Curve.P_256)
                    .provider(provider)
                    .generate()
                    .toPublicJWK();
            return new Nobody(
                    new SecretHash(HexFormat.of().formatHex(hash), Optional.empty()),
                    List.of(SignatureKey.of(p256, provider), SignatureKey.of(rsa, provider)));
        } catch (JOSEException | Jws.Fault impossible) {
            throw new IllegalStateException(impossible); // every JDK has P-256 and RSA
        }
    }

    /// Checks one signature, for the time it takes.
    void workAsMuch(Jws jws) {
        for (var key : keys) {
            key.signed(jws);
        }
    }
}
