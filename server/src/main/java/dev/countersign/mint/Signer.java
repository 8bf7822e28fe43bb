package dev.countersign.mint;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;

/// One ES256 key, ready to sign and to check: headers built and keys translated once.
final class Signer {
    private static final JOSEObjectType AT_JWT = new JOSEObjectType("at+jwt"); // RFC 9068 §2.1

    private final ECKey publicKey;
    private final JWSHeader header;
    private final String protectedHeader; // with its dot
    private final ECDSASigner signer;
    private final ECDSAVerifier verifier;

    private Signer(ECKey publicKey, ECDSASigner signer, ECDSAVerifier verifier) {
        this.publicKey = publicKey;
        this.header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(AT_JWT)
                .keyID(publicKey.getKeyID())
                .build();
        this.protectedHeader = header.toBase64URL() + ".";
        this.signer = signer;
        this.verifier = verifier;
    }

    static Signer of(ECKey key) {
        try {
            var signer = new ECDSASigner(privateKey(key), key.getCurve());
            var verifier = new ECDSAVerifier(publicKey(key));
            NativeCrypto.provider().ifPresent(it -> {
                signer.getJCAContext().setProvider(it);
                verifier.getJCAContext().setProvider(it);
            });
            return new Signer(key.toPublicJWK(), signer, verifier);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("the token signing key " + key.getKeyID() + " is not usable", e);
        }
    }

    /// The key without its private part, for JWKS.
    ECKey publicKey() {
        return publicKey;
    }

    String keyId() {
        return publicKey.getKeyID();
    }

    /// The claims, signed, in compact form, RFC 7515 §7.1.
    String sign(byte[] claims) {
        var input = protectedHeader + Base64.getUrlEncoder().withoutPadding().encodeToString(claims);
        try {
            return input + '.' + signer.sign(header, input.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }

    /// True when this key signed it and it says it is an access token.
    boolean signed(JWSObject jws) {
        try {
            return AT_JWT.equals(jws.getHeader().getType())
                    && JWSAlgorithm.ES256.equals(jws.getHeader().getAlgorithm())
                    && jws.verify(verifier);
        } catch (JOSEException e) {
            return false;
        }
    }

    private static ECPrivateKey privateKey(ECKey key) throws JOSEException, GeneralSecurityException {
        var jdk = key.toECPrivateKey();
        return NativeCrypto.provider().isEmpty()
                ? jdk
                : (ECPrivateKey)
                        KeyFactory.getInstance("EC", NativeCrypto.provider().get())
                                .generatePrivate(new PKCS8EncodedKeySpec(jdk.getEncoded()));
    }

    private static ECPublicKey publicKey(ECKey key) throws JOSEException, GeneralSecurityException {
        var jdk = key.toECPublicKey();
        return NativeCrypto.provider().isEmpty()
                ? jdk
                : (ECPublicKey)
                        KeyFactory.getInstance("EC", NativeCrypto.provider().get())
                                .generatePublic(new X509EncodedKeySpec(jdk.getEncoded()));
    }

    static ECKey parse(String json) {
        try {
            return ECKey.parse(json);
        } catch (ParseException e) {
            throw new IllegalStateException("a stored signing key is not a JWK", e);
        }
    }
}
