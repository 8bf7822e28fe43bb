package dev.countersign.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// The one key that is kept outside the store. It wraps every secret inside, so that whoever reads the database or
/// a backup can forge nothing.
///
/// The key itself encrypts nothing: each purpose has a key of its own, derived from it by HKDF-SHA256 (RFC 5869).
public final class MasterKey {
    private static final int BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /// First byte of what is wrapped, so that another way to wrap can be told from this one.
    private static final byte AES_256_GCM = 1;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<PosixFilePermission> OURS =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final byte[] key;
    private final SecretKey wrapping;

    private MasterKey(byte[] key) {
        this.key = key;
        this.wrapping = derive("wrap", "AES");
    }

    /// A new key as the text that its file holds: base64url of 32 random bytes.
    public static String generate() {
        return Ids.secret(BYTES);
    }

    /// Reads the key from a file that nobody but its owner may touch.
    public static MasterKey read(Path file) {
        try {
            var permissions = Files.getPosixFilePermissions(file);
            if (!OURS.containsAll(permissions)) {
                throw new StoreRefused("the master key in " + file + " is open to others: chmod 600 it, "
                        + "and make a new one if anybody may have read it");
            }
            return parse(Files.readString(file, StandardCharsets.US_ASCII).strip(), file.toString());
        } catch (IOException e) {
            throw new StoreRefused("the master key cannot be read from " + file + " (" + e + ")", e);
        }
    }

    /// The key that this text holds.
    public static MasterKey of(String base64url) {
        return parse(base64url, "the text given");
    }

    private static MasterKey parse(String base64url, String where) {
        try {
            var key = Base64.getUrlDecoder().decode(base64url);
            if (key.length == BYTES) {
                return new MasterKey(key);
            }
        } catch (IllegalArgumentException notBase64) {
            // Said below, without the text: it may be a key all the same.
        }
        throw new StoreRefused("the master key in " + where + " is not base64url of " + BYTES + " bytes");
    }

    /// A key for one purpose, always the same one: for keyed digests.
    public SecretKey derive(String purpose) {
        return derive(purpose, "HmacSHA256");
    }

    /// Encrypts a secret. What it is for is bound to it: [#unwrap] needs the same text.
    public byte[] wrap(byte[] secret, String purpose) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, purpose);
            var wrapped = ByteBuffer.allocate(1 + NONCE_BYTES + cipher.getOutputSize(secret.length));
            wrapped.put(AES_256_GCM).put(nonce);
            cipher.doFinal(ByteBuffer.wrap(secret), wrapped);
            return wrapped.array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not to be had", e);
        }
    }

    /// The secret that was wrapped.
    ///
    /// @throws StoreRefused when it was wrapped by another key or for another purpose, or was changed since
    public byte[] unwrap(byte[] wrapped, String purpose) {
        if (wrapped.length < 1 + NONCE_BYTES + TAG_BITS / 8 || wrapped[0] != AES_256_GCM) {
            throw new StoreRefused("what is kept for " + purpose + " is not a wrapped secret: restore a backup");
        }
        var nonce = new byte[NONCE_BYTES];
        System.arraycopy(wrapped, 1, nonce, 0, NONCE_BYTES);
        int start = 1 + NONCE_BYTES;
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(wrapped, start, wrapped.length - start);
        } catch (AEADBadTagException e) {
            throw new StoreRefused(
                    "this master key does not open what is kept for " + purpose
                            + ": give the key that this store was made with",
                    e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not to be had", e);
        }
    }

    /// Says nothing of the key.
    @Override
    public String toString() {
        return "MasterKey";
    }

    private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, wrapping, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private SecretKey derive(String purpose, String algorithm) {
        var info = ("countersign/v1/" + algorithm + "/" + purpose).getBytes(StandardCharsets.UTF_8);
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm, HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF is not to be had", e);
        }
    }
}
