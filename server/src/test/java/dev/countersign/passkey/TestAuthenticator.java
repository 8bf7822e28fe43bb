package dev.countersign.passkey;

import dev.countersign.http.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// An authenticator and its browser, in software: it makes real passkeys and real assertions, and can be told to do it
/// wrong.
public final class TestAuthenticator {
    public static final int PRESENT = 0x01;
    public static final int VERIFIED = 0x04;
    private static final int MADE = 0x40;

    private final CredentialKey.Algorithm algorithm;
    private final KeyPair keys;
    private final byte[] id;

    /// How often it was used; one that does not count stays at 0.
    public long count;

    public boolean counts = true;

    /// The flags of what it says, beside that it made a passkey.
    public int flags = PRESENT | VERIFIED;

    /// The page that its browser shows.
    public String origin;

    /// The relying party that it says it signs for.
    public String party;

    public boolean framed;

    public TestAuthenticator(RelyingParty party) {
        this(party, CredentialKey.Algorithm.ES256);
    }

    public TestAuthenticator(RelyingParty party, CredentialKey.Algorithm algorithm) {
        this.algorithm = algorithm;
        this.origin = party.origin();
        this.party = party.id();
        try {
            this.keys = generator(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        this.id = Arrays.copyOf(AuthenticatorData.sha256(keys.getPublic().getEncoded()), 20);
    }

    private static KeyPairGenerator generator(CredentialKey.Algorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case ES256 -> {
                var generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                yield generator;
            }
            case EDDSA -> KeyPairGenerator.getInstance("Ed25519");
            case RS256 -> {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                yield generator;
            }
        };
    }

    /// The passkey's id.
    public String credential() {
        return Base64Url.write(id);
    }

    /// The key as it is kept.
    public CredentialKey key() {
        return new CredentialKey(algorithm, Base64Url.write(keys.getPublic().getEncoded()));
    }

    /// What it answers when it is to make a passkey.
    public Registration register(String challenge) {
        return new Registration(
                Base64Url.write(clientData("webauthn.create", challenge)), Base64Url.write(attestation()));
    }

    /// The attestation object, of the format `none`.
    public byte[] attestation() {
        var object = new LinkedHashMap<Object, Object>();
        object.put("fmt", "none");
        object.put("attStmt", Map.of());
        object.put("authData", authenticatorData(true));
        return cbor(object);
    }

    /// What it answers when it is to sign.
    public Assertion sign(String challenge) {
        return sign("webauthn.get", challenge);
    }

    public Assertion sign(String type, String challenge) {
        if (counts) {
            count++;
        }
        var client = clientData(type, challenge);
        var said = authenticatorData(false);
        var data = new ByteArrayOutputStream();
        data.writeBytes(said);
        data.writeBytes(AuthenticatorData.sha256(client));
        try {
            var signer = Signature.getInstance(
                    switch (algorithm) {
                        case ES256 -> "SHA256withECDSA";
                        case EDDSA -> "Ed25519";
                        case RS256 -> "SHA256withRSA";
                    });
            signer.initSign(keys.getPrivate());
            signer.update(data.toByteArray());
            return new Assertion(
                    credential(), Base64Url.write(client), Base64Url.write(said), Base64Url.write(signer.sign()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] clientData(String type, String challenge) {
        var json = new LinkedHashMap<String, Object>();
        json.put("type", type);
        json.put("challenge", challenge);
        json.put("origin", origin);
        json.put("crossOrigin", framed);
        json.put("other_keys_can_be_added_here", "do not compare clientDataJSON against a template");
        return Json.bytes(json);
    }

    /// What it says, as WebAuthn §6.1 lays it out.
    byte[] authenticatorData(boolean makes) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(AuthenticatorData.sha256(party.getBytes(StandardCharsets.UTF_8)));
        out.write(makes ? flags | MADE : flags);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) count).array());
        if (makes) {
            out.writeBytes(new byte[16]);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
            out.writeBytes(id);
            out.writeBytes(cbor(cose()));
        }
        return out.toByteArray();
    }

    private Map<Object, Object> cose() {
        var cose = new LinkedHashMap<Object, Object>();
        switch (keys.getPublic()) {
            case ECPublicKey it -> {
                cose.put(1L, 2L);
                cose.put(3L, -7L);
                cose.put(-1L, 1L);
                cose.put(-2L, unsigned(it.getW().getAffineX(), 32));
                cose.put(-3L, unsigned(it.getW().getAffineY(), 32));
            }
            case EdECPublicKey it -> {
                var encoded = it.getEncoded();
                cose.put(1L, 1L);
                cose.put(3L, -8L);
                cose.put(-1L, 6L);
                cose.put(-2L, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
            }
            case RSAPublicKey it -> {
                cose.put(1L, 3L);
                cose.put(3L, -257L);
                cose.put(-1L, unsigned(it.getModulus(), 256));
                cose.put(-2L, unsigned(it.getPublicExponent(), 3));
            }
            default -> throw new AssertionError(keys.getPublic());
        }
        return cose;
    }

    private static byte[] unsigned(BigInteger number, int length) {
        var bytes = number.toByteArray();
        var whole = new byte[length];
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, whole, length - (bytes.length - from), bytes.length - from);
        return whole;
    }

    /// CBOR as authenticators write it.
    static byte[] cbor(Object value) {
        var out = new ByteArrayOutputStream();
        write(out, value);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Long it -> head(out, it < 0 ? 1 : 0, it < 0 ? -1 - it : it);
            case byte[] it -> {
                head(out, 2, it.length);
                out.writeBytes(it);
            }
            case String it -> {
                var utf8 = it.getBytes(StandardCharsets.UTF_8);
                head(out, 3, utf8.length);
                out.writeBytes(utf8);
            }
            case Map<?, ?> it -> {
                head(out, 5, it.size());
                it.forEach((name, member) -> {
                    write(out, name);
                    write(out, member);
                });
            }
            default -> throw new AssertionError(value);
        }
    }

    private static void head(ByteArrayOutputStream out, int type, long argument) {
        if (argument < 24) {
            out.write(type << 5 | (int) argument);
        } else if (argument < 256) {
            out.write(type << 5 | 24);
            out.write((int) argument);
        } else {
            out.write(type << 5 | 25);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) argument).array());
        }
    }
}
