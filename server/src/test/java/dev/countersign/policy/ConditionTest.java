package dev.countersign.policy;

import static dev.countersign.policy.Policies.details;
import static dev.countersign.policy.Policies.quiet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConditionTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            quoteCharacter = '"',
            value = {
                "risk >= HIGH && usage.idle_days > 60 -> UNKNOWN",
                "usage.idle_days > 60 && risk >= CRITICAL -> NO",
                "risk >= CRITICAL && usage.idle_days > 60 -> NO",
                "usage.idle_days > 60 || risk >= HIGH -> YES",
                "risk >= HIGH || usage.idle_days > 60 -> YES",
                "!(usage.idle_days > 60) -> UNKNOWN",
                "usage.idle_days == usage.idle_days -> UNKNOWN",
                "usage.idle_days > 60 ? true : true -> UNKNOWN",
                "findings.size() == 0 -> UNKNOWN",
                "findings.exists(f, f == 'dormant') -> UNKNOWN",
                "scopes.exists(s, s == 'a' || s in findings) -> YES",
                "scopes.all(s, s in findings) -> UNKNOWN",
                "'refunds:write' in scopes -> YES",
                "time.weekday == SATURDAY || time.weekday == SUNDAY -> NO",
                "details.exists(d, d.type == 'refund' && d.amount > 100) -> YES",
                "details.exists(d, d.amount > 100.4) -> YES",
                "details.exists(d, d.currency == 'EUR') -> UNKNOWN",
                "details.exists(d, has(d.currency) && d.currency == 'EUR') -> NO",
                "details.exists(d, d.note == null) -> YES",
                "details.all(d, d.order > 3) -> UNKNOWN",
                "details[0].lines[0].count == 2 -> YES",
                "details[7].amount > 1 -> UNKNOWN",
                "details[0].urgent -> YES",
                "details[0].amount -> UNKNOWN",
                "1 / 0 == 1 || risk == HIGH -> YES",
                "1 / 0 == 1 -> UNKNOWN",
                "risk + 9223372036854775807 > 0 -> UNKNOWN",
                "int(resource) > 3 -> UNKNOWN"
            })
    void weighs_as_the_language_says(String text, Truth truth) {
        var facts = quiet().set("risk", 2)
                .set("scopes", List.of("a", "refunds:write"))
                .set("details", details("""
                        [{"type":"refund","amount":100.5,"order":"x","note":null,"urgent":true,"lines":[{"count":2}]}]"""))
                .unknown("usage.idle_days")
                .unknown("findings")
                .build();
        assertThat(weigh(text, facts).truth()).isEqualTo(truth);
    }

    @Test
    void says_which_facts_were_missing() {
        var facts = quiet().unknown("usage.idle_days")
                .unknown("findings")
                .unknown("reason")
                .build();
        assertThat(weigh("usage.idle_days > 3 || findings.size() == 0", facts).unknown())
                .containsExactly("findings", "usage.idle_days");
    }

    @Test
    void all_facts_unknown_leave_every_comparison_unknown() {
        var nothing = Facts.builder().build();
        for (var fact : FactSchema.facts()) {
            var name = fact.type() == Fact.Type.AMOUNTS ? fact.name() + ".refund.amount" : fact.name();
            var weighed = weigh(name + " == " + name, nothing);
            assertThat(weighed.truth()).as(fact.name()).isEqualTo(Truth.UNKNOWN);
            assertThat(weighed.unknown()).containsExactly(fact.name());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "risk = HIGH                        | 1:6",
                "reason == 'a = b' && risk =HIGH    | 1:27",
                "'\uD83D\uDE00' == reason && risk = HIGH | 1:23",
            })
    void a_single_equals_sign_has_a_sentence_of_its_own(String text, String place) {
        assertThat(faults(text))
                .extracting(it -> it.line() + ":" + it.column() + " " + it.said())
                .containsExactly(place + " a single = compares nothing: write == to compare");
    }

    @Test
    void what_else_cannot_be_read_keeps_its_own_words() {
        assertThat(faults("risk => HIGH && risk === LOW && reason == 'a = b' &&"))
                .isNotEmpty()
                .noneMatch(it -> it.said().contains("write =="));
        assertThat(faults("risk == HIGH &&\n  client.id = 'x'"))
                .containsExactly(new Condition.Fault(2, 13, "a single = compares nothing: write == to compare"));
    }

    @Test
    void a_fault_says_nothing_of_what_the_client_wrote() {
        var facts = quiet().set("reason", "hunter2").build();
        assertThat(weigh("int(reason) > 3", facts).fault()).isEqualTo("a value cannot be read as that type");
    }

    @Test
    void a_loop_ends_however_long_the_lists_are() {
        var long_list = Collections.nCopies(1_500, "s").stream().toList();
        var facts = quiet().set("scopes", long_list).build();
        assertThat(weigh("scopes.all(s, s == 's')", facts).truth()).isEqualTo(Truth.YES);
        var weighed = weigh("scopes.all(a, scopes.all(b, scopes.all(c, a == b && b == c)))", facts);
        assertThat(weighed.truth()).isEqualTo(Truth.UNKNOWN);
        assertThat(weighed.fault()).isEqualTo("more list elements than a condition may look at");
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            quoteCharacter = '"',
            value = {
                "risk > -> 1:7",
                "risk + 1 -> 1:6",
                "risk == 'high' -> 1:6",
                "usage.idle > 3 -> 1:1",
                "client == 'x' -> 1:1",
                "true && riks == HIGH -> 1:9",
                "scopes.map(s, s) == scopes -> 1:11",
                "reason.matches('(a+)+') -> 1:15",
                "has(client.name) -> 1:4",
                "details.amount > 3 -> 1:8",
                "scopes.exists(risk, risk == 'a') -> 1:14",
                "scopes.exists(client, client.id == 'a') -> 1:14",
                "details.exists(d, d == {'a': 1}) -> 1:24",
                "timestamp('2020-01-01T00:00:00Z') < timestamp('2021-01-01T00:00:00Z') -> 1:10"
            })
    void refuses_with_a_place(String text, String place) {
        var fault = faults(text).getFirst();
        assertThat(fault.line() + ":" + fault.column()).as(fault.said()).isEqualTo(place);
    }

    @Test
    void a_place_is_in_the_line_it_stands_on() {
        assertThat(faults("risk == HIGH &&\n  usage.ilde_days > 3"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.line()).isEqualTo(2);
                    assertThat(it.column()).isEqualTo(3);
                    assertThat(it.said())
                            .startsWith("usage.ilde_days is not a fact; there are usage.idle_days, usage.uses,");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"actor.id", "actor.chain.size"})
    void a_fact_of_a_later_version_is_named(String name) {
        assertThat(faults(name + " == 'x'").getFirst().said()).startsWith(name + " is not implemented yet");
    }

    @Test
    void has_a_limit_of_size_and_depth() {
        assertThat(faults("risk == HIGH" + " && risk == HIGH".repeat(200))).isNotEmpty();
        assertThat(faults("'" + "x".repeat(5_000) + "' == reason")).isNotEmpty();
        assertThat(faults("(".repeat(1_000) + "true" + ")".repeat(1_000))).isNotEmpty();
        assertThat(faults("")).isNotEmpty();
    }

    @Test
    void knows_the_facts_it_speaks_of() {
        assertThat(compile("'a' in scopes && usage.mature || scopes.exists(s, s in findings)")
                        .facts())
                .containsExactly("findings", "scopes", "usage.mature");
    }

    private static Condition.Weighed weigh(String text, Facts facts) {
        return compile(text).weigh(Activation.of(facts));
    }

    /// A comparison of two configurations asks once for each client and API.
    @Test
    void is_taken_apart_once() {
        var condition = compile("risk == HIGH && \"write\" in scopes");
        assertThat(condition.written()).isSameAs(condition.written());
    }

    private static Condition compile(String text) {
        return switch (Condition.compile(text)) {
            case Condition.Compiled.Ready(var condition) -> condition;
            case Condition.Compiled.Faulty(var faults) -> throw new AssertionError(text + ": " + faults);
        };
    }

    private static List<Condition.Fault> faults(String text) {
        return switch (Condition.compile(text)) {
            case Condition.Compiled.Ready(var condition) -> throw new AssertionError("compiled: " + condition);
            case Condition.Compiled.Faulty(var faults) -> faults;
        };
    }
}
