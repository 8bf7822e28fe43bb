package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What no rule was written about: a privilege that is dormant or asked for the first time.
final class UnfamiliarTest {
    private static final RuleSource SILENT =
            new RuleSource("silent", "true", new Effect.Approve(Optional.of(Duration.ofMinutes(2))));
    private static final RuleSource SPEAKS =
            new RuleSource("speaks", "findings.size() < 9", new Effect.Approve(Optional.empty()));

    @Test
    void it_is_put_before_the_owner_of_the_api() {
        var verdict = judge(facts(Risk.HIGH, true), SILENT);
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Review.class, it -> {
            assertThat(it.rules()).containsExactly("silent");
            assertThat(it.stages()).containsExactly(new Stage("payments-team", 1));
            assertThat(it.lifetime()).contains(Duration.ofMinutes(2));
        });
    }

    @Test
    void an_explanation_names_the_rule_that_puts_it_there() {
        var explained = Explanation.of(Policies.of(List.of(SILENT)), facts(Risk.HIGH, true));
        assertThat(explained.terms()).contains(new Explanation.Term("stage", "1 of payments-team", List.of("silent")));
    }

    @Test
    void what_is_familiar_goes_through() {
        assertThat(judge(facts(Risk.HIGH, false), SILENT)).isInstanceOf(Verdict.Approve.class);
    }

    @Test
    void a_rule_that_speaks_of_usage_is_taken_at_its_word() {
        assertThat(judge(facts(Risk.HIGH, true), SPEAKS)).isInstanceOf(Verdict.Approve.class);
    }

    @Test
    void a_rule_that_speaks_of_usage_lifts_nothing_for_another() {
        assertThat(judge(facts(Risk.HIGH, true), SILENT, SPEAKS)).isInstanceOf(Verdict.Review.class);
    }

    @Test
    void when_usage_is_unknown_a_high_risk_is_put_before_people_and_a_low_one_is_not() {
        var unknown = facts(Risk.HIGH, false).toBuilder()
                .unknown(FactSchema.UNFAMILIAR)
                .build();
        assertThat(judge(unknown, SILENT)).isInstanceOf(Verdict.Review.class);
        var low = facts(Risk.MEDIUM, false).toBuilder()
                .unknown(FactSchema.UNFAMILIAR)
                .build();
        assertThat(judge(low, SILENT)).isInstanceOf(Verdict.Approve.class);
    }

    @Test
    void where_nobody_owns_the_api_nobody_has_it() {
        var nobodys =
                facts(Risk.HIGH, true).toBuilder().unknown("resource_owner").build();
        assertThat(judge(nobodys, SILENT, SPEAKS)).isInstanceOf(Verdict.Deny.class);
    }

    @Test
    void facts_from_before_say_that_it_is_none() {
        var before = "{\"facts\":{\"resource_owner\":\"payments-team\",\"risk\":2},\"schema\":1}";
        assertThat(judge(Facts.fromJson(before), SILENT)).isInstanceOf(Verdict.Approve.class);
        assertThat(judge(Facts.fromJson(facts(Risk.HIGH, true).toJson()), SILENT))
                .isInstanceOf(Verdict.Review.class);
    }

    @Test
    void while_a_client_is_attested_no_rule_approves_whatever_it_speaks_of() {
        var attested = facts(Risk.LOW, false).toBuilder()
                .set(FactSchema.ATTESTED, true)
                .build();
        var names = new RuleSource("names", "usage.attested", new Effect.Approve(Optional.empty()));
        assertThat(judge(attested, SILENT)).isInstanceOf(Verdict.Review.class);
        assertThat(judge(attested, SPEAKS)).isInstanceOf(Verdict.Review.class);
        assertThat(judge(attested, names)).isInstanceOf(Verdict.Review.class);
    }

    @Test
    void an_attested_client_breaks_no_glass() {
        var glass = new RuleSource(
                "glass",
                "true",
                new Effect.BreakTheGlass(
                        Duration.ofMinutes(1), 1, Effect.DAY, List.of(new Stage("security", 1)), Effect.DAY));
        var asks = facts(Risk.LOW, false).toBuilder().breakGlass(true).build();
        assertThat(judge(asks, glass)).isInstanceOf(Verdict.Approve.class);
        assertThat(judge(asks.toBuilder().set(FactSchema.ATTESTED, true).build(), glass))
                .isInstanceOf(Verdict.Deny.class);
    }

    private static Verdict judge(Facts facts, RuleSource... rules) {
        return Policies.of(List.of(rules)).judge(facts).verdict();
    }

    private static Facts facts(Risk risk, boolean unfamiliar) {
        return Facts.builder()
                .set("resource_owner", "payments-team")
                .set("risk", FactSchema.level(risk))
                .findings(List.of())
                .set(FactSchema.UNFAMILIAR, unfamiliar)
                .build();
    }
}
