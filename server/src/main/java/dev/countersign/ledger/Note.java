package dev.countersign.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// A text and the signatures under it, C2SP signed-note.
///
/// @param text what is signed, with its last newline
/// @param signatures in the order they stand
record Note(String text, List<Signed> signatures) {
    /// At least sixteen must be accepted; more than this is nobody's honest note.
    private static final int MOST_SIGNATURES = 64;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Signed(String name, byte[] keyId, byte[] signature) {}

    /// What a list of known keys makes of a note.
    enum Verdict {
        /// A known key signed it, and no known key's signature is wrong.
        SIGNED,
        /// A signature that claims a known key does not verify.
        FALSIFIED,
        /// No known key signed it.
        UNKNOWN
    }

    /// Reads a note strictly.
    ///
    /// @throws IllegalArgumentException when it is not one
    static Note parse(byte[] bytes) {
        var all = utf8(bytes);
        if (all.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new IllegalArgumentException("a note holds no control characters");
        }
        int blank = all.lastIndexOf("\n\n");
        if (blank < 0 || !all.endsWith("\n") || blank + 2 == all.length()) {
            throw new IllegalArgumentException("a note is a text, an empty line and signatures");
        }
        var lines = all.substring(blank + 2, all.length() - 1).split("\n", -1);
        if (lines.length > MOST_SIGNATURES) {
            throw new IllegalArgumentException("a note has at most " + MOST_SIGNATURES + " signatures");
        }
        var signatures = new ArrayList<Signed>();
        for (var line : lines) {
            signatures.add(signature(line));
        }
        return new Note(all.substring(0, blank + 1), signatures);
    }

    private static Signed signature(String line) {
        var parts = line.split(" ", -1);
        if (parts.length != 3 || !parts[0].equals("—") || parts[1].isEmpty() || parts[1].contains("+")) {
            throw new IllegalArgumentException("not a signature line: " + line);
        }
        var signed = base64(parts[2]);
        if (signed.length < 5) {
            throw new IllegalArgumentException("a signature line holds a key id and a signature: " + line);
        }
        return new Signed(parts[1], Arrays.copyOf(signed, 4), Arrays.copyOfRange(signed, 4, signed.length));
    }

    /// Signatures of unknown keys are passed over, which is how keys are rotated and witnesses added; one of a
    /// known key that fails spoils the note.
    Verdict verify(List<NoteKey> known) {
        var signedText = text.getBytes(StandardCharsets.UTF_8);
        var verdict = Verdict.UNKNOWN;
        for (var signed : signatures) {
            for (var key : known) {
                if (!key.name().equals(signed.name()) || !Arrays.equals(key.id(), signed.keyId())) {
                    continue;
                }
                if (!key.verifies(signedText, signed.signature())) {
                    return Verdict.FALSIFIED;
                }
                verdict = Verdict.SIGNED;
            }
        }
        return verdict;
    }

    static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    /// Standard base64 in its one canonical spelling: the JDK's decoder lets missing padding and stray last bits
    /// pass, and a proof must not be changeable without notice.
    static byte[] base64(String text) {
        var bytes = Base64.getDecoder().decode(text);
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new IllegalArgumentException("not canonical base64: " + text);
        }
        return bytes;
    }
}
