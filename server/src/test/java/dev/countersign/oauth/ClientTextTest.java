package dev.countersign.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b", // control
                "a\u001b[2J", // a terminal's escape
                "a\u0085b", // C1 control
                "a\u202eb", // right-to-left override
                "a\u2066b", // isolate
                "a\u200fb", // right-to-left mark
                "a\u200bb", // zero width space
                "a\ufeffb", // byte order mark
                "a\u2028b", // line separator
                "a\ud800b", // half a surrogate pair
                "a\udb40\udc41b" // tag character
            })
    void what_has_no_honest_use_is_refused(String text) {
        assertThatThrownBy(() -> ClientText.reason(text))
                .isInstanceOfSatisfying(Refusal.class, it -> assertThat(it.code).isEqualTo(ErrorCode.INVALID_REQUEST));
        assertThatThrownBy(() -> ClientText.ticket(text)).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'plain'|'plain'",
                "' two  ends '|'two ends'",
                "'a\tb\r\nc\nd'|'a b c d'",
                "'a\u00a0\u3000b'|'a b'",
                "'e\u0301'|'\u00e9'",
                "'\ud83d\udc68\u200d\ud83d\udc69'|'\ud83d\udc68\u200d\ud83d\udc69'",
                "'\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'|'\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'"
            })
    void white_space_is_folded_and_letters_are_composed(String text, String taken) {
        assertThat(ClientText.reason(text)).isEqualTo(taken);
    }

    @Test
    void the_limits_count_characters_not_code_units() {
        assertThat(ClientText.reason("\ud83d\udd11".repeat(500))).hasSize(1000);
        assertThat(ClientText.ticket("x".repeat(100))).hasSize(100);
        assertThatThrownBy(() -> ClientText.reason("\ud83d\udd11".repeat(501))).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> ClientText.ticket("x".repeat(101))).isInstanceOf(Refusal.class);
    }

    @Test
    void white_space_that_is_folded_does_not_count() {
        assertThat(ClientText.ticket("x" + " ".repeat(200) + "y")).isEqualTo("x y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'Refund 40 \u20ac'|'Refund 40 \u20ac'",
                "'a\nb'|'a↵b'",
                "'a\r\nb'|'a↵b'",
                "'a\rb'|'a↵b'",
                "'a\tb'|'a⇥b'",
                "'a\u202eb'|'a⟨U+202E⟩b'",
                "'a\u2069b'|'a⟨U+2069⟩b'",
                "'a\u200bb'|'a⟨U+200B⟩b'",
                "'a\u200db'|'a⟨U+200D⟩b'",
                "'a\u0007b'|'a⟨U+0007⟩b'",
                "'a\u3164b'|'a⟨U+3164⟩b'",
                "'a\ue000b'|'a⟨U+E000⟩b'",
                "'a\ufe01b'|'a⟨U+FE01⟩b'",
                "'\u2764\ufe0f'|'\u2764\ufe0f'",
                "'\u2764\ufe0f\ufe0f'|'\u2764\ufe0f⟨U+FE0F⟩'",
                "'a\udb40\udc41b'|'a⟨U+E0041⟩b'",
                "'a\u00a0b'|'a b'",
                "'a\u0301\u0301\u0301\u0301\u0301'|'a\u0301\u0301\u0301\u0301⟨U+0301⟩'",
                "'<b>&amp;'|'<b>&amp;'"
            })
    void shown_text_hides_nothing_and_does_nothing(String text, String shown) {
        assertThat(ClientText.inert(text)).isEqualTo(shown);
    }

    @Test
    void half_a_surrogate_pair_is_shown_as_such() {
        assertThat(ClientText.inert("a\ud800b")).isEqualTo("a⟨U+D800⟩b");
    }

    @Test
    void long_text_is_cut_between_characters() {
        assertThat(ClientText.inert("\ud83d\udd11\ud83d\udd11\ud83d\udd11", 2)).isEqualTo("\ud83d\udd11\ud83d\udd11…");
        assertThat(ClientText.inert("abc", 3)).isEqualTo("abc");
    }
}
