package dev.countersign.passkey;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/// What the authenticator says, WebAuthn §6.1.
///
/// @param count how often the passkey was used; 0 of authenticators that do not count
/// @param made the passkey that was made; empty of assertions
@SuppressWarnings("ArrayRecordComponent") // never compared
record AuthenticatorData(byte[] partyHash, int flags, long count, Optional<Made> made) {
    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int MADE = 0x40;
    private static final int EXTENDED = 0x80;

    /// §5.8.3: the longest that an authenticator calls its passkey.
    private static final int LONGEST_ID = 1023;

    /// A new passkey.
    ///
    /// @param id in base64url
    record Made(String id, CredentialKey key) {}

    static AuthenticatorData read(byte[] bytes) throws Unreadable {
        try {
            var in = ByteBuffer.wrap(bytes);
            var partyHash = new byte[32];
            in.get(partyHash);
            int flags = Byte.toUnsignedInt(in.get());
            long count = Integer.toUnsignedLong(in.getInt());
            var made = (flags & MADE) == 0 ? Optional.<Made>empty() : Optional.of(made(in));
            if ((flags & EXTENDED) != 0) {
                Cbor.map(in);
            }
            if (in.hasRemaining()) {
                throw new Unreadable("something stands behind what the authenticator says");
            }
            return new AuthenticatorData(partyHash, flags, count, made);
        } catch (BufferUnderflowException e) {
            throw new Unreadable("what the authenticator says is cut short");
        }
    }

    private static Made made(ByteBuffer in) throws Unreadable {
        in.get(new byte[16]); // the make, which without attestation is nobody's word
        int length = Short.toUnsignedInt(in.getShort());
        if (length == 0 || length > LONGEST_ID) {
            throw new Unreadable("the passkey's id has no length that there is");
        }
        var id = new byte[length];
        in.get(id);
        return new Made(Base64Url.write(id), CredentialKey.ofCose(Cbor.map(in)));
    }

    /// Why it is not for that relying party, or nobody stood there; empty when it is and somebody did. §7.2 steps 15
    /// to 17.
    Optional<String> against(RelyingParty party) {
        if (!Arrays.equals(partyHash, sha256(party.id().getBytes(StandardCharsets.UTF_8)))) {
            return Optional.of("it is for another server than " + party.id());
        }
        if ((flags & PRESENT) == 0) {
            return Optional.of("nobody touched the authenticator");
        }
        return (flags & VERIFIED) == 0
                ? Optional.of("the authenticator did not ask for a PIN, a finger or a face")
                : Optional.empty();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has SHA-256
        }
    }
}
