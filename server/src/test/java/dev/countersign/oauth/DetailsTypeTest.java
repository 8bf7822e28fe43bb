package dev.countersign.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.http.Json;
import dev.countersign.oauth.DetailsType.Fault;
import dev.countersign.oauth.DetailsType.Faulty;
import dev.countersign.oauth.DetailsType.Part;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DetailsTypeTest {
    private static final String SCHEMA = """
            {"type": "object", "additionalProperties": false, "required": ["amount"],
             "properties": {
               "amount": {"type": "number", "minimum": 0},
               "currency": {"type": "string"},
               "order": {"type": "string"},
               "urgent": {"type": "boolean"},
               "tables": {"type": "array", "items": {"type": "string"}},
               "database": {"type": "object", "additionalProperties": false, "properties": {"name": {"type": "string"}}}}}
            """;

    @Test
    void a_type_says_what_it_was_registered_as() {
        var type = DetailsType.load("refund", "Refund {amount}", Risk.HIGH, SCHEMA, List.of("amount", "tables"))
                .orThrow();
        assertThat(type.type()).isEqualTo("refund");
        assertThat(type.title()).isEqualTo("Refund {amount}");
        assertThat(type.risk()).isEqualTo(Risk.HIGH);
        assertThat(type.lowerable()).containsExactlyInAnyOrder("amount", "tables");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"object","properties":{}}                                                | the schema has no additionalProperties: false
            {"type":"object","properties":{},"additionalProperties":true}                    | the schema has no additionalProperties: false
            {"type":"object","properties":{},"additionalProperties":{"type":"string"}}       | the schema has no additionalProperties: false
            {"properties":{},"additionalProperties":false}                                   | the schema is not of type object with properties
            {"type":"object","additionalProperties":false}                                   | the schema is not of type object with properties
            {"type":"object","additionalProperties":false,"properties":{"a":{}}}             | the schema/a says no type
            {"type":"object","additionalProperties":false,"properties":{"a":true}}           | the schema/a lets any value through
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"object"}}} | the schema/a has no additionalProperties: false
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":["null","object"]}}} | the schema/a has no additionalProperties: false
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"array"}}} | the schema/a has no items
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"array","items":{}}}} | the schema/a/items says no type
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"array","items":false,"prefixItems":[{}]}}} | the schema/a/prefixItems says no type
            {"type":"object","additionalProperties":false,"properties":{"a":{"anyOf":[{"type":"string"},{}]}}} | the schema/a/anyOf says no type
            {"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"object"}}} | #/$defs/a has no additionalProperties: false
            {"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/b"}}} | the schema/a refers to #/$defs/b, which is not in the schema
            {"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"https://evil.example/s"}}} | the schema/a refers to https://evil.example/s, which is not in the schema
            {"type":"object","additionalProperties":false,"patternProperties":{"^x":{}},"properties":{}} | the schema/^x says no type
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","maxlength":3}}} | the schema/a has the unknown keyword maxlength
            {"type":"object","additionalProperties":false,"properties":{},"allOf":[{"requird":["a"]}]} | the schema/allOf has the unknown keyword requird
            """)
    void a_schema_that_lets_through_what_it_does_not_name_is_refused(String schema, String fault) {
        assertThat(faults("T", schema, List.of())).contains(new Fault(Part.SCHEMA, fault));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"object","additionalProperties":false,"properties":{"a":{"enum":["x","y"]}}}
            {"type":"object","additionalProperties":false,"properties":{"a":{"const":{"any":"thing"}}}}
            {"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/a"}},"$defs":{"a":{"type":"string"}}}
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"integer"}},"if":{"properties":{"a":{"minimum":3}}},"then":{"required":["a"]}}
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false,"properties":{"type":{"const":"t"}}}
            """)
    void a_closed_schema_is_taken(String schema) {
        assertThat(DetailsType.load("t", "T", Risk.LOW, schema, List.of()).orThrow())
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"objekt","additionalProperties":false,"properties":{}}
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"strng"}}}
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}},"required":"a"}
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","pattern":"("}}}
            {"type":"object","additionalProperties":false,"properties":{"a":{"type":"integer","minimum":"3"}}}
            {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"properties":{}}
            [1]
            {"a":1,"a":2}
            not json
            """)
    void what_is_no_2020_12_schema_is_refused(String schema) {
        assertThat(faults("T", schema, List.of())).extracting(Fault::part).contains(Part.SCHEMA);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Refund {amuont}      | {amuont} is no member by the schema's properties
            Refund {}            | {} is no member by the schema's properties
            Drop {database.nmae} | {database.nmae} is no member by the schema's properties
            Refund {amount       | a brace is not closed or not opened
            Refund amount}       | a brace is not closed or not opened
            ``                   | a title is up to 200 visible characters on one line
            """)
    void a_title_names_members_that_there_are(String title, String fault) {
        assertThat(faults(title, SCHEMA, List.of())).containsExactly(new Fault(Part.TITLE, fault));
    }

    @Test
    void a_title_is_one_visible_line() {
        assertThat(faults("a\nb", SCHEMA, List.of())).hasSize(1);
        assertThat(faults("a\u202eb", SCHEMA, List.of())).hasSize(1);
    }

    @Test
    void only_numbers_and_lists_of_the_schema_can_be_lowerable() {
        assertThat(faults("T", SCHEMA, List.of("amount", "order", "limit")))
                .containsExactly(
                        new Fault(Part.LOWERABLE, "order is neither a number nor a list by the schema's properties"),
                        new Fault(Part.LOWERABLE, "limit is neither a number nor a list by the schema's properties"));
    }

    @Test
    void all_faults_come_at_once() {
        assertThat(((Faulty) DetailsType.load(
                                " ", "{x}", Risk.LOW, "{\"type\":\"object\",\"properties\":{}}", List.of("y")))
                        .faults())
                .extracting(Fault::part)
                .containsExactly(Part.TYPE, Part.SCHEMA, Part.TITLE, Part.LOWERABLE);
    }

    @Test
    void whoever_wrote_the_type_gets_an_exception() {
        assertThatThrownBy(() -> DetailsType.load("t", "{x}", Risk.LOW, SCHEMA, List.of())
                        .orThrow())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{x} is no member");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"amount":40,"currency":"EUR","order":"A-17"}        | Refund 40 EUR on order A-17
            {"amount":12.50,"currency":"EUR","order":"A 17"}     | Refund 12.50 EUR on order “A 17”
            {"amount":1e3,"currency":"EUR"}                      | Refund 1000 EUR on order (no order)
            {"amount":1e300,"currency":"EUR","order":""}         | Refund 1E+300 EUR on order “”
            {"amount":1,"currency":"EUR","order":"X”, approved"} | Refund 1 EUR on order “X", approved”
            {"amount":1,"currency":"EUR","order":"a\\n\\u202eb"} | Refund 1 EUR on order “a↵⟨U+202E⟩b”
            {"amount":1,"currency":"EUR","order":"<b>"}          | Refund 1 EUR on order “<b>”
            {"amount":1,"currency":"EUR","order":"(no order)"}   | Refund 1 EUR on order “(no order)”
            {"amount":1,"currency":"EUR","order":"{amount}"}     | Refund 1 EUR on order “{amount}”
            """)
    void a_value_in_a_sentence_cannot_pass_for_its_words(String object, String sentence) {
        assertThat(sentence("Refund {amount} {currency} on order {order}", object))
                .isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Urgent: {urgent}     | {"urgent":true}                               | Urgent: true
            Read {tables}        | {"tables":["a","b c"]}                        | Read a, “b c”
            Read {tables}        | {"tables":[]}                                 | Read (none)
            Read {tables}        | {"tables":["a","b","c","d","e","f","g"]}      | Read a, b, c, d, e and 2 more
            Drop {database.name} | {"database":{"name":"orders"}}                | Drop orders
            Drop {database.name} | {}                                            | Drop (no name)
            Drop {database}      | {"database":{"name":"orders"}}                | Drop “{"name":"orders"}”
            """)
    void a_sentence_speaks_of_every_kind_of_value(String title, String object, String sentence) {
        assertThat(sentence(title, object)).isEqualTo(sentence);
    }

    @Test
    void a_long_value_is_cut() {
        assertThat(sentence("On {order}", "{\"order\":\"" + "x".repeat(500) + "\"}"))
                .isEqualTo("On “" + "x".repeat(80) + "…”");
    }

    @Test
    void a_value_that_reads_from_the_right_moves_no_word_around_it() {
        assertThat(sentence("On {order} now", "{\"order\":\"\u05d0\u05d1\"}"))
                .isEqualTo("On \u2068\u05d0\u05d1\u2069 now");
    }

    private static String sentence(String title, String object) {
        return DetailsType.load("t", title, Risk.LOW, SCHEMA, List.of())
                .orThrow()
                .sentence(Json.read(object));
    }

    private static List<Fault> faults(String title, String schema, List<String> lowerable) {
        return switch (DetailsType.load("t", title, Risk.LOW, schema, lowerable)) {
            case Faulty(var faults) -> faults;
            case DetailsType.Ready _ -> List.of();
        };
    }
}
