package dev.countersign.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Disclosures come back as they were written, also those that were written in the first form.
final class DisclosureFormTest {
    private static final byte[] SECRET = new byte[SubjectKey.BYTES];
    private static final LeafHash LEAF = LeafHash.of(Merkle.leafHash(new byte[] {1}));

    private final SubjectKey key = new SubjectKey("key-1", "refund-bot", SECRET, true);

    @Test
    void texts_and_digests_come_back_whatever_is_in_them() {
        var salted = List.of(
                Salted.of("address", "203.0.113.9"),
                Salted.of("reason", "\u00e9 e\u0301 \u0001 \"quoted\" \\ \n\t \uD83D\uDE00 <b>"),
                Salted.of("facts", "{\"added\":{},\"facts\":{\"client.name\":\"Möbius\"},\"schema\":1}"),
                Salted.of("", ""));
        assertThat(key.open(LEAF, key.seal(LEAF, salted))).isEqualTo(salted);
        assertThat(key.open(LEAF, key.seal(LEAF, List.of()))).isEmpty();
    }

    @Test
    void a_row_that_is_cut_short_is_refused() {
        var row = Sealed.write(List.of(new Sealed("key-1", "refund-bot", List.of("reason"), new byte[] {7, 8})));
        for (int length = 0; length < row.length; length++) {
            var cut = Arrays.copyOf(row, length);
            assertThatThrownBy(() -> Sealed.read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_row_comes_back() {
        var sealed = new Sealed("key-1", "Müller", List.of("address", "facts"), new byte[] {1, 2, 3});
        var empty = new Sealed("key-2", "", List.of(), new byte[0]);
        assertThat(Sealed.read(Sealed.write(List.of(sealed, empty))))
                .usingRecursiveComparison()
                .isEqualTo(List.of(sealed, empty));
        assertThat(Sealed.write(List.of())).isEmpty();
    }

    /// A JSON array of base64 texts, of which one is a JSON array of base64url texts.
    @Test
    void the_first_form_of_a_row_is_read() {
        var salted = List.of(Salted.of("address", "203.0.113.9"), Salted.of("facts", "{\"schema\":1}"));
        var texts = LeafWriter.write(salted.stream().map(Salted::text).toList());
        assertThat(Salted.split(texts)).isEqualTo(salted);

        var row = "[{\"key\":\"key-1\",\"names\":[\"address\",\"facts\"],\"sealed\":\""
                + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3}) + "\",\"subject\":\"refund-bot\"}]";
        assertThat(Sealed.read(row.getBytes(UTF_8)))
                .usingRecursiveComparison()
                .isEqualTo(
                        List.of(new Sealed("key-1", "refund-bot", List.of("address", "facts"), new byte[] {1, 2, 3})));
    }
}
