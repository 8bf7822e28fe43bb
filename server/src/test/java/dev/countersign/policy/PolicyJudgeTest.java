package dev.countersign.policy;

import static dev.countersign.policy.Policies.faults;
import static dev.countersign.policy.Policies.quiet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PolicyJudgeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final RuleSource APPROVE = new RuleSource("a-approve", "true", approve(5));
    private static final RuleSource REVIEW =
            new RuleSource("b-review", "true", Effect.Review.by(List.of(new Stage("ops", 1))));
    private static final RuleSource GLASS = new RuleSource(
            "d-glass",
            "true",
            new Effect.BreakTheGlass(MINUTE, 2, Effect.DAY, List.of(new Stage("security", 1)), Effect.DAY));
    private static final RuleSource DENY = new RuleSource("c-deny", "true", Effect.Deny.because("never"));

    @Test
    void a_request_that_no_rule_speaks_of_is_denied() {
        assertThat(judge(Policies.of(new RuleSource("other", "risk == CRITICAL", approve(5)))))
                .isEqualTo(new Verdict.Deny(List.of("(no rule)"), "v1", "no rule speaks of this"));
        assertThat(judge(Policies.of())).isInstanceOf(Verdict.Deny.class);
    }

    @Test
    void deny_beats_review_beats_approve() {
        assertThat(judge(Policies.of(APPROVE))).isInstanceOf(Verdict.Approve.class);
        assertThat(judge(Policies.of(APPROVE, REVIEW))).isInstanceOf(Verdict.Review.class);
        assertThat(judge(Policies.of(APPROVE, REVIEW, DENY)))
                .isEqualTo(new Verdict.Deny(List.of("c-deny"), "v1", "never"));
    }

    @Test
    void who_breaks_the_glass_gets_past_reviews_and_not_past_denials() {
        var asks = quiet().breakGlass(true).build();
        assertThat(judge(Policies.of(GLASS, REVIEW))).isInstanceOf(Verdict.Review.class);
        assertThat(judge(Policies.of(GLASS))).isInstanceOf(Verdict.Deny.class);
        assertThat(Policies.of(GLASS, REVIEW).judge(asks).verdict())
                .isEqualTo(new Verdict.Approve(
                        List.of("d-glass"),
                        "v1",
                        Optional.of(MINUTE),
                        Optional.of(new BreakGlass(
                                List.of(new BreakGlass.Limit("d-glass", 2, Effect.DAY)),
                                List.of(new Stage("security", 1)),
                                Effect.DAY,
                                false))));
        assertThat(Policies.of(GLASS, REVIEW, DENY).judge(asks).verdict()).isInstanceOf(Verdict.Deny.class);
        assertThat(Policies.of(GLASS, APPROVE).judge(asks).verdict())
                .isEqualTo(new Verdict.Approve(List.of("a-approve"), "v1", Optional.of(MINUTE)));
        assertThat(Policies.of(REVIEW).judge(asks).verdict())
                .isEqualTo(new Verdict.Deny(
                        List.of("b-review"),
                        "v1",
                        "people decide this, and no rule lets this client break the glass for it"));
    }

    @Test
    void the_unknown_breaks_no_glass() {
        var rule = new RuleSource("calm", "usage.idle_days < 60", GLASS.then());
        var asks = quiet().breakGlass(true);
        assertThat(Policies.of(rule).judge(asks.build()).verdict()).isInstanceOf(Verdict.Approve.class);
        assertThat(Policies.of(rule)
                        .judge(asks.unknown("usage.idle_days").build())
                        .verdict())
                .isInstanceOf(Verdict.Deny.class);
        assertThat(Policies.of(GLASS, REVIEW)
                        .judge(quiet().unknown(BreakGlass.FACT).build())
                        .verdict())
                .isInstanceOf(Verdict.Review.class);
    }

    @Test
    void break_glass_rules_unite_and_each_counts_for_itself() {
        var other = new RuleSource(
                "e-glass",
                "true",
                new Effect.BreakTheGlass(
                        Duration.ofSeconds(30), 1, MINUTE, List.of(new Stage("ops", 2)), MINUTE.multipliedBy(9)));
        assertThat(Policies.of(other, GLASS)
                        .judge(quiet().breakGlass(true).build())
                        .verdict())
                .isEqualTo(new Verdict.Approve(
                        List.of("d-glass", "e-glass"),
                        "v1",
                        Optional.of(Duration.ofSeconds(30)),
                        Optional.of(new BreakGlass(
                                List.of(
                                        new BreakGlass.Limit("d-glass", 2, Effect.DAY),
                                        new BreakGlass.Limit("e-glass", 1, MINUTE)),
                                List.of(new Stage("ops", 2), new Stage("security", 1)),
                                MINUTE.multipliedBy(9),
                                false))));
    }

    @Test
    void a_break_glass_rule_shortens_no_token_of_who_does_not_break_it() {
        assertThat(judge(Policies.of(APPROVE, GLASS)))
                .isEqualTo(new Verdict.Approve(List.of("a-approve"), "v1", Optional.of(MINUTE.multipliedBy(5))));
    }

    @Test
    void what_is_looser_about_broken_glass_is_told() {
        var asks = quiet().breakGlass(true).build();
        var was = Policies.of(GLASS, REVIEW).judge(asks).verdict();
        var more = new RuleSource(
                "d-glass",
                "true",
                new Effect.BreakTheGlass(MINUTE, 3, MINUTE, List.of(new Stage("ops", 1)), Effect.DAY.multipliedBy(2)));
        assertThat(Loosening.between(was, Policies.of(more, REVIEW).judge(asks).verdict(), asks)
                        .looser())
                .containsExactly(
                        "looked at within 172800s instead of 86400s",
                        "without security",
                        "times 3 instead of 2",
                        "per 60s instead of 86400s");
        assertThat(Loosening.between(was, Policies.of(APPROVE).judge(asks).verdict(), asks)
                        .looser())
                .contains("without breaking the glass");
    }

    @Test
    void the_unknown_never_approves() {
        var policy = Policies.of(new RuleSource("calm", "usage.idle_days < 60", approve(5)));
        assertThat(policy.judge(quiet().build()).verdict()).isInstanceOf(Verdict.Approve.class);
        assertThat(policy.judge(quiet().unknown("usage.idle_days").build()).verdict())
                .isInstanceOf(Verdict.Deny.class);
    }

    @Test
    void the_unknown_reviews_and_denies() {
        var unknown = quiet().unknown("usage.idle_days").build();
        var review = new RuleSource("r", "usage.idle_days > 60", Effect.Review.by(List.of(new Stage("ops", 1))));
        var deny = new RuleSource("d", "usage.idle_days > 60", Effect.Deny.because("idle {usage.idle_days} days"));
        assertThat(Policies.of(APPROVE, review).judge(unknown).verdict()).isInstanceOf(Verdict.Review.class);
        assertThat(Policies.of(APPROVE, review).judge(quiet().build()).verdict())
                .isInstanceOf(Verdict.Approve.class);
        assertThat(Policies.of(APPROVE, deny).judge(unknown).verdict())
                .isEqualTo(new Verdict.Deny(List.of("d"), "v1", "idle unknown days"));
    }

    @Test
    void reviews_unite() {
        var first = new Effect.Review(
                List.of(new Stage("ops", 1), new Stage("security", 2)),
                MINUTE.multipliedBy(5),
                MINUTE.multipliedBy(20),
                Optional.of(MINUTE),
                List.of("reason"));
        var second = new Effect.Review(
                List.of(new Stage("ops", 2), new Stage("finance", 1)),
                MINUTE.multipliedBy(30),
                MINUTE,
                Optional.of(MINUTE.multipliedBy(2)),
                List.of("ticket", "reason"));
        assertThat(judge(Policies.of(new RuleSource("y", "true", second), new RuleSource("x", "true", first))))
                .isEqualTo(new Verdict.Review(
                        List.of("x", "y"),
                        "v1",
                        List.of(new Stage("finance", 1), new Stage("ops", 2), new Stage("security", 2)),
                        MINUTE.multipliedBy(5),
                        MINUTE,
                        Optional.of(MINUTE),
                        List.of("reason", "ticket")));
    }

    @Test
    void nobody_decides_in_a_groups_place_whom_one_of_the_rules_does_not_let() {
        var soon = new Stage("ops", 1, escalation(5, "leads"));
        var later = new Stage("ops", 2, escalation(9, "leads"));
        assertThat(united(soon, later)).isEqualTo(new Stage("ops", 2, escalation(9, "leads")));
        assertThat(united(soon, new Stage("ops", 1))).isEqualTo(new Stage("ops", 1));
        assertThat(united(soon, new Stage("ops", 1, escalation(5, "bosses")))).isEqualTo(new Stage("ops", 1));
        assertThat(united(new Stage("ops", 1, escalation(15, "leads"))))
                .as("when the time to decide is over")
                .isEqualTo(new Stage("ops", 1));
    }

    @Test
    void who_rests_by_any_rule_rests_by_the_strictest_of_each() {
        var busy = rests(5, 60);
        var day = rests(20, 1440);
        assertThat(rest(busy, day)).contains(new Rest(5, Duration.ofDays(1)));
        assertThat(rest(busy, Effect.Review.by(List.of(new Stage("ops", 1)))))
                .as("a rule that does not say loosens nothing")
                .contains(new Rest(5, Duration.ofHours(1)));
    }

    @Test
    void to_rest_less_loosens() {
        var facts = quiet().build();
        var none = judge(Policies.of(new RuleSource("a", "true", Effect.Review.by(List.of(new Stage("ops", 1))))));
        var five = resting(5, 60);
        assertThat(Loosening.between(none, five, facts).tighter()).containsExactly("rest after 5 approvals in 3600s");
        assertThat(Loosening.between(five, none, facts).looser()).containsExactly("nobody rests");
        assertThat(Loosening.between(five, resting(6, 60), facts).loosens()).isTrue();
        assertThat(Loosening.between(five, resting(4, 59), facts).loosens()).isTrue();
        assertThat(Loosening.between(five, resting(4, 61), facts).tightens()).isTrue();
    }

    private static Effect.Review rests(int approvals, int minutes) {
        var it = Effect.Review.by(List.of(new Stage("ops", 1)));
        return new Effect.Review(
                it.stages(),
                it.within(),
                it.collect(),
                it.lifetime(),
                it.require(),
                1,
                Optional.empty(),
                false,
                false,
                Optional.of(new Rest(approvals, Duration.ofMinutes(minutes))));
    }

    private static Verdict resting(int approvals, int minutes) {
        return judge(Policies.of(new RuleSource("a", "true", rests(approvals, minutes))));
    }

    private static Optional<Rest> rest(Effect.Review one, Effect.Review other) {
        var policy = Policies.of(new RuleSource("a", "true", one), new RuleSource("b", "true", other));
        return ((Verdict.Review) judge(policy)).rest();
    }

    @Test
    void to_escalate_loosens_and_sooner_more_so() {
        var facts = quiet().build();
        var none = judge(by(new Stage("ops", 1)));
        var late = judge(by(new Stage("ops", 1, escalation(9, "leads"))));
        var soon = judge(by(new Stage("ops", 1, escalation(5, "leads"))));
        var others = judge(by(new Stage("ops", 1, escalation(9, "bosses"))));
        assertThat(Loosening.between(none, late, facts).looser()).containsExactly("ops escalates to leads after 540s");
        assertThat(Loosening.between(late, soon, facts).looser()).containsExactly("ops escalates to leads after 300s");
        assertThat(Loosening.between(soon, late, facts).tighter()).containsExactly("ops escalates to leads after 540s");
        assertThat(Loosening.between(late, others, facts).looser())
                .containsExactly("ops escalates to bosses after 540s");
        assertThat(Loosening.between(late, none, facts).tighter()).containsExactly("ops does not escalate");
    }

    @Test
    void nobody_votes_in_anothers_place_unless_all_rules_let_them() {
        var lets = substituted(true);
        assertThat(((Verdict.Review) judge(Policies.of(lets))).substitutes()).isTrue();
        assertThat(((Verdict.Review) judge(Policies.of(lets, REVIEW))).substitutes())
                .isFalse();
        var facts = quiet().build();
        var not = judge(Policies.of(substituted(false)));
        assertThat(Loosening.between(not, judge(Policies.of(lets)), facts).looser())
                .containsExactly("substitutes may vote");
        assertThat(Loosening.between(judge(Policies.of(lets)), not, facts).tighter())
                .containsExactly("no substitutes");
    }

    private static RuleSource substituted(boolean substitutes) {
        return new RuleSource(
                "s",
                "true",
                new Effect.Review(
                        List.of(new Stage("ops", 1)),
                        Effect.WITHIN,
                        Effect.COLLECT,
                        Optional.empty(),
                        List.of(),
                        1,
                        Optional.empty(),
                        false,
                        substitutes,
                        Optional.empty()));
    }

    private static Optional<Escalation> escalation(int minutes, String to) {
        return Optional.of(new Escalation(MINUTE.multipliedBy(minutes), to));
    }

    private static Policy by(Stage... each) {
        return Policies.of(java.util.Arrays.stream(each)
                .map(it -> new RuleSource("r" + it, "true", Effect.Review.by(List.of(it))))
                .toArray(RuleSource[]::new));
    }

    private static Stage united(Stage... each) {
        return ((Verdict.Review) judge(by(each))).stages().getFirst();
    }

    @Test
    void a_cap_binds_whatever_the_effect_of_its_rule() {
        assertThat(((Verdict.Review) judge(Policies.of(APPROVE, REVIEW))).lifetime())
                .contains(MINUTE.multipliedBy(5));
        var tight = new RuleSource("tight", "true", approve(1));
        assertThat(((Verdict.Approve) judge(Policies.of(APPROVE, tight))).lifetime())
                .contains(MINUTE);
    }

    @Test
    void a_rule_that_says_nothing_caps_at_the_default() {
        var silent = new RuleSource("silent", "true", new Effect.Approve(Optional.empty()));
        var wide = new RuleSource("wide", "true", approve(60));
        assertThat(judge(Policies.of(silent)))
                .isEqualTo(new Verdict.Approve(List.of("silent"), "v1", Optional.empty()));
        assertThat(((Verdict.Approve) judge(Policies.of(wide))).lifetime()).contains(MINUTE.multipliedBy(60));
        assertThat(((Verdict.Approve) judge(Policies.of(silent, wide))).lifetime())
                .contains(Effect.LIFETIME);
    }

    @Test
    void a_denial_says_all_its_reasons_with_their_facts() {
        var policy = Policies.of(
                new RuleSource("b", "true", Effect.Deny.because("not used for {usage.idle_days} days")),
                new RuleSource("a", "true", Effect.Deny.because("{scopes} at {resource}: $1 \\ {client.tags}")));
        var facts = quiet().set("usage.idle_days", 147)
                .set("scopes", List.of("a", "b"))
                .set("resource", "https://x")
                .build();
        assertThat(policy.judge(facts).verdict())
                .isEqualTo(new Verdict.Deny(
                        List.of("a", "b"), "v1", "a, b at https://x: $1 \\ []; not used for 147 days"));
    }

    @Test
    void the_trace_has_every_rule_and_why_it_is_not_known() {
        var policy = Policies.of(
                new RuleSource("c", "risk == CRITICAL", approve(1)),
                new RuleSource("b", "1 / 0 == 1", Effect.Review.by(List.of(new Stage("ops", 1)))),
                new RuleSource("a", "usage.uses > 3", approve(1)));
        assertThat(policy.judge(quiet().unknown("usage.uses").build()).trace())
                .containsExactly(
                        new RuleTrace("a", Truth.UNKNOWN, "approve", false, List.of("usage.uses"), ""),
                        new RuleTrace("b", Truth.UNKNOWN, "review", true, List.of(), "a division by zero"),
                        new RuleTrace("c", Truth.NO, "approve", false, List.of(), ""));
    }

    @Test
    void all_that_is_wrong_is_said_at_once() {
        assertThat(faults(
                        new RuleSource("a", "risk >", approve(0)),
                        new RuleSource("a", "true", Effect.Deny.because("{usage.idle} and\n {reason} {")),
                        new RuleSource("b", "true", Effect.Review.by(List.of())),
                        new RuleSource("", "true", Effect.Deny.because(" ")),
                        new RuleSource(
                                "c",
                                "true",
                                new Effect.Review(
                                        List.of(new Stage("ops", 1), new Stage("ops", 2)),
                                        Duration.ZERO,
                                        MINUTE,
                                        Optional.empty(),
                                        List.of("essay")))))
                .extracting(it -> it.rule() + " " + it.part() + " " + it.line() + ":" + it.column())
                .containsExactly(
                        "a approve 1:1",
                        "a when 1:7",
                        "a rule 1:1",
                        "a deny 1:1",
                        "a deny 2:2",
                        "a deny 2:11",
                        "b stages 1:1",
                        " rule 1:1",
                        " deny 1:1",
                        "c stages 1:1",
                        "c require 1:1",
                        "c review 1:1");
    }

    private static Effect approve(int minutes) {
        return new Effect.Approve(Optional.of(Duration.ofMinutes(minutes)));
    }

    private static Verdict judge(Policy policy) {
        return policy.judge(quiet().build()).verdict();
    }
}
