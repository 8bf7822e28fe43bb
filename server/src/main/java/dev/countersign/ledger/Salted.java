package dev.countersign.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.store.Ids;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/// A value with its salt, RFC 9901 §4.2.1: the leaf has the digest of `text`, and `text` alone says what it is a
/// digest of.
///
/// @param text base64url of the JSON array of salt, name and value
record Salted(String text, String name, String value) {
    private static final int SALT_BYTES = 16; // §9.3 recommends 128 bits

    static Salted of(String name, String value) {
        var array = LeafWriter.write(List.of(Ids.secret(SALT_BYTES), name, value));
        return new Salted(encode(array), name, value);
    }

    /// @throws IllegalArgumentException when the text is no disclosure
    static Salted parse(String text) {
        var array = LeafReader.readAsIs(Note.utf8(Base64.getUrlDecoder().decode(text)));
        if (array instanceof List<?> parts
                && parts.size() == 3
                && parts.get(0) instanceof String
                && parts.get(1) instanceof String name
                && parts.get(2) instanceof String value) {
            return new Salted(text, name, value);
        }
        throw new IllegalArgumentException("not a disclosure");
    }

    /// All in one JSON array: of the arrays that their texts are of, which need less room than the texts.
    static byte[] join(List<Salted> all) {
        var joined = new ByteArrayOutputStream(2_048);
        char before = '[';
        for (var salted : all) {
            joined.write(before);
            joined.writeBytes(Base64.getUrlDecoder().decode(salted.text));
            before = ',';
        }
        joined.writeBytes((before == '[' ? "[]" : "]").getBytes(US_ASCII));
        return joined.toByteArray();
    }

    /// What [#join] joined; or a JSON array of the texts, as the first ones were written.
    ///
    /// @throws IllegalArgumentException when it is neither
    static List<Salted> split(byte[] joined) {
        if (!(LeafReader.readAsIs(Note.utf8(joined)) instanceof List<?> all)) {
            throw new IllegalArgumentException("not disclosures");
        }
        return all.stream()
                .map(it -> it instanceof String text ? parse(text) : parse(encode(LeafWriter.write(it))))
                .toList();
    }

    private static String encode(byte[] array) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(array);
    }

    /// §4.2.3: SHA-256 of the base64url text, in base64url.
    String digest() {
        var digest = Merkle.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    }
}
