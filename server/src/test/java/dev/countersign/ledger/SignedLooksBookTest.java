package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which publication says of a token that broke glass whether those who look at it sign.
final class SignedLooksBookTest {
    private final SignedLooks looks = new SignedLooks();

    private void published(long index, String version, boolean signs) {
        Map<String, Object> body =
                signs ? Map.of("version", version, Member.SIGNS_LOOKS, true) : Map.of("version", version);
        looks.read(TestEntries.of(index, Code.CONFIGURATION_PUBLISHED, Instant.EPOCH, Optional.empty(), body));
    }

    private static EntryView minted(long index, String version, boolean signed) {
        return TestEntries.of(
                index,
                Code.TOKEN_MINTED,
                Instant.EPOCH,
                Optional.of("a"),
                Map.of(Member.POLICY_VERSION, version, Member.SIGNED, signed));
    }

    private static EntryView word(Map<String, Object> body) {
        return TestEntries.of(99, Code.BREAK_GLASS_REVIEWED, Instant.EPOCH, Optional.of("a"), body);
    }

    @Test
    void it_is_the_last_of_that_version_before_the_token() {
        published(10, "one", false);
        published(20, "two", true);
        published(30, "one", true);
        published(40, "two", false);
        assertThat(looks.by(minted(15, "one", true))).isFalse();
        assertThat(looks.by(minted(25, "two", true))).isTrue();
        assertThat(looks.by(minted(35, "one", true))).isTrue();
        assertThat(looks.by(minted(45, "two", true))).isFalse();
        assertThat(looks.by(minted(45, "three", true)))
                .as("nobody published it")
                .isFalse();
    }

    @Test
    void a_word_lacks_a_signature_where_token_and_publication_want_one() {
        published(10, "old", false);
        published(20, "new", true);
        assertThat(looks.lacks(word(Map.of()), minted(30, "new", true))).isTrue();
        assertThat(looks.lacks(word(Map.of(Member.SIGNATURE, Map.of())), minted(30, "new", true)))
                .isFalse();
        assertThat(looks.lacks(word(Map.of()), minted(30, "new", false))).isFalse();
        assertThat(looks.lacks(word(Map.of()), minted(30, "old", true))).isFalse();
    }
}
