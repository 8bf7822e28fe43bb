package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Suggestion;
import dev.countersign.approval.Suggestions;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Facts;
import dev.countersign.policy.Policy;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people always agree to is suggested as a rule: what it takes, what it says, and that it is nothing before it is
/// published.
@OneStore
class SuggestionsTest extends OverTheWire {
    private static final String ASKS = """
            policies:
              - rule: asks
                when: resource == "%s"
                review:
                  stages: [ { group: payments-oncall, votes: 1 } ]
            """.formatted(TestGate.PAYMENTS);

    @BeforeEach
    void configure() {
        gate.configure("policies.yaml", ASKS);
    }

    private String held(String scope) {
        return gate.defer("refund-bot", "scope", scope, "requested_lifetime", "40")
                .reference();
    }

    private void later(Duration duration) {
        gate.clock.advance(duration);
        gate.parts().catchUp();
    }

    private List<Suggestion> suggested() {
        return new Suggestions(gate.parts().installation.store, gate.parts().approvals, gate.parts().profiles)
                .of(gate.clock.instant());
    }

    @Test
    void what_two_people_agreed_to_twenty_times_is_suggested_and_nineteen_are_too_few() {
        collected(1); // the first of its kind is something to look at
        collected(Suggestions.LEAST - 1);
        assertThat(suggested()).isEmpty();
        collected(1);
        var it = suggested().getFirst();
        assertThat(it.client()).isEqualTo("refund-bot");
        assertThat(it.scopes()).containsExactly(READ);
        assertThat(it.decisions()).isEqualTo(20);
        assertThat(it.people()).isEqualTo(2);
        assertThat(it.rules()).containsExactly("asks");
        assertThat(it.lifetime()).isEqualTo(Duration.ofSeconds(40));
    }

    /// So many that were approved and collected.
    private void collected(int times) {
        for (int i = 0; i < times; i++) {
            var held = gate.defer("refund-bot", "scope", READ, "requested_lifetime", "40");
            gate.says(i % 2 == 0 ? "ana" : "bo", Word.APPROVE, held.reference());
            assertThat(gate.poll("refund-bot", held.text("deferral_code")).status())
                    .isEqualTo(200);
            gate.parts().installation.ledger.settle(); // what is unusual hangs on what is read of it
            gate.clock.advance(Duration.ofHours(3));
        }
    }

    @Test
    void one_person_is_nobody_else_to_look() {
        for (int i = 0; i <= Suggestions.LEAST; i++) {
            var held = gate.defer("refund-bot", "scope", READ, "requested_lifetime", "40");
            gate.says("ana", Word.APPROVE, held.reference());
            assertThat(gate.poll("refund-bot", held.text("deferral_code")).status())
                    .isEqualTo(200);
            gate.clock.advance(Duration.ofHours(3));
        }
        assertThat(suggested()).isEmpty();
    }

    @Test
    void one_denial_or_narrowing_and_it_is_no_habit() {
        collected(Suggestions.LEAST + 1);
        assertThat(suggested()).hasSize(1);
        gate.says(
                "ana",
                Word.APPROVE,
                held(READ),
                Optional.of(new Allowance(Scopes.parse(READ), AuthorizationDetails.NONE, Duration.ofSeconds(5))));
        assertThat(suggested()).isEmpty();
        later(Duration.ofDays(31));
        later(Duration.ofMinutes(11));
        collected(Suggestions.LEAST + 1);
        assertThat(suggested()).hasSize(1);
        gate.says("ana", Word.DENY, held(READ));
        assertThat(suggested()).isEmpty();
    }

    @Test
    void what_risks_much_is_for_people() {
        for (int i = 0; i < 2 * Suggestions.LEAST; i++) {
            var held = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "40");
            gate.says(i % 2 == 0 ? "ana" : "bo", Word.APPROVE, held.reference());
            assertThat(gate.poll("refund-bot", held.text("deferral_code")).status())
                    .isEqualTo(200);
            gate.clock.advance(Duration.ofHours(3));
        }
        assertThat(suggested()).isEmpty();
    }

    @Test
    void what_is_pasted_lets_that_pass_until_it_ends_and_no_more_of_it_and_nothing_else() {
        collected(Suggestions.LEAST + 1);
        var policy = gate.configuration().policy();
        var today = LocalDate.ofInstant(gate.clock.instant(), ZoneOffset.UTC);
        var yaml = suggested().getFirst().yaml(policy, today).orElseThrow();
        assertThat(yaml)
                .contains("auth.method in [\\\"client_secret_basic\\\"]")
                .doesNotContain("auth.key_bound", "reason !=");
        assertThat(yaml).contains("past_day.tokens <= 8", "holidays: [ " + today + "/" + today.plusDays(30) + " ]");
        assertThat(asks("refund-bot", READ).error())
                .as("nothing is in force before it is published")
                .isEqualTo("access_denied");
        gate.says(
                "ana",
                Word.DENY,
                gate.entries("request.made").getLast().request().orElseThrow());

        gate.configure("policies.yaml", pasted(yaml));
        gate.parts().counting.keep();
        later(Duration.ofHours(25)); // what is counted of a day is known after one
        gate.parts().counting.keep();
        assertThat(asks("refund-bot", READ).status()).isEqualTo(200);
        var rules = gate.configuration().policy();
        var facts = gate.disclosed(gate.entries("token.minted").getLast(), Member.FACTS);
        assertThat(verdict(rules, facts)).isEqualTo("approve");
        assertThat(verdict(rules, facts.replace("\"lifetime\":40", "\"findings\":[\"new_network\"],\"lifetime\":40")))
                .as("nobody agreed to what is unusual")
                .isNotEqualTo("approve");
        assertThat(verdict(
                        rules,
                        facts.replace("\"break_glass\"", "\"auth.method\":\"client_secret_post\",\"break_glass\"")))
                .as("nor to another way in")
                .isNotEqualTo("approve");
        assertThat(asks("refund-bot", WRITE).error()).isEqualTo("access_denied");
        assertThat(asks("refund-bot", READ + " " + WRITE).error()).isEqualTo("access_denied");
        assertThat(asks("other-bot", READ).error()).isEqualTo("access_denied");
        for (int i = 0; i < 5; i++) { // with the two that wait there are eight then
            assertThat(asks("refund-bot", READ).status()).isEqualTo(200);
        }
        assertThat(asks("refund-bot", READ).error())
                .as("no more a day than ever")
                .isEqualTo("access_denied");
        later(Duration.ofDays(30));
        later(Duration.ofMinutes(11));
        assertThat(asks("refund-bot", READ).error()).as("it has ended").isEqualTo("access_denied");
    }

    private TestGate.Answer asks(String client, String scope) {
        return gate.ask(client, "scope", scope, "requested_lifetime", "40");
    }

    private static String verdict(Policy rules, String facts) {
        return rules.judge(Facts.fromJson(facts)).verdict().word();
    }

    /// The suggestion in place of the only rule there is.
    private static String pasted(String yaml) {
        return yaml.replaceAll("(?m)^ *#.*\n", "") + """
                    review:
                      stages: [ { group: payments-oncall, votes: 1 } ]
                """;
    }
}
