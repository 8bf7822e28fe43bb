package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.EntryView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What tests expect of entries is what the ledger records: for each way a verdict can go, by the same rules.
final class RecordedEntryTest extends OverTheWire {
    private static final String RULES = """
            policies:
              - { rule: reads, when: risk == LOW, approve: { lifetime: 60s } }
              - { rule: long, when: lifetime > 800, deny: "{lifetime} seconds is too long" }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], require: [reason, ticket] }
              - rule: outage
                when: '"refunds:write" in scopes'
                break_glass: { times: 5, review: { stages: [ { group: security, votes: 1 } ] } }
            """;

    /// A request: what is sent, and the same as a test gives it.
    private record Case(String name, List<String> sent, String given, String verdict) {}

    private static final List<Case> CASES = List.of(
            new Case("passes", List.of("scope", READ), "scopes: [\"refunds:read\"]", "approve"),
            new Case(
                    "denied",
                    List.of("scope", READ, "requested_lifetime", "850"),
                    "scopes: [\"refunds:read\"], lifetime: 850",
                    "deny"),
            new Case("no reason", List.of("scope", WRITE), "scopes: [\"refunds:write\"]", "review"),
            new Case(
                    "no ticket",
                    List.of("scope", WRITE, "reason", "r"),
                    "scopes: [\"refunds:write\"], reason: r",
                    "review"),
            new Case(
                    "waits",
                    List.of("scope", WRITE, "reason", "r", "ticket", "t"),
                    "scopes: [\"refunds:write\"], reason: r, ticket: t",
                    "review"),
            new Case(
                    "breaks in silence",
                    List.of("scope", WRITE, "break_glass", "true"),
                    "scopes: [\"refunds:write\"], break_glass: true",
                    "approve"),
            new Case(
                    "breaks",
                    List.of("scope", WRITE, "break_glass", "true", "reason", "down"),
                    "scopes: [\"refunds:write\"], break_glass: true, reason: down",
                    "approve"));

    @Test
    void each_entry_is_as_a_test_expects_it() {
        gate.configure("policies.yaml", RULES);
        var tests = new ArrayList<String>();
        for (var each : CASES) {
            gate.ask("refund-bot", each.sent().toArray(String[]::new));
            tests.add(test(each, last()));
        }
        assertThat(tests.stream().distinct()).hasSize(CASES.size());

        gate.configure("tests.yaml", "tests:\n" + String.join("", tests));

        assertThat(gate.configuration().tests()).hasSize(CASES.size());
    }

    private EntryView last() {
        gate.parts().installation.ledger.settle();
        return List.of("token.minted", "request.judged", "request.refused").stream()
                .flatMap(it -> gate.entries(it).stream())
                .max((a, b) -> Long.compare(a.index(), b.index()))
                .orElseThrow();
    }

    private static String test(Case each, EntryView entry) {
        var expected = new ArrayList<String>();
        expected.add("code: " + entry.code().wire());
        expected.add("rules: [" + String.join(", ", entry.texts("rules")) + "]");
        for (var member : List.of("because", "by", "sentence")) {
            if (!entry.text(member).isEmpty()) {
                expected.add(member + ": " + entry.text(member));
            }
        }
        return "  - { name: %s, given: { client: refund-bot, %s }, expect: { verdict: %s, entry: { %s } } }\n"
                .formatted(each.name(), each.given(), each.verdict(), String.join(", ", expected));
    }
}
