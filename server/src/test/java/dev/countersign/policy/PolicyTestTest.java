package dev.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Harm;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.ScopeDefinition;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PolicyTestTest {
    private static final String PAYMENTS = "https://payments.example.com";

    private static final Policy POLICY = Policies.of(
            new RuleSource(
                    "no-dormant-privilege",
                    "risk >= HIGH && usage.idle_days > 60",
                    Effect.Deny.because("not used for {usage.idle_days} days; its owner has to attest it first")),
            new RuleSource(
                    "routine-read",
                    "risk == LOW && usage.mature && findings.size() == 0",
                    new Effect.Approve(Optional.of(Duration.ofSeconds(60)))),
            new RuleSource(
                    "money-moves",
                    "\"refunds:write\" in scopes",
                    new Effect.Review(
                            List.of(new Stage("payments-oncall", 1), new Stage("security", 1)),
                            Duration.ofMinutes(15),
                            Effect.COLLECT,
                            Optional.of(Duration.ofMinutes(2)),
                            List.of("reason"))));

    private static final Registrations REGISTRATIONS = new Registrations(
            Map.of(
                    "refund-bot",
                    new Registrations.Client(
                            "Refund bot",
                            "payments-dev",
                            List.of("prod"),
                            Map.of(PAYMENTS, Scopes.of(List.of("refunds:read", "refunds:write"))))),
            Map.of(
                    PAYMENTS,
                    new Resource(
                            PAYMENTS,
                            "Payments API",
                            "payments-oncall",
                            List.of(),
                            Map.of(
                                    "refunds:read",
                                    new ScopeDefinition("refunds:read", "See refunds", Risk.LOW, Harm.UNSAID),
                                    "refunds:write",
                                    new ScopeDefinition("refunds:write", "Refund a payment", Risk.HIGH, Harm.UNSAID),
                                    "admin",
                                    new ScopeDefinition("admin", "Everything", Risk.CRITICAL, Harm.UNSAID)),
                            Map.of("refund", refund()),
                            Optional.empty())));

    private static DetailsType refund() {
        return DetailsType.load("refund", "Refund {amount}", Risk.HIGH, """
                {"type": "object", "additionalProperties": false, "properties": {"amount": {"type": "number"}}}
                """, List.of())
                .orThrow();
    }

    @Test
    void a_dormant_bot_is_refused() {
        assertThat(run(
                        Map.of("client", "refund-bot", "scopes", List.of("refunds:write"), "usage.idle_days", 147),
                        PolicyTest.Expected.of("deny", "no-dormant-privilege")))
                .isEmpty();
    }

    @Test
    void what_is_not_given_is_quiet_and_comes_from_the_registrations() {
        assertThat(run(
                        Map.of("client", "refund-bot", "scopes", List.of("refunds:read")),
                        new PolicyTest.Expected(
                                Optional.of("approve"),
                                Optional.of("routine-read"),
                                Optional.of(Duration.ofMinutes(1)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())))
                .isEmpty();
        assertThat(run(
                        Map.of("client", "refund-bot", "scopes", List.of("refunds:write"), "lifetime", "2m"),
                        new PolicyTest.Expected(
                                Optional.of("review"),
                                Optional.of("money-moves"),
                                Optional.of(Duration.ofMinutes(2)),
                                Optional.of(Duration.ofMinutes(15)),
                                Optional.of(List.of(new Stage("security", 1), new Stage("payments-oncall", 1))),
                                Optional.empty())))
                .isEmpty();
    }

    @Test
    void a_details_type_brings_its_risk() {
        assertThat(run(
                        Map.of(
                                "client",
                                "refund-bot",
                                "details",
                                List.of(Map.of("type", "refund", "amount", 5)),
                                "usage.idle_days",
                                61),
                        PolicyTest.Expected.of("deny", "no-dormant-privilege")))
                .isEmpty();
    }

    @Test
    void the_unknown_is_written_as_such() {
        assertThat(run(
                        Map.of("client", "refund-bot", "scopes", List.of("refunds:read"), "findings", "unknown"),
                        PolicyTest.Expected.of("deny", "(no rule)")))
                .isEmpty();
        assertThat(run(
                        Map.of(
                                "client",
                                "refund-bot",
                                "scopes",
                                List.of("refunds:write"),
                                "usage.idle_days",
                                "unknown"),
                        PolicyTest.Expected.of("deny", "no-dormant-privilege")))
                .isEmpty();
    }

    @Test
    void a_failure_says_what_was_expected_what_came_and_why() {
        assertThat(run(
                        Map.of("client", "refund-bot", "scopes", List.of("refunds:write"), "usage.idle_days", 12),
                        PolicyTest.Expected.of("deny", "no-dormant-privilege")))
                .containsExactly("t: expected deny, got review; expected rule no-dormant-privilege, got money-moves"
                        + " [money-moves (review) yes; no-dormant-privilege (deny) no; routine-read (approve) no]");
    }

    @Test
    void what_no_request_can_have_is_odd() {
        assertThat(odd(Map.of("client", "nobody"))).contains("there is no client nobody");
        assertThat(odd(Map.of("client", "refund-bot", "scopes", List.of("admin"))))
                .contains("no resource gives this client admin");
        assertThat(odd(Map.of("client", "refund-bot", "resource", PAYMENTS, "scopes", List.of("admin"))))
                .contains("this client may not ask for admin");
        assertThat(odd(Map.of("resource", PAYMENTS, "scopes", List.of("nix")))).contains("nix is no scope of");
        assertThat(odd(Map.of("usage.idle", 3))).contains("usage.idle is not a fact");
        assertThat(odd(Map.of("usage.uses", "many"))).contains("usage.uses is int");
        assertThat(odd(Map.of("risk", "awful"))).contains("risk is low");
        assertThat(odd(Map.of("lifetime", "soon"))).contains("lifetime is seconds");
        assertThat(odd(Map.of("actor.id", true))).contains("actor.id is not implemented yet");
    }

    @Test
    void a_request_that_is_given_is_of_the_configurations_zone() {
        var berlin = new Registrations(Map.of(), Map.of(), SourceFacts.NONE, java.time.ZoneId.of("Europe/Berlin"));
        var facts = ((GivenFacts.Understood) GivenFacts.of(Map.of("time.hour", 3), berlin)).facts();
        assertThat(facts.value("time.zone")).contains("Europe/Berlin");
    }

    private static String odd(Map<String, Object> given) {
        return run(given, PolicyTest.Expected.of("deny", "(no rule)")).getFirst();
    }

    private static List<String> run(Map<String, Object> given, PolicyTest.Expected expected) {
        return new PolicyTest("t", given, expected).run(POLICY, REGISTRATIONS).wrong();
    }
}
