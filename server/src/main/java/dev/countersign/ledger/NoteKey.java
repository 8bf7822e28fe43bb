package dev.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// An Ed25519 public key that signs notes under a name, C2SP signed-note. Its text form is the `vkey`:
/// `name+keyid+base64(0x01 || key)`.
public final class NoteKey {
    private static final byte ED25519 = 1;
    // RFC 8410 §4: the SubjectPublicKeyInfo of an Ed25519 key is this and the 32 bytes of the key.
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String name;
    private final byte[] key;
    private final PublicKey publicKey;

    private NoteKey(String name, byte[] key) throws GeneralSecurityException {
        // signed-note §Format: no spaces and no plus.
        if (name.isEmpty() || name.codePoints().anyMatch(NoteKey::cannotStandInAName)) {
            throw new IllegalArgumentException("not a key name: " + name);
        }
        this.name = name;
        this.key = key;
        var x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + key.length);
        System.arraycopy(key, 0, x509, X509_PREFIX.length, key.length);
        publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
    }

    private static boolean cannotStandInAName(int c) {
        return c == '+' || c < 0x20 || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /// The key that signs under `name`.
    static NoteKey of(String name, PublicKey publicKey) {
        var x509 = publicKey.getEncoded();
        try {
            return new NoteKey(name, Arrays.copyOfRange(x509, X509_PREFIX.length, x509.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key", e);
        }
    }

    /// Reads the `vkey` form.
    ///
    /// @throws IllegalArgumentException when it is not one, or its key id is not its key's
    public static NoteKey parse(String vkey) {
        var parts = vkey.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a vkey is name+keyid+key: " + vkey);
        }
        var typed = Base64.getDecoder().decode(parts[2]);
        if (typed.length != 33 || typed[0] != ED25519) {
            throw new IllegalArgumentException("only Ed25519 keys are known: " + vkey);
        }
        try {
            var key = new NoteKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
            if (!key.toString().equals(vkey)) {
                throw new IllegalArgumentException("the key id is not that of the key: " + vkey);
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an Ed25519 key: " + vkey, e);
        }
    }

    /// Who signs with it: for a ledger, its origin.
    public String name() {
        return name;
    }

    /// The first four bytes of `SHA-256(name || 0x0A || 0x01 || key)`.
    byte[] id() {
        var digest = Merkle.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        digest.update(ED25519);
        return Arrays.copyOf(digest.digest(key), 4);
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            var ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(publicKey);
            ed25519.update(text);
            return ed25519.verify(signature);
        } catch (SignatureException e) {
            return false; // not the shape of a signature, or no point on the curve
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /// The `vkey`.
    @Override
    public String toString() {
        var typed = new byte[1 + key.length];
        typed[0] = ED25519;
        System.arraycopy(key, 0, typed, 1, key.length);
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteKey it && it.name.equals(name) && Arrays.equals(it.key, key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }
}
