package dev.countersign.policy;

import static dev.countersign.policy.Policies.quiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Facts that sources give, in rules.
final class SourceFactsTest {
    private static final SourceFacts FACTS = SourceFacts.of(List.of(
            SourceFacts.fact("tickets", "open", Fact.Type.TRUTH),
            SourceFacts.fact("tickets", "level", Fact.Type.NUMBER),
            SourceFacts.fact("tickets", "state", Fact.Type.TEXT),
            SourceFacts.fact("rota", "people", Fact.Type.TEXTS),
            SourceFacts.fact("pdp", "decision", Fact.Type.TRUTH)));
    private static final Effect APPROVE = new Effect.Approve(Optional.of(Duration.ofSeconds(60)));
    private static final Effect DENY = Effect.Deny.because("no");

    private static Condition condition(String text) {
        return switch (Condition.compile(text, FACTS)) {
            case Condition.Compiled.Ready(var it) -> it;
            case Condition.Compiled.Faulty(var faults) -> throw new AssertionError(faults.toString());
        };
    }

    private static List<Condition.Fault> faults(String text, SourceFacts facts) {
        return switch (Condition.compile(text, facts)) {
            case Condition.Compiled.Ready(var it) -> throw new AssertionError("compiled: " + it);
            case Condition.Compiled.Faulty(var faults) -> faults;
        };
    }

    private static Policy policy(RuleSource... rules) {
        return switch (Policy.compile(List.of(rules), "v1", new Conditions(FACTS))) {
            case Policy.Compiled.Ready(var it) -> it;
            case Policy.Compiled.Faulty(var faults) -> throw new AssertionError(faults.toString());
        };
    }

    private static Facts heard(Map<String, Object> facts) {
        return quiet().heard(Heard.of(facts)).build();
    }

    private static Truth truth(String text, Facts facts) {
        return condition(text).weigh(Activation.of(facts)).truth();
    }

    @Test
    void conditions_read_what_sources_said() {
        var facts = heard(Map.of(
                "source.tickets.open",
                true,
                "source.tickets.level",
                3L,
                "source.tickets.state",
                "done",
                "source.rota.people",
                List.of("ana", "bo")));
        assertThat(truth("source.tickets.open && source.tickets.level > 2", facts))
                .isEqualTo(Truth.YES);
        assertThat(truth("source.tickets.state == 'open'", facts)).isEqualTo(Truth.NO);
        assertThat(truth("'ana' in source.rota.people && source.rota.people.size() == 2", facts))
                .isEqualTo(Truth.YES);
        assertThat(truth("source.rota.people.exists(it, it == client.id)", facts))
                .isEqualTo(Truth.NO);
    }

    @Test
    void what_a_source_did_not_say_is_unknown_and_named() {
        var weighed = condition("source.tickets.open").weigh(Activation.of(quiet().build()));
        assertThat(weighed.truth()).isEqualTo(Truth.UNKNOWN);
        assertThat(weighed.unknown()).containsExactly("source.tickets.open");
        assertThat(truth("!source.tickets.open", quiet().build())).isEqualTo(Truth.UNKNOWN);
        assertThat(truth("source.tickets.level != 3", quiet().build())).isEqualTo(Truth.UNKNOWN);
        assertThat(truth("source.tickets.open && risk > LOW", quiet().build())).isEqualTo(Truth.NO);
    }

    /// By rules of another time it may have been recorded as something else, and CEL finds a text and a truth
    /// unequal.
    @Test
    void a_value_that_was_recorded_as_another_type_is_unknown() {
        var facts = heard(Map.of("source.tickets.open", "yes", "source.tickets.level", true));
        assertThat(truth("source.tickets.open != true", facts)).isEqualTo(Truth.UNKNOWN);
        assertThat(truth("source.tickets.open == false || source.tickets.level == 0", facts))
                .isEqualTo(Truth.UNKNOWN);
        assertThat(condition("source.tickets.open != true").parts().weigh(facts).truth())
                .isEqualTo(Truth.UNKNOWN);
    }

    @Test
    void the_unknown_never_helps_whoever_asks() {
        var policy = policy(
                new RuleSource("asked", "source.tickets.open", APPROVE),
                new RuleSource("closed", "!source.tickets.open", DENY));
        assertThat(policy.judge(quiet().build()).verdict().rule()).isEqualTo("closed");
        assertThat(policy(new RuleSource("asked", "source.tickets.open", APPROVE))
                        .judge(quiet().build())
                        .verdict()
                        .rule())
                .isEqualTo(Policy.NO_RULE);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "source.tickets.shut|there are source.tickets.level, source.tickets.open, source.tickets.state",
                "source.other.open|is not a fact; there are source.pdp.decision",
                "source|is not a fact; there are",
                "source.tickets|is not a fact; there are",
                "source.tickets.open == 'yes'|no matching overload",
                "source.tickets.level > 'high'|no matching overload",
                "'x' in source.tickets.state|no matching overload",
                "scopes.exists(source, source == 'x')|has a meaning already"
            })
    void what_is_no_such_fact_or_of_another_type_is_a_fault(String text, String said) {
        assertThat(faults(text, FACTS).getFirst().said()).contains(said);
    }

    @Test
    void without_sources_there_are_none_to_speak_of_and_the_word_is_free() {
        assertThat(faults("source.tickets.open", SourceFacts.NONE).getFirst().said())
                .isEqualTo("source.tickets.open is not a fact: there are no `sources`; write one");
        assertThat(Condition.compile("scopes.exists(source, source == 'x')", SourceFacts.NONE))
                .isInstanceOf(Condition.Compiled.Ready.class);
    }

    @Test
    void no_sentence_of_ours_carries_what_others_say() {
        assertThat(Policies.faults(new RuleSource("r", "true", Effect.Deny.because("it is {source.tickets.state}")))
                        .getFirst()
                        .said())
                .contains("comes from a source");
    }

    @Test
    void the_record_has_what_was_said_and_why_nothing_was() {
        var facts = quiet().heard(Heard.of(Map.of(
                                "source.tickets.open",
                                false,
                                "source.rota.people",
                                List.of("ana"),
                                "source.tickets.level",
                                0L))
                        .and(Heard.silent("pdp", "did not answer within 1 s")))
                .build();
        assertThat(facts.toJson())
                .contains(
                        "\"source.rota.people\":[\"ana\"],\"source.tickets.level\":0,\"source.tickets.open\":false,\"time.");
        assertThat(facts.toJson()).endsWith(",\"schema\":2,\"silent\":{\"pdp\":\"did not answer within 1 s\"}}");
        var again = Facts.fromJson(facts.toJson());
        assertThat(again).isEqualTo(facts);
        assertThat(again.toJson()).isEqualTo(facts.toJson());
        assertThat(again.words("source.pdp.decision")).isEqualTo("unknown, since pdp did not answer within 1 s");
        assertThat(again.words("source.other.x")).isEqualTo("unknown, since other was not asked");
        assertThat(again.words("source.tickets.open")).isEqualTo("false");
        assertThat(again.ofSources())
                .containsExactly("source.rota.people", "source.tickets.level", "source.tickets.open");
    }

    @Test
    void a_record_without_sources_is_written_as_ever() {
        assertThat(quiet().heard(Heard.NOTHING).build().toJson())
                .isEqualTo(quiet().build().toJson());
        assertThat(quiet().build().toJson()).doesNotContain("silent", "source");
    }

    @Test
    void what_is_heard_later_takes_the_place_of_all_that_was() {
        var then = quiet().heard(Heard.of(Map.of("source.tickets.open", true)).and(Heard.silent("pdp", "x")))
                .build();
        var now = then.toBuilder().heard(Heard.silent("tickets", "y")).build();
        assertThat(now.value("source.tickets.open")).isEmpty();
        assertThat(now.silent()).isEqualTo(new TreeMap<>(Map.of("tickets", "y")));
    }

    @Test
    void nothing_but_values_of_facts_is_heard() {
        assertThatThrownBy(() -> quiet().set("source.tickets.open", 1.5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> quiet().set("source.tickets", true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> quiet().set("source.tickets.l", List.of(1L)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_a_source_that_can_still_matter_is_undecided() {
        var policy = policy(
                new RuleSource("money", "'refunds:write' in scopes && source.tickets.open", APPROVE),
                new RuleSource("rota", "risk > LOW && 'ana' in source.rota.people", APPROVE),
                new RuleSource("plain", "risk > MEDIUM", DENY));
        assertThat(policy.sources()).containsExactly("rota", "tickets");
        assertThat(policy.undecided(quiet().build())).isEmpty();
        assertThat(policy.undecided(
                        quiet().set("scopes", List.of("refunds:write")).build()))
                .containsExactly("tickets");
        assertThat(policy.undecided(quiet().set("risk", 1L).build())).containsExactly("rota");
    }

    @Test
    void a_denial_hangs_on_silence_unless_a_rule_is_known_to_deny() {
        var policy = policy(
                new RuleSource("open", "source.tickets.open", APPROVE), new RuleSource("frozen", "risk > LOW", DENY));
        assertThat(policy.judge(quiet().build()).hangsOnSilence()).isTrue();
        assertThat(policy.judge(quiet().set("risk", 1L).build()).hangsOnSilence())
                .isFalse();
        assertThat(policy.judge(heard(Map.of("source.tickets.open", false))).hangsOnSilence())
                .isFalse();
    }

    @Test
    void tests_give_what_sources_say_and_what_they_do_not_give_is_unknown() {
        var registrations = new Registrations(Map.of(), Map.of(), FACTS, Surroundings.NONE.zone());
        var given = GivenFacts.of(Map.of("source.tickets.open", true, "source.tickets.level", 2L), registrations);
        var facts = ((GivenFacts.Understood) given).facts();
        assertThat(facts.value("source.tickets.open")).contains(true);
        assertThat(facts.value("source.pdp.decision")).isEmpty();
        var unknown = GivenFacts.of(Map.of("source.tickets.open", "unknown"), registrations);
        assertThat(((GivenFacts.Understood) unknown).facts().value("source.tickets.open"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"source.tickets.shut", "source.other.open"})
    void a_test_that_gives_what_no_source_says_is_odd(String fact) {
        var registrations = new Registrations(Map.of(), Map.of(), FACTS, Surroundings.NONE.zone());
        assertThat(GivenFacts.of(Map.of(fact, true), registrations)).isInstanceOf(GivenFacts.Odd.class);
        assertThat(GivenFacts.of(Map.of("source.tickets.open", 1L), registrations))
                .isEqualTo(new GivenFacts.Odd("source.tickets.open is bool, and this is not: 1"));
    }

    @Test
    void why_not_proposes_what_a_source_would_have_to_say() {
        var policy = policy(new RuleSource("asked", "source.tickets.open && source.tickets.level > 2", APPROVE));
        var facts = quiet().heard(Heard.of(Map.of("source.tickets.open", true, "source.tickets.level", 1L)))
                .build();
        var found = WhyNot.search(
                policy,
                new Registrations(Map.of(), Map.of(), FACTS, Surroundings.NONE.zone()),
                facts,
                "approve",
                1_000);
        assertThat(found.answers().getFirst().changes())
                .containsExactly(new WhyNot.Change("source.tickets.level", Optional.of(1L), 3L));
        assertThat(found.answers().getFirst().who()).isEqualTo(WhyNot.Who.SOURCE);
    }

    /// Of a record of other types it proposes what the rules would read.
    @Test
    void why_not_takes_a_value_of_another_type_for_unknown() {
        var policy = policy(new RuleSource("asked", "source.tickets.level > 2", APPROVE));
        var facts =
                quiet().heard(Heard.of(Map.of("source.tickets.level", "three"))).build();
        var found = WhyNot.search(
                policy,
                new Registrations(Map.of(), Map.of(), FACTS, Surroundings.NONE.zone()),
                facts,
                "approve",
                1_000);
        assertThat(found.answers().getFirst().changes())
                .containsExactly(new WhyNot.Change("source.tickets.level", Optional.empty(), 3L));
    }

    @Test
    void an_explanation_says_why_it_is_unknown() {
        var policy = policy(new RuleSource("asked", "source.tickets.open", APPROVE));
        var facts = quiet().heard(Heard.silent("tickets", "did not answer within 1 s"))
                .build();
        var explained = Explanation.of(policy, facts);
        assertThat(explained.rules().getFirst().trace().unknown()).containsExactly("source.tickets.open");
        assertThat(explained.facts().unknown("source.tickets.open"))
                .isEqualTo("unknown, since tickets did not answer within 1 s");
    }
}
