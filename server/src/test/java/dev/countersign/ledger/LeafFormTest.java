package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// One value has one spelling, and no other is read.
final class LeafFormTest {
    @Test
    void members_are_sorted_and_strings_in_normal_form() {
        var value = LeafWriter.normal(Map.of(
                "b", 1, "a", List.of(true, "e\u0301"), "c", Map.of("z", "\u0001\n\"\\", "y", -9_007_199_254_740_991L)));
        assertThat(new String(LeafWriter.write(value), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":[true,\"\u00e9\"],\"b\":1,\"c\":{\"y\":-9007199254740991,"
                        + "\"z\":\"\\u0001\\n\\\"\\\\\"}}");
    }

    @Test
    void what_is_written_is_read_back() {
        var random = new Random(20251103);
        for (int i = 0; i < 3_000; i++) {
            var value = LeafWriter.normal(any(random, 0));
            assertThat(LeafReader.read(LeafWriter.write(value))).isEqualTo(value);
        }
    }

    private static Object any(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 3 : 5)) {
            case 0 -> random.nextLong(-LeafWriter.LARGEST, LeafWriter.LARGEST);
            case 1 -> random.nextBoolean();
            case 2 -> text(random);
            case 3 ->
                random.ints(random.nextInt(4))
                        .mapToObj(_ -> any(random, depth + 1))
                        .toList();
            default -> {
                var map = new TreeMap<String, Object>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put("m" + random.nextInt(99), any(random, depth + 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> random.nextInt(0x20);
                        case 1 -> 0x1F600 + random.nextInt(50);
                        case 2 -> 0x300 + random.nextInt(50);
                        default -> 0x20 + random.nextInt(0x60);
                    });
        }
        return text.toString();
    }

    @Test
    void another_spelling_is_refused() {
        for (var wrong : List.of(
                "",
                " {}",
                "{} ",
                "{\"a\": 1}",
                "{\"b\":1,\"a\":1}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,}",
                "{,}",
                "[1,]",
                "[,1]",
                "[1",
                "01",
                "-0",
                "-",
                "1.0",
                "1e3",
                "9007199254740992",
                "99999999999999999999",
                "null",
                "True",
                "\"\\u0041\"",
                "\"\\u000a\"",
                "\"\\u001F\"",
                "\"\\/\"",
                "\"\t\"",
                "\"a",
                "\"e\u0301\"",
                "[".repeat(100) + "]".repeat(100))) {
            assertThatThrownBy(() -> LeafReader.read(wrong.getBytes(StandardCharsets.UTF_8)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LeafReader.read(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void half_a_character_is_refused() {
        for (var wrong : List.of("\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d")) {
            assertThatThrownBy(() -> LeafWriter.write(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_disclosure_has_the_digest_of_rfc_9901() {
        // RFC 9901 §4.2.3's example: the digest is of the base64url text, as it stands.
        var salted = new Salted("WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0", "family_name", "Möbius");
        assertThat(salted.digest()).isEqualTo("uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY");
    }

    @Test
    void quorums_put_each_person_in_one_place() {
        assertThat(Quorum.isMet(List.of("a", "b"), List.of(List.of("a", "b")))).isFalse();
        assertThat(Quorum.isMet(List.of("a", "b"), List.of(List.of("a", "b"), List.of("a"))))
                .isTrue();
        assertThat(Quorum.isMet(List.of("a", "a", "b"), List.of(List.of("a", "b"), List.of("a"), List.of("a"))))
                .isTrue();
        assertThat(Quorum.isMet(List.of("a", "b"), List.of(List.of("a"), List.of("a"))))
                .isFalse();
    }
}
