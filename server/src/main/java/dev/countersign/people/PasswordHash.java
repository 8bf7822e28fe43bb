package dev.countersign.people;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Pattern;

/// An Argon2id hash of a password (RFC 9106) in its PHC string form, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
///
/// Any parameters between the limits are verified as they stand: below them a stolen configuration gives the passwords
/// away, above them one sign-in takes the machine.
public final class PasswordHash {
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,7}),t=([1-9][0-9]{0,3}),p=([1-9][0-9]{0,2})\\$([A-Za-z0-9+/]{1,128})\\$([A-Za-z0-9+/]{1,128})");

    private static final int LEAST_MEMORY = 4 * 1024; // KiB
    private static final int MOST_MEMORY = 128 * 1024; // KiB
    private static final int MOST_PASSES = 16;
    private static final int MOST_LANES = 8;
    private static final int LEAST_SALT = 8; // bytes, RFC 9106 §3.1
    private static final int LEAST_HASH = 16; // bytes
    private static final int MOST_BYTES = 64; // of salt and of hash

    // The first of the choices in OWASP's Password Storage Cheat Sheet that asks for one lane and two passes.
    private static final int MEMORY = 19_456; // KiB
    private static final int PASSES = 2;
    private static final int LANES = 1;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;
    private final int memory;
    private final int passes;
    private final int lanes;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(String text, int memory, int passes, int lanes, byte[] salt, byte[] hash) {
        this.text = text;
        this.memory = memory;
        this.passes = passes;
        this.lanes = lanes;
        this.salt = salt;
        this.hash = hash;
    }

    /// Reads the PHC form.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong and never what the text was
    public static PasswordHash parse(String text) {
        var parts = PHC.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a password hash looks like $argon2id$v=19$m=19456,t=2,p=1$salt$hash");
        }
        int memory = Integer.parseInt(parts.group(1));
        int passes = Integer.parseInt(parts.group(2));
        int lanes = Integer.parseInt(parts.group(3));
        if (memory < LEAST_MEMORY || memory > MOST_MEMORY) {
            throw new IllegalArgumentException(
                    "a password hash has a memory m of " + LEAST_MEMORY + " to " + MOST_MEMORY + " KiB");
        }
        if (passes > MOST_PASSES) {
            throw new IllegalArgumentException("a password hash has at most t=" + MOST_PASSES + " passes");
        }
        if (lanes > MOST_LANES) {
            throw new IllegalArgumentException("a password hash has at most p=" + MOST_LANES + " lanes");
        }
        var salt = decode(parts.group(4));
        var hash = decode(parts.group(5));
        if (salt.length < LEAST_SALT || salt.length > MOST_BYTES) {
            throw new IllegalArgumentException("a password hash has a salt of 8 to 64 bytes");
        }
        if (hash.length < LEAST_HASH || hash.length > MOST_BYTES) {
            throw new IllegalArgumentException("a password hash has 16 to 64 bytes after its salt");
        }
        return new PasswordHash(text, memory, passes, lanes, salt, hash);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a password hash has its salt and hash in base64", e);
        }
    }

    /// Hashes a password with a fresh salt.
    public static PasswordHash of(String password) {
        var salt = new byte[16];
        RANDOM.nextBytes(salt);
        var hash = argon2(MEMORY, PASSES, LANES, 32, salt, password);
        var base64 = Base64.getEncoder().withoutPadding();
        return parse("$argon2id$v=19$m=" + MEMORY + ",t=" + PASSES + ",p=" + LANES + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash));
    }

    /// Whether this is the hash of that password. Takes the memory and the time that the hash asks for.
    boolean matches(String password) {
        return MessageDigest.isEqual(argon2(memory, passes, lanes, hash.length, salt, password), hash);
    }

    private static byte[] argon2(int memory, int passes, int lanes, int length, byte[] salt, String password) {
        // One text, one password, however a keyboard composes its accents: RFC 8265 §4.2.2.
        var bytes = Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
        return Argon2Function.getInstance(memory, passes, lanes, length, Argon2.ID)
                .hash(bytes, salt)
                .getBytes();
    }

    /// The PHC form.
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// Keeps the hash out of logs.
    @Override
    public String toString() {
        return "(a password hash)";
    }
}
