package dev.countersign.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class AuthorizationDetailsTest {
    private static final DetailsType REFUND = DetailsType.load(
                    "refund", "Refund {amount} on {order}", Risk.HIGH, """
            {"type": "object", "additionalProperties": false, "required": ["amount", "order"],
             "properties": {"amount": {"type": "number"}, "order": {"type": "string"}, "note": {"type": "string"}}}
            """, List.of("amount"))
            .orThrow();

    private static final DetailsType QUERY = DetailsType.load(
                    "query", "Read {tables}", Risk.LOW, """
            {"type": "object", "additionalProperties": false, "required": ["tables"],
             "properties": {
               "tables": {"type": "array", "items": {"type": "string"}},
               "except": {"type": "array", "items": {"type": "string"}},
               "rows": {"type": "integer"},
               "at": {"type": "object", "additionalProperties": false, "properties": {
                 "hosts": {"type": "array", "items": {"type": "string"}}, "rows": {"type": "integer"}}}}}
            """, List.of("tables", "rows"))
            .orThrow();

    private static final DetailsType PAIR =
            DetailsType.load("pair", "Pair", Risk.MEDIUM, """
            {"type": "object", "additionalProperties": false, "properties": {
               "hosts": {"type": "array", "minItems": 2, "items": {"type": "string"}}}}
            """, List.of("hosts")).orThrow();

    private static final Map<String, DetailsType> TYPES = Map.of("refund", REFUND, "query", QUERY, "pair", PAIR);

    @Test
    void equal_details_are_equal_text() {
        var one = parse("[ {\"order\": \"A\", \"type\": \"refund\", \"amount\": 40.0} ]");
        var other = parse("[{\"type\":\"refund\",\"amount\":4e1,\"order\":\"\\u0041\"}]");
        assertThat(one).isEqualTo(other);
        assertThat(one.canonical()).isEqualTo("[{\"amount\":40,\"order\":\"A\",\"type\":\"refund\"}]");
        assertThat(one.digest()).isEqualTo(other.digest()).isEqualTo("93wFyV7_VNYayvGbenaxIaecJLUG6y0QPk4y6I7mjig");
    }

    @Test
    void nothing_asked_is_nothing() {
        assertThat(parse("")).isEqualTo(AuthorizationDetails.NONE);
        assertThat(parse("[]")).isEqualTo(AuthorizationDetails.NONE);
        assertThat(parse("[]").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nonsense                                                          | cannot be read
            {"type":"refund","amount":1,"order":"A"}                          | is not a JSON array
            ["refund"]                                                        | [0] is not an object with a type
            [[]]                                                              | [0] is not an object with a type
            [{"amount":1,"order":"A"}]                                        | [0] is not an object with a type
            [{"type":7,"amount":1,"order":"A"}]                               | [0] is not an object with a type
            [{"type":"payout"}]                                               | [0] is of a type that the resource does not have
            [{"type":"refund","amount":1}]                                    | [0]: the object breaks required (order)
            [{"type":"refund","amount":"1","order":"A"}]                      | [0]: /amount breaks type
            [{"type":"refund","amount":1,"order":"A","more":1}]               | [0]: the object breaks additionalProperties (more)
            [{"type":"refund","amount":1,"order":"A"},{"type":"refund","amount":1}] | [1]: the object breaks required (order)
            [{"type":"refund","amount":1,"amount":2,"order":"A"}]             | cannot be read
            [{"type":"refund","amount":9007199254740993,"order":"A"}]         | [0]: the JSON has a number of more digits
            [{"type":"refund","amount":1e400,"order":"A"}]                    | [0]: the JSON has a number that is too large
            [{"type":"refund","amount":1,"order":"\\ud800"}]                  | cannot be read
            [{"type":"refund","amount":1,"order":"A"},{"order":"A","amount":1.0,"type":"refund"}] | has the same object twice
            """)
    void what_the_resource_did_not_register_is_refused(String json, String said) {
        assertRefused(json, said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[{\"type\":\"refund\",\"amount\":1,\"order\":\"A\",\"ä\\\"\":1}]", "[{\"type\":\"ä\\n\"}]"})
    void a_refusal_quotes_clients_within_the_characters_of_an_error_description(String json) {
        assertRefused(json, "authorization_details[0]");
    }

    @Test
    void size_number_and_depth_have_limits() {
        var one = "{\"type\":\"refund\",\"amount\":%d,\"order\":\"A\"}";
        assertThat(parse(list(one, 20)).objects()).hasSize(20);
        assertRefused(list(one, 21), "more than 20 objects");

        assertThat(parse(order("x".repeat(16_000))).objects()).hasSize(1);
        assertRefused(order("x".repeat(16 * 1024)), "larger than 16384 bytes");
        assertRefused(order("ä".repeat(9_000)), "larger than 16384 bytes");

        assertRefused("[{\"type\":\"refund\",\"order\":" + "[".repeat(6) + "]".repeat(6) + "}]", "/order breaks type");
        assertRefused("[{\"type\":\"refund\",\"order\":" + "[".repeat(7) + "]".repeat(7) + "}]", "nested too deeply");
    }

    private static String list(String object, int times) {
        return IntStream.range(0, times).mapToObj(object::formatted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String order(String order) {
        return "[{\"type\":\"refund\",\"amount\":1,\"order\":\"" + order + "\"}]";
    }

    @Test
    void the_risk_is_that_of_the_riskiest_object() {
        var both =
                parse("[{\"type\":\"query\",\"tables\":[\"a\"]},{\"type\":\"refund\",\"amount\":1,\"order\":\"A\"}]");
        assertThat(both.risk(TYPES)).isEqualTo(Risk.HIGH);
        assertThat(both.types()).containsExactly("query", "refund");
        assertThat(AuthorizationDetails.NONE.risk(TYPES)).isEqualTo(Risk.LOW);
        assertThat(both.risk(Map.of("query", QUERY))).isEqualTo(Risk.CRITICAL);
    }

    @Test
    void each_object_reads_as_a_sentence_and_one_of_a_forgotten_type_as_inert_json() {
        var both = parse(
                "[{\"type\":\"query\",\"tables\":[\"a\"]},{\"type\":\"refund\",\"amount\":1,\"order\":\"\u202e\"}]");
        assertThat(both.sentences(TYPES)).containsExactly("Read a", "Refund 1 on “⟨U+202E⟩”");
        assertThat(both.sentences(Map.of("query", QUERY)))
                .containsExactly("Read a", "{\"amount\":1,\"order\":\"⟨U+202E⟩\",\"type\":\"refund\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            the same                       | [{"type":"refund","amount":9,"order":"A"}]   | [{"type":"refund","amount":9,"order":"A"}] | true
            a lower amount                 | [{"type":"refund","amount":8.5,"order":"A"}] | [{"type":"refund","amount":9,"order":"A"}] | true
            nothing at all                 | []                                           | [{"type":"refund","amount":9,"order":"A"}] | true
            a higher amount                | [{"type":"refund","amount":9.5,"order":"A"}] | [{"type":"refund","amount":9,"order":"A"}] | false
            below zero                     | [{"type":"refund","amount":-1,"order":"A"}]  | [{"type":"refund","amount":9,"order":"A"}] | false
            zero                           | [{"type":"refund","amount":0,"order":"A"}]   | [{"type":"refund","amount":9,"order":"A"}] | true
            further below zero             | [{"type":"refund","amount":-9,"order":"A"}]  | [{"type":"refund","amount":-1,"order":"A"}] | true
            another order                  | [{"type":"refund","amount":9,"order":"B"}]   | [{"type":"refund","amount":9,"order":"A"}] | false
            a member more                  | [{"type":"refund","amount":9,"order":"A","note":"n"}] | [{"type":"refund","amount":9,"order":"A"}] | false
            a member less                  | [{"type":"refund","amount":9,"order":"A"}]   | [{"type":"refund","amount":9,"order":"A","note":"n"}] | false
            another type                   | [{"type":"query","tables":["a"]}]            | [{"type":"refund","amount":9,"order":"A"}] | false
            something from nothing         | [{"type":"query","tables":["a"]}]            | []                                         | false
            two out of one                 | [{"type":"refund","amount":4,"order":"A"},{"type":"refund","amount":5,"order":"A"}] | [{"type":"refund","amount":9,"order":"A"}] | false
            two out of two, found by trying | [{"type":"refund","amount":4,"order":"A"},{"type":"refund","amount":9,"order":"A"}] | [{"type":"refund","amount":9,"order":"A"},{"type":"refund","amount":5,"order":"A"}] | true
            fewer tables                   | [{"type":"query","tables":["b"]}]            | [{"type":"query","tables":["a","b"]}]      | true
            tables in another order        | [{"type":"query","tables":["b","a"]}]        | [{"type":"query","tables":["a","b"]}]      | true
            another table                  | [{"type":"query","tables":["a","c"]}]        | [{"type":"query","tables":["a","b"]}]      | false
            a table twice                  | [{"type":"query","tables":["a","a"]}]        | [{"type":"query","tables":["a","b"]}]      | false
            no table, which may mean all   | [{"type":"query","tables":[]}]               | [{"type":"query","tables":["a","b"]}]      | false
            fewer exceptions               | [{"type":"query","tables":["a"],"except":["x"]}] | [{"type":"query","tables":["a"],"except":["x","y"]}] | false
            less, further down             | [{"type":"query","tables":["a"],"at":{"rows":1}}] | [{"type":"query","tables":["a"],"at":{"rows":2}}] | false
            """)
    void details_narrow_when_they_allow_nothing_new(String what, String narrow, String wide, boolean narrows) {
        assertThat(parse(narrow).narrows(parse(wide), TYPES)).as(what).isEqualTo(narrows);
    }

    @Test
    void what_nobody_registers_any_more_can_only_stay_or_go() {
        var asked = parse("[{\"type\":\"refund\",\"amount\":9,\"order\":\"A\"}]");
        assertThat(asked.narrows(asked, Map.of())).isTrue();
        assertThat(AuthorizationDetails.NONE.narrows(asked, Map.of())).isTrue();
        assertThat(parse("[{\"type\":\"refund\",\"amount\":8,\"order\":\"A\"}]").narrows(asked, Map.of()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"type":"refund","amount":9,"order":"A"}] | [{"type":"refund","amount":8,"order":"A"}] | [{"type":"refund","amount":5,"order":"A"}] | [{"amount":5,"order":"A","type":"refund"}]
            [{"type":"refund","amount":9,"order":"A"}] | [{"type":"refund","amount":8,"order":"A"}] | []                                         | []
            [{"type":"refund","amount":9,"order":"A"},{"type":"refund","amount":9,"order":"B"}] | [{"type":"refund","amount":9,"order":"A"}] | [{"type":"refund","amount":9,"order":"B"}] | []
            [{"type":"refund","amount":9,"order":"A"},{"type":"refund","amount":7,"order":"B"}] | [{"type":"refund","amount":7,"order":"B"}] | [{"type":"refund","amount":6,"order":"B"},{"type":"refund","amount":9,"order":"A"}] | [{"amount":6,"order":"B","type":"refund"}]
            [{"type":"query","tables":["a","b","c"],"rows":9}] | [{"type":"query","tables":["c","b"],"rows":5}] | [{"type":"query","tables":["a","b","c"],"rows":7}] | [{"rows":5,"tables":["b","c"],"type":"query"}]
            [{"type":"query","tables":["a","b","c"]}]  | [{"type":"query","tables":["a"]}]          | [{"type":"query","tables":["b"]}]          | []
            [{"type":"pair","hosts":["a","b","c"]}]    | [{"type":"pair","hosts":["a","b"]}]        | [{"type":"pair","hosts":["b","c"]}]        | []
            """)
    void what_two_reviewers_leave_is_what_both_leave(String asked, String one, String other, String met) {
        assertThat(parse(one).meet(parse(other), parse(asked), TYPES).canonical())
                .isEqualTo(met);
        assertThat(parse(other).meet(parse(one), parse(asked), TYPES).canonical())
                .isEqualTo(met);
    }

    @Test
    void a_meeting_is_within_both_and_cannot_be_had_of_something_wider() {
        var asked = parse(
                "[{\"type\":\"refund\",\"amount\":9,\"order\":\"A\"},{\"type\":\"refund\",\"amount\":6,\"order\":\"A\"}]");
        var one = parse("[{\"type\":\"refund\",\"amount\":6,\"order\":\"A\"}]");
        var other = parse(
                "[{\"type\":\"refund\",\"amount\":5,\"order\":\"A\"},{\"type\":\"refund\",\"amount\":7,\"order\":\"A\"}]");
        var met = one.meet(other, asked, TYPES);
        assertThat(met.narrows(one, TYPES)).isTrue();
        assertThat(met.narrows(other, TYPES)).isTrue();
        assertThatThrownBy(() -> asked.meet(one, one, TYPES)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void objects_keep_the_order_they_were_sent_in() {
        var both = parse(
                "[{\"type\":\"refund\",\"amount\":2,\"order\":\"B\"},{\"type\":\"refund\",\"amount\":1,\"order\":\"A\"}]");
        assertThat(both.objects())
                .extracting((JsonNode it) -> it.path("order").asString())
                .containsExactly("B", "A");
    }

    private static void assertRefused(String json, String said) {
        assertThatThrownBy(() -> parse(json)).isInstanceOfSatisfying(Refusal.class, it -> {
            assertThat(it.code).isEqualTo(ErrorCode.INVALID_AUTHORIZATION_DETAILS);
            assertThat(it.said).contains(said);
        });
    }

    private static AuthorizationDetails parse(String json) {
        return AuthorizationDetails.parse(json, TYPES);
    }
}
