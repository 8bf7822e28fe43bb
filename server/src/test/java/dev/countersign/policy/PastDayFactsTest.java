package dev.countersign.policy;

import static dev.countersign.policy.Policies.details;
import static dev.countersign.policy.Policies.quiet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Facts about what a client was given in the last 24 hours, as rules speak of them.
final class PastDayFactsTest {
    private static final String API = "https://api.example.com";

    private static final DetailsType REFUND = type("refund", """
            { "type": "object", "additionalProperties": false,
              "properties": { "amount": { "type": "number" }, "items": { "type": "integer" },
                              "note": { "type": "string" } } }""");

    private static final Registrations REGISTRATIONS = new Registrations(
            Map.of("bot", new Registrations.Client("Bot", "team", List.of(), Map.of(API, Scopes.of(List.of("read"))))),
            Map.of(
                    API,
                    new Resource(
                            API,
                            "An API",
                            "owners",
                            List.of(),
                            Map.of("read", new ScopeDefinition("read", "Read", Risk.LOW, Harm.UNSAID)),
                            Map.of("refund", REFUND),
                            Optional.empty())));

    private static DetailsType type(String name, String schema) {
        return DetailsType.load(name, "Refund {amount}", Risk.LOW, schema, List.of())
                .orThrow();
    }

    private static Facts.Builder facts(long tokens, String amounts) {
        return quiet().pastDay(tokens, Amounts.read(dev.countersign.http.Json.read(amounts)));
    }

    private static Condition condition(String text) {
        return switch (Condition.compile(text)) {
            case Condition.Compiled.Ready(var condition) -> condition;
            case Condition.Compiled.Faulty(var faults) -> throw new AssertionError(faults.toString());
        };
    }

    private static Condition.Weighed weigh(String text, Facts facts) {
        return condition(text).weigh(Activation.of(facts));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            quoteCharacter = '`',
            value = {
                "past_day.tokens > 200 -> YES",
                "past_day.tokens > 201 -> NO",
                "past_day.amounts.refund.amount > 1000 -> YES",
                "past_day.amounts.refund.amount > 1000.5 -> NO",
                "past_day.amounts.refund.amount == 1000.5 -> YES",
                "past_day.amounts['refund'].amount > 1000 -> YES",
                "past_day.amounts['refund']['amount'] > 1000 -> YES",
                "past_day.amounts.refund['amount'] > 1000 -> YES",
                "past_day.amounts['pay.out'].total == 7.0 -> YES",
                "past_day.amounts.refund.amount + past_day.amounts['pay.out'].total > 1007 -> YES",
                "past_day.amounts.refund.items > 0 -> NO",
                "past_day.amounts.other.amount > 0 -> NO",
                "past_day.amounts.other.amount == 0.0 -> YES",
                "scopes.exists(s, s == 'a') || past_day.amounts.refund.amount > 1000 -> YES"
            })
    void sums_are_read_by_type_and_member_and_none_is_zero(String text, Truth truth) {
        var facts = facts(201, "{\"refund\":{\"amount\":\"1000.5\"},\"pay.out\":{\"total\":\"7\"}}")
                .build();
        assertThat(weigh(text, facts).truth()).isEqualTo(truth);
        assertThat(condition(text).parts().weigh(facts).truth()).isEqualTo(truth);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            quoteCharacter = '`',
            value = {
                "past_day.tokens > 200 -> UNKNOWN",
                "past_day.amounts.refund.amount > 1000 -> UNKNOWN",
                "past_day.amounts['refund'].amount > 1000 -> UNKNOWN",
                "past_day.amounts.refund['amount'] + 1.0 > 1000 -> UNKNOWN",
                "past_day.amounts.refund.amount > 1000 && risk > LOW -> NO",
                "past_day.amounts['refund']['amount'] > 1000 || risk == LOW -> YES"
            })
    void what_was_not_counted_is_unknown(String text, Truth truth) {
        var facts =
                quiet().unknown("past_day.tokens").unknown("past_day.amounts").build();
        var weighed = weigh(text, facts);
        assertThat(weighed.truth()).isEqualTo(truth);
        if (truth == Truth.UNKNOWN) {
            assertThat(weighed.unknown()).hasSize(1).allMatch(it -> it.startsWith("past_day."));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            quoteCharacter = '`',
            value = {
                "past_day.token > 3 -> 1:1 past_day.token is not a fact; there are past_day.tokens",
                "risk > LOW && past_day.amounts.refund > 3 -> 1:15 past_day.amounts is read by",
                "past_day.amounts.size() > 3 -> 1:1 past_day.amounts is read by",
                "past_day.amounts.refund.amount.net > 3 -> 1:1 past_day.amounts is read by",
                "past_day.amounts[reason].amount > 3 -> 1:1 past_day.amounts is read by",
                "has(past_day.amounts.refund.amount) -> 1:4 has() is for members of details",
                "details.exists(past_day, past_day.amount > 3) -> 1:15 past_day has a meaning already",
                "past_day.amounts.refund.amount > 'x' -> 1:32 found no matching overload"
            })
    void what_is_no_sum_is_told_where_it_stands(String text, String said) {
        var faults = ((Condition.Compiled.Faulty) Condition.compile(text)).faults();
        var first = faults.getFirst();
        assertThat(first.line() + ":" + first.column() + " " + first.said()).startsWith(said);
    }

    @Test
    void sums_are_exact_and_nothing_is_taken_off_them() {
        var tenth = Amounts.of(details("[{\"amount\":0.1,\"type\":\"refund\"}]"), Map.of("refund", REFUND));
        var sum = Amounts.NONE;
        for (int i = 0; i < 10; i++) {
            sum = sum.plus(tenth);
        }
        assertThat(sum.sum("refund", "amount")).isEqualTo(BigDecimal.ONE);

        var less = "[{\"amount\":-5,\"type\":\"refund\"},{\"amount\":3,\"items\":2,\"note\":\"x\",\"type\":\"refund\"},"
                + "{\"amount\":4,\"type\":\"refund\"},{\"amount\":9,\"type\":\"gone\"}]";
        assertThat(Amounts.of(details(less), Map.of("refund", REFUND))).hasToString("refund.amount 7, refund.items 2");
    }

    @Test
    void they_come_back_from_a_record_bit_for_bit_and_a_record_without_them_does_not_know() {
        var facts = facts(7, "{\"refund\":{\"amount\":\"0.30000000000000004\",\"items\":\"1E+30\"}}")
                .build();
        var again = Facts.fromJson(facts.toJson());
        assertThat(again).isEqualTo(facts);
        assertThat(again.toJson()).isEqualTo(facts.toJson());
        assertThat(Facts.fromJson(quiet().build().toJson()).value("past_day.amounts"))
                .contains(Amounts.NONE);
        assertThat(Facts.fromJson("{\"facts\":{},\"schema\":2}").value("past_day.tokens"))
                .isEmpty();
        assertThat(Facts.fromJson("{\"facts\":{},\"schema\":2}").value("past_day.amounts"))
                .isEmpty();
    }

    @Test
    void a_test_gives_them_and_what_it_asks_is_among_them() {
        var policy = Policies.of(
                new RuleSource("reads", "true", new Effect.Approve(Optional.empty())),
                new RuleSource("many", "past_day.tokens > 200", Effect.Deny.because("{past_day.tokens} tokens")),
                new RuleSource("much", "past_day.amounts.refund.amount > 1000", Effect.Deny.because("much")));
        assertThat(word(policy, Map.of("client", "bot", "scopes", List.of("read"))))
                .isEqualTo("approve");
        assertThat(word(policy, Map.of("client", "bot", "scopes", List.of("read"), "past_day.tokens", 201L)))
                .isEqualTo("deny");
        assertThat(word(policy, Map.of("client", "bot", "scopes", List.of("read"), "past_day.tokens", "unknown")))
                .isEqualTo("deny");
        assertThat(word(policy, refunds(600, 400))).isEqualTo("approve");
        assertThat(word(policy, refunds(600, 401))).isEqualTo("deny");
        assertThat(word(
                        policy,
                        Map.of(
                                "client",
                                "bot",
                                "scopes",
                                List.of("read"),
                                "past_day.amounts",
                                Map.of("refund", Map.of("amount", 1000.01)))))
                .isEqualTo("deny");
        assertThat(GivenFacts.of(Map.of("client", "bot", "past_day.amounts", 3L), REGISTRATIONS))
                .isInstanceOf(GivenFacts.Odd.class);
    }

    private static Map<String, Object> refunds(int one, int other) {
        return Map.of(
                "client",
                "bot",
                "resource",
                API,
                "details",
                List.of(Map.of("type", "refund", "amount", one), Map.of("type", "refund", "amount", other)));
    }

    private static String word(Policy policy, Map<String, Object> given) {
        var understood = (GivenFacts.Understood) GivenFacts.of(given, REGISTRATIONS);
        return policy.judge(understood.facts()).verdict().word();
    }

    @Test
    void why_not_names_the_sum_that_would_do() {
        var policy = Policies.of(
                new RuleSource("reads", "true", new Effect.Approve(Optional.empty())),
                new RuleSource("many", "past_day.tokens > 200", Effect.Deny.because("many")),
                new RuleSource("much", "past_day.amounts.refund.amount > 1000", Effect.Deny.because("much")));
        var many = facts(250, "{}")
                .client("bot", "Bot", "team", List.of())
                .set("resource", API)
                .build();
        assertThat(WhyNot.search(policy, REGISTRATIONS, many, "approve", 20_000).answers().stream()
                        .flatMap(it -> it.changes().stream()))
                .anySatisfy(it -> {
                    assertThat(it.fact()).isEqualTo("past_day.tokens");
                    assertThat(it.now()).isEqualTo(200L);
                });
        var much = facts(1, "{\"refund\":{\"amount\":\"1500\"}}")
                .client("bot", "Bot", "team", List.of())
                .set("resource", API)
                .build();
        assertThat(WhyNot.search(policy, REGISTRATIONS, much, "approve", 20_000).answers().stream()
                        .flatMap(it -> it.changes().stream()))
                .anySatisfy(it -> assertThat(it.fact()).isEqualTo("past_day.amounts"));
    }
}
