package dev.countersign.ledger;

import dev.countersign.store.KeyedHash;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key that encrypts disclosures about one subject. Without it they are withheld.
final class SubjectKey {
    static final int BYTES = 32;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final Provider PROVIDER = provider(); // to find it costs more than a short text
    private static final int TAG_BITS = 128;
    // Never used twice: each leaf has a key of its own.
    private static final byte[] NONCE = new byte[12];

    final String id;
    final String subject;
    private final byte[] secret;
    private final KeyedHash leafKeys;

    /// Whether it was ever in the table. One that was and is no longer was erased, and must not come back.
    volatile boolean kept;

    SubjectKey(String id, String subject, byte[] secret, boolean kept) {
        this.id = id;
        this.subject = subject;
        this.secret = secret.clone();
        this.leafKeys = KeyedHash.of(secret);
        this.kept = kept;
    }

    byte[] secret() {
        return secret.clone();
    }

    /// Encrypts disclosures beside the leaf of that hash.
    byte[] seal(LeafHash leaf, List<Salted> disclosures) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, leaf).doFinal(Salted.join(disclosures));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /// @throws IllegalArgumentException when it was not sealed with this key beside this leaf
    List<Salted> open(LeafHash leaf, byte[] sealed) {
        try {
            return Salted.split(cipher(Cipher.DECRYPT_MODE, leaf).doFinal(sealed));
        } catch (AEADBadTagException e) {
            throw new IllegalArgumentException("disclosures of another leaf, or changed", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /// AES-256-GCM under a key for this one leaf, so that no subject ever uses up its nonces.
    private Cipher cipher(int mode, LeafHash leaf) throws GeneralSecurityException {
        var leafKey = leafKeys.bytes("countersign-disclosure/v1", leaf.toString());
        var cipher = Cipher.getInstance(CIPHER, PROVIDER);
        cipher.init(mode, new SecretKeySpec(leafKey, "AES"), new GCMParameterSpec(TAG_BITS, NONCE));
        return cipher;
    }

    private static Provider provider() {
        try {
            return Cipher.getInstance(CIPHER).getProvider();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    @Override
    public String toString() {
        return "key " + id;
    }
}
