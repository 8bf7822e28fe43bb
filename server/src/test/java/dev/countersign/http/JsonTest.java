package dev.countersign.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":1}}",
                "[1,2",
                "{\"a\":1} x",
                "{} {}",
                "{a:1}",
                "{'a':1}",
                "[1,]",
                "NaN",
                "1e2147483648",
                "[1e-2147483648]",
                "[01]",
                "[+1]",
                "[.5]",
                "// no\n1",
                "\"\\ud800\"",
                "{\"\\udc00\":1}",
                "\"\t\"",
            })
    void what_is_not_strictly_json_is_refused(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(Json.Malformed.class);
        assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(Json.Malformed.class);
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() {
        assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xc3, '"'})).isInstanceOf(Json.Malformed.class);
        assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}))
                .isInstanceOf(Json.Malformed.class);
        assertThatThrownBy(() -> Json.read(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}))
                .isInstanceOf(Json.Malformed.class);
    }

    @Test
    void a_message_does_not_quote_what_was_sent() {
        assertThatThrownBy(() -> Json.read("{\n \"a\": secret}"))
                .isInstanceOf(Json.Malformed.class)
                .hasMessageStartingWith("not JSON, near line 2")
                .hasMessageNotContaining("secret");
    }

    @Test
    void depth_is_limited() {
        assertThat(Json.read("[[1]]", 2).size()).isEqualTo(1);
        assertThatThrownBy(() -> Json.read("[[[1]]]", 2)).hasMessage("the JSON is nested too deeply");
        assertThatThrownBy(() -> Json.read("[{\"a\":{}}]", 2)).hasMessage("the JSON is nested too deeply");
        assertThatThrownBy(() -> Json.read("[".repeat(100_000))).isInstanceOf(Json.Malformed.class);
    }

    @Test
    void numbers_keep_every_digit() {
        assertThat(Json.write(Json.read("[10.10,12345678901234567890123,0.1000000000000000000001]")))
                .isEqualTo("[10.10,12345678901234567890123,0.1000000000000000000001]");
    }

    @Test
    void values_are_written_as_they_are() {
        assertThat(Json.write(Map.of("a", List.of(1, true, "ä\"")))).isEqualTo("{\"a\":[1,true,\"ä\\\"\"]}");
        assertThat(Json.bytes(Json.object().put("expires_in", 60L)))
                .isEqualTo("{\"expires_in\":60}".getBytes(StandardCharsets.UTF_8));
        assertThat(Json.write(new Field("a", "b"))).isEqualTo("{\"name\":\"a\",\"value\":\"b\"}");
    }

    /// RFC 8785 §3.2.2 to §3.2.4
    @Test
    void the_example_of_the_rfc_is_canonical() {
        var input = Json.read("""
                {
                  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                  "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
                  "literals": [null, true, false]
                }
                """.replace("333333333.33333329", "333333333.3333333"));
        assertThat(Json.canonical(input))
                .isEqualTo("{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                        + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    /// RFC 8785 §3.2.3: by UTF-16 code units, not by code points.
    @Test
    void members_are_sorted_by_code_units() {
        var input = Json.read("""
                {"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh",
                 "1": "One", "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin"}
                """);
        assertThat(Json.canonical(input)).isEqualTo("""
                        {"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin","€":"Euro Sign",\
                        "😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}""");
    }

    @Test
    void empty_things_are_canonical() {
        assertThat(Json.canonical(Json.read("{\"b\":[],\"a\":{},\"c\":[{}]}")))
                .isEqualTo("{\"a\":{},\"b\":[],\"c\":[{}]}");
    }

    /// Rounded, two amounts that differ would have one hash.
    @ParameterizedTest
    @ValueSource(strings = {"9007199254740993", "0.10000000000000000001", "1e400", "-12345678901234567890", "1e-400"})
    void a_number_that_would_be_rounded_has_no_canonical_form(String number) {
        assertThatThrownBy(() -> Json.canonical(Json.read(number))).isInstanceOf(Json.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.0, 1", "10.50, 10.5", "-0, 0", "-0.0, 0", "1e2, 100", "9007199254740992, 9007199254740992"})
    void numbers_that_are_equal_have_one_canonical_form(String number, String canonical) {
        assertThat(Json.canonical(Json.read(number))).isEqualTo(canonical);
    }
}
