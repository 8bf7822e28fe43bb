package dev.countersign.passkey;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The public key of a passkey, and the one algorithm it signs by.
///
/// It is kept as its SubjectPublicKeyInfo, which any tool reads, rather than as the COSE key that the authenticator
/// wrote.
///
/// @param spki the DER, in base64url
public record CredentialKey(Algorithm algorithm, String spki) {
    /// RFC 8410 §4: what stands before the 32 bytes of an Ed25519 key.
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final long KTY = 1;
    private static final long ALG = 3;
    private static final long CURVE = -1;
    private static final long X = -2;
    private static final long Y = -3;

    /// What passkeys sign by, with COSE's numbers (RFC 9053 §2, RFC 8812 §2), the best first.
    public enum Algorithm {
        ES256(-7, "EC", "SHA256withECDSA"),
        EDDSA(-8, "Ed25519", "Ed25519"),
        RS256(-257, "RSA", "SHA256withRSA");

        /// COSE's number.
        public final long cose;

        private final String family;
        private final String signature;

        Algorithm(long cose, String family, String signature) {
            this.cose = cose;
            this.family = family;
            this.signature = signature;
        }

        /// The one of that number; empty when it is none of these.
        public static Optional<Algorithm> of(long cose) {
            return Arrays.stream(values()).filter(it -> it.cose == cose).findAny();
        }

        /// The numbers, for a browser to choose from.
        public static List<Long> all() {
            return Arrays.stream(values()).map(it -> it.cose).toList();
        }
    }

    /// Reads the key that an authenticator made, RFC 9053 §7.
    static CredentialKey ofCose(Map<?, ?> cose) throws Unreadable {
        var algorithm = cose.get(ALG) instanceof Long alg
                ? Algorithm.of(alg).orElseThrow(() -> new Unreadable("its key signs by an algorithm we do not take"))
                : null;
        if (algorithm == null) {
            throw new Unreadable("its key names no algorithm");
        }
        try {
            return switch (algorithm) {
                case ES256 -> {
                    expect(cose, KTY, 2);
                    expect(cose, CURVE, 1);
                    // A point that is not on the curve is refused here.
                    var point = new ECKey.Builder(
                            Curve.P_256, Base64URL.encode(bytes(cose, X, 32)), Base64URL.encode(bytes(cose, Y, 32)));
                    yield new CredentialKey(
                            algorithm,
                            Base64Url.write(point.build().toECPublicKey().getEncoded()));
                }
                case EDDSA -> {
                    expect(cose, KTY, 1);
                    expect(cose, CURVE, 6);
                    var der = Arrays.copyOf(ED25519, ED25519.length + 32);
                    System.arraycopy(bytes(cose, X, 32), 0, der, ED25519.length, 32);
                    yield checked(new CredentialKey(algorithm, Base64Url.write(der)));
                }
                case RS256 -> {
                    expect(cose, KTY, 3);
                    var modulus = new BigInteger(1, bytes(cose, -1, -1));
                    var exponent = new BigInteger(1, bytes(cose, -2, -1));
                    var spec = new RSAPublicKeySpec(modulus, exponent);
                    yield checked(new CredentialKey(
                            algorithm,
                            Base64Url.write(KeyFactory.getInstance("RSA")
                                    .generatePublic(spec)
                                    .getEncoded())));
                }
            };
        } catch (JOSEException | GeneralSecurityException | IllegalStateException | IllegalArgumentException e) {
            throw new Unreadable("its key is none");
        }
    }

    private static void expect(Map<?, ?> cose, long name, long value) throws Unreadable {
        if (!Long.valueOf(value).equals(cose.get(name))) {
            throw new Unreadable("its key is not of the kind that its algorithm signs by");
        }
    }

    private static byte[] bytes(Map<?, ?> cose, long name, int length) throws Unreadable {
        if (cose.get(name) instanceof byte[] bytes && (length < 0 || bytes.length == length)) {
            return bytes;
        }
        throw new Unreadable("its key is cut short");
    }

    private static CredentialKey checked(CredentialKey key) throws Unreadable {
        if (!key.isSound()) {
            throw new Unreadable("its key is too weak, or none");
        }
        return key;
    }

    /// Whether it can be read and is strong enough.
    public boolean isSound() {
        try {
            return switch (key()) {
                case ECPublicKey it ->
                    algorithm == Algorithm.ES256 && it.getParams().getOrder().bitLength() == 256;
                case RSAPublicKey it ->
                    algorithm == Algorithm.RS256
                            && it.getModulus().bitLength() >= 2048
                            && it.getModulus().bitLength() <= 4096
                            && it.getPublicExponent().bitLength() <= 32;
                case PublicKey it ->
                    algorithm == Algorithm.EDDSA && it.getAlgorithm().equals("EdDSA");
            };
        } catch (GeneralSecurityException | Unreadable e) {
            return false;
        }
    }

    /// Whether this key signed it.
    boolean signed(byte[] data, byte[] signature) {
        try {
            var verifier = Signature.getInstance(algorithm.signature);
            verifier.initVerify(key());
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | Unreadable e) {
            return false; // a signature or a key that cannot be read is none
        }
    }

    private PublicKey key() throws GeneralSecurityException, Unreadable {
        return KeyFactory.getInstance(algorithm.family).generatePublic(new X509EncodedKeySpec(Base64Url.read(spki)));
    }
}
