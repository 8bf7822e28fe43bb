package dev.countersign.oauth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.Provider;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A client's public key, translated once so that it can check signatures at no further cost.
///
/// Each key does the algorithms of its kind and no others (RFC 8725 §3.1): P-256 does ES256, RSA of 2048 to 4096 bits
/// does PS256 and RS256. Ed25519 waits for a JOSE library that needs no Tink for it.
public final class SignatureKey {
    /// RFC 7638, base64url of SHA-256.
    public final String thumbprint;

    /// The key's name; empty when it has none.
    public final String kid;

    private final Set<JWSAlgorithm> algorithms;
    private final JWSVerifier verifier;

    private SignatureKey(JWK key, Set<JWSAlgorithm> algorithms, JWSVerifier verifier) throws JOSEException {
        this.thumbprint = key.computeThumbprint().toString();
        this.kid = key.getKeyID() == null ? "" : key.getKeyID();
        this.algorithms = algorithms;
        this.verifier = verifier;
    }

    /// Translates a key.
    ///
    /// @param provider does the arithmetic; null for the JDK's choice
    /// @throws Jws.Fault when the key is of a kind we do not take, too weak, too costly, or for something else
    public static SignatureKey of(JWK key, @Nullable Provider provider) throws Jws.Fault {
        if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            throw new Jws.Fault("its key is not for signatures");
        }
        try {
            var verifier = switch (key) {
                case ECKey it when Curve.P_256.equals(it.getCurve()) -> new ECDSAVerifier(it.toECPublicKey());
                case RSAKey it when fits(it) -> new RSASSAVerifier(it.toRSAPublicKey());
                default -> throw new Jws.Fault("its key is neither P-256 nor RSA of 2048 to 4096 bits");
            };
            if (provider != null) {
                verifier.getJCAContext().setProvider(provider);
            }
            return new SignatureKey(key, algorithms(key), verifier);
        } catch (JOSEException fault) {
            throw new Jws.Fault("its key cannot be read");
        }
    }

    /// A long exponent makes each check slow, and whoever sends a key would choose it.
    private static boolean fits(RSAKey key) {
        int modulus = key.getModulus().decodeToBigInteger().bitLength();
        int exponent = key.getPublicExponent().decodeToBigInteger().bitLength();
        return modulus >= 2048 && modulus <= 4096 && exponent > 1 && exponent <= 32;
    }

    /// RFC 7517 §4.4: a key that names its algorithm does no other.
    private static Set<JWSAlgorithm> algorithms(JWK key) {
        var kind = key instanceof ECKey ? Set.of(JWSAlgorithm.ES256) : Set.of(JWSAlgorithm.PS256, JWSAlgorithm.RS256);
        return key.getAlgorithm() == null
                ? kind
                : kind.stream().filter(it -> it.equals(key.getAlgorithm())).collect(Collectors.toUnmodifiableSet());
    }

    /// True when this key may check signatures of that algorithm.
    public boolean does(JWSAlgorithm algorithm) {
        return algorithms.contains(algorithm);
    }

    /// True when this key signed it.
    public boolean signed(Jws jws) {
        return does(jws.header.getAlgorithm()) && jws.isSignedBy(verifier);
    }
}
