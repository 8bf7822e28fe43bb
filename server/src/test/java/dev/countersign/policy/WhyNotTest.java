package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What would have to be otherwise.
final class WhyNotTest {
    private static final int WORK = 20_000;
    private static final String API = "https://api.example.com";

    private static final Registrations REGISTRATIONS = new Registrations(
            Map.of(
                    "bot",
                    new Registrations.Client(
                            "Bot", "team", List.of(), Map.of(API, Scopes.of(List.of("read", "write"))))),
            Map.of(
                    API,
                    new Resource(
                            API,
                            "An API",
                            "owners",
                            List.of(),
                            Map.of(
                                    "read", new ScopeDefinition("read", "Read", Risk.LOW, Harm.UNSAID),
                                    "write", new ScopeDefinition("write", "Write", Risk.HIGH, Harm.UNSAID)),
                            Map.of(),
                            Optional.empty())));

    private static final List<String> CONDITIONS = List.of(
            "risk >= HIGH && usage.idle_days > 60",
            "!(usage.uses > 3) || (auth.key_bound && 'write' in scopes)",
            "usage.mature && findings.size() == 0 && risk < MEDIUM",
            "reason.size() > 10",
            "ticket.startsWith('INC-') && time.hour >= 8",
            "details.exists(d, d.amount > 3)",
            "lifetime > usage.uses",
            "time.weekday in [SATURDAY, SUNDAY] || lifetime > 600",
            "usage.mature ? risk < HIGH : auth.key_bound",
            "client.owner == 'team' || 'prod' in client.tags");

    private static RuleSource approve(String name, String when) {
        return new RuleSource(name, when, new Effect.Approve(Optional.empty()));
    }

    private static RuleSource deny(String name, String when) {
        return new RuleSource(name, when, Effect.Deny.because("no"));
    }

    private static Facts.Builder asks(String... scopes) {
        return Policies.quiet()
                .client("bot", "Bot", "team", List.of())
                .set("resource", API)
                .set("scopes", List.of(scopes))
                .set("risk", List.of(scopes).contains("write") ? 2 : 0);
    }

    private static List<String> search(Policy policy, Facts facts) {
        return WhyNot.search(policy, REGISTRATIONS, facts, "approve", WORK).answers().stream()
                .map(it -> it.who() + " "
                        + it.changes().stream()
                                .map(change -> change.fact() + "=" + Facts.words(change.now()))
                                .toList())
                .toList();
    }

    @Test
    void a_boundary_is_missed_by_one() {
        var policy = Policies.of(approve("all", "true"), deny("idle", "usage.idle_days > 60"));

        assertThat(search(policy, asks("read").set("usage.idle_days", 147).build()))
                .containsExactly("USE [usage.idle_days=60]");
        assertThat(search(policy, asks("read").unknown("usage.idle_days").build()))
                .hasSize(1)
                .allSatisfy(it -> assertThat(it).startsWith("USE [usage.idle_days="));
    }

    @Test
    void what_calendars_say_takes_waiting() {
        var policy = Policies.of(
                approve("by-day", "'office' in time.windows"), deny("holidays", "'office' in time.holidays"));

        assertThat(search(policy, asks("read").build())).containsExactly("TIME [time.windows=office]");
        assertThat(search(
                        policy,
                        asks("read")
                                .set(FactSchema.WINDOWS, List.of("office"))
                                .set(FactSchema.HOLIDAYS, List.of("office"))
                                .build()))
                .containsExactly("TIME [time.holidays=[]]");
    }

    @Test
    void what_follows_comes_along() {
        var policy = Policies.of(approve("reading", "risk == LOW"), deny("writing", "'write' in scopes"));
        var facts = asks("read", "write").build();

        assertThat(search(policy, facts)).first().isEqualTo("CLIENT [scopes=read]");
        var answer = WhyNot.search(policy, REGISTRATIONS, facts, "approve", WORK)
                .answers()
                .getFirst();
        assertThat(answer.facts().value("risk")).contains(0L);
    }

    @Test
    void two_changes_are_told_when_one_is_not_enough_and_only_together() {
        var policy = Policies.of(approve(
                "careful", "auth.key_bound && ticket.startsWith('INC-') && reason != '' && usage.idle_days < 10"));
        var facts = asks("write").set("reason", "because").build();

        assertThat(search(policy, facts)).containsExactly("CLIENT [auth.key_bound=true, ticket=INC-]");
    }

    @Test
    void the_client_s_own_changes_come_before_others_of_the_same_number() {
        var policy = Policies.of(approve("any", "usage.idle_days > 5 || lifetime <= 30 || time.hour == 9"));

        assertThat(search(policy, asks("read").build()))
                .containsExactly("CLIENT [lifetime=30]", "TIME [time.hour=9]", "USE [usage.idle_days=6]");
    }

    @Test
    void amounts_in_details_are_lowered() {
        var policy = Policies.of(approve("all", "true"), deny("much", "details.exists(d, d.amount > 100)"));
        var facts = asks("write")
                .set("details", Policies.details("[{\"amount\":250,\"type\":\"refund\"}]"))
                .build();

        assertThat(search(policy, facts)).containsExactly("CLIENT [details=[{\"amount\":100,\"type\":\"refund\"}]]");
    }

    @Test
    void where_nothing_helps_nothing_is_told() {
        var policy = Policies.of(approve("never", "usage.mature && !usage.mature"));
        var found = WhyNot.search(policy, REGISTRATIONS, asks("read").build(), "approve", WORK);

        assertThat(found.answers()).isEmpty();
        assertThat(found.whole()).isTrue();
    }

    @Test
    void a_search_ends_at_its_bound() {
        var policy = Policies.of(
                CONDITIONS.stream().map(it -> deny("rule " + it.hashCode(), it)).toList());

        var found = WhyNot.search(policy, REGISTRATIONS, asks("read").build(), "approve", 50);

        assertThat(found.tried()).isEqualTo(50);
        assertThat(found.whole()).isFalse();
    }

    /// POL-7, for what a search finds.
    @Test
    void every_answer_holds_and_needs_each_of_its_changes() {
        int answers = 0;
        for (int seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var policy = policy(random);
            var facts = facts(random);
            var was = policy.judge(facts).verdict().word();
            for (var want : List.of("approve", "review", "deny")) {
                if (want.equals(was)) {
                    continue;
                }
                for (var answer :
                        WhyNot.search(policy, REGISTRATIONS, facts, want, 3_000).answers()) {
                    answers++;
                    assertThat(policy.judge(answer.facts()).verdict())
                            .as("seed %d, %s", seed, answer)
                            .isEqualTo(answer.verdict());
                    assertThat(answer.verdict().word()).isEqualTo(want);
                    for (var change : answer.changes()) {
                        assertThat(answer.facts().value(change.fact())).contains(change.now());
                        assertThat(change.was())
                                .isEqualTo(facts.value(change.fact()))
                                .isNotEqualTo(Optional.of(change.now()));
                        assertSmallest(policy, facts, answer, change, seed);
                    }
                }
            }
        }
        assertThat(answers).isGreaterThan(130);
    }

    /// Without one of several changes, the others alone are not enough. Facts that follow make it no test of that.
    private static void assertSmallest(Policy policy, Facts facts, WhyNot.Answer answer, WhyNot.Change left, int seed) {
        boolean follows = answer.changes().stream()
                .anyMatch(it -> it.fact().equals("scopes") || it.fact().equals("details"));
        if (answer.changes().size() == 1 || follows) {
            return;
        }
        var others = facts.toBuilder();
        answer.changes().stream().filter(it -> !it.equals(left)).forEach(it -> others.set(it.fact(), it.now()));
        assertThat(policy.judge(others.build()).verdict().word())
                .as("seed %d, %s without %s", seed, answer, left.fact())
                .isNotEqualTo(answer.verdict().word());
    }

    private static Policy policy(Random random) {
        var conditions = new ArrayList<>(CONDITIONS);
        Collections.shuffle(conditions, random);
        return Policies.of(IntStream.range(0, 4)
                .mapToObj(i -> new RuleSource(
                        "rule-" + i,
                        conditions.get(i),
                        switch (random.nextInt(4)) {
                            case 0, 1 -> new Effect.Approve(Optional.empty());
                            case 2 -> Effect.Review.by(List.of(new Stage("team", 1)));
                            default -> Effect.Deny.because("no");
                        }))
                .toList());
    }

    private static Facts facts(Random random) {
        var facts = asks(random.nextBoolean() ? "write" : "read")
                .set("usage.idle_days", random.nextInt(120))
                .set("usage.mature", random.nextBoolean())
                .set("usage.uses", random.nextInt(6))
                .set("lifetime", 1 + random.nextInt(900))
                .set("auth.key_bound", random.nextBoolean())
                .set("reason", random.nextBoolean() ? "order 17 came broken" : "")
                .set("findings", random.nextBoolean() ? List.of("dormant") : List.of())
                .set("details", Policies.details(random.nextBoolean() ? "[{\"amount\":5,\"type\":\"t\"}]" : "[]"));
        FactSchema.facts().stream().filter(_ -> random.nextInt(15) == 0).forEach(fact -> facts.unknown(fact.name()));
        return facts.build();
    }
}
