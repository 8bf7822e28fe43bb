package dev.countersign.mint;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// One ES256 key, ready to sign and to check: headers built and keys translated once.
final class Signer {
    private static final JOSEObjectType AT_JWT = new JOSEObjectType("at+jwt"); // RFC 9068 §2.1

    private final ECKey publicKey;
    private final String protectedHeader; // with its dot
    private final ECPrivateKey privateKey;
    private final ECDSAVerifier verifier;

    /// Those that nobody signs with at the moment, as many as ever signed at once: to make one is a sixth of the work.
    private final Queue<Signature> signatures = new ConcurrentLinkedQueue<>();

    private Signer(ECKey publicKey, ECPrivateKey privateKey, ECDSAVerifier verifier) {
        this.publicKey = publicKey;
        this.protectedHeader = new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(AT_JWT)
                        .keyID(publicKey.getKeyID())
                        .build()
                        .toBase64URL()
                + ".";
        this.privateKey = privateKey;
        this.verifier = verifier;
    }

    static Signer of(ECKey key) {
        try {
            var verifier = new ECDSAVerifier(publicKey(key));
            NativeCrypto.provider().ifPresent(it -> verifier.getJCAContext().setProvider(it));
            var signer = new Signer(key.toPublicJWK(), privateKey(key), verifier);
            signer.signatures.add(signer.signature());
            return signer;
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
            var idle = signatures.poll();
            var signature = idle != null ? idle : signature();
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            // RFC 7518 §3.4: both numbers, 32 bytes each.
            var numbers = ECDSA.transcodeSignatureToConcat(signature.sign(), 64);
            signatures.add(signature);
            return input + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(numbers);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException("signing failed", e);
        }
    }

    private Signature signature() throws GeneralSecurityException {
        var provider = NativeCrypto.provider();
        var signature = provider.isPresent()
                ? Signature.getInstance("SHA256withECDSA", provider.get())
                : Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        return signature;
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
