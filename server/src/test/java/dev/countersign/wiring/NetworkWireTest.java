package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import dev.countersign.policy.Facts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rules that speak of where a request comes from, and of the hour by the clocks of the configuration's zone.
@OneStore
final class NetworkWireTest extends OverTheWire {
    private static final String NETWORKS = """
            networks:
              here: [127.0.0.0/8, "::1/128"]
              office: [192.0.2.0/24]
            policies:
              - rule: from-here
                when: 'risk == LOW && "here" in network.names && network.family == "ipv4"'
                approve: { lifetime: 60s }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
              - rule: only-from-here
                when: '!("here" in network.names)'
                deny: "not from there"
            """;

    private Facts recorded(String code) {
        return Facts.fromJson(gate.disclosed(gate.entries(code).getLast(), "facts"));
    }

    @Test
    void where_a_request_comes_from_decides_and_stands_in_the_record() {
        gate.configure("policies.yaml", NETWORKS);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(recorded("token.minted").value("network.names")).contains(List.of("here"));
        assertThat(recorded("token.minted").value("network.family")).contains("ipv4");

        gate.configure("policies.yaml", NETWORKS.replace("127.0.0.0/8", "198.51.100.0/24"));
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(400);
        assertThat(gate.entries("request.refused").getLast().texts("rules")).containsExactly("only-from-here");
        assertThat(recorded("request.refused").value("network.names")).contains(List.of());
    }

    /// Where it came from is frozen with the request: whoever collects it from elsewhere is not judged by that.
    @Test
    void an_approval_is_held_to_where_its_request_came_from() {
        gate.configure("policies.yaml", NETWORKS);
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.configure("policies.yaml", NETWORKS.replace("127.0.0.0/8", "198.51.100.0/24"));
        gate.says("ana", Word.APPROVE, held.reference());
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
    }

    @Test
    void without_networks_nobody_knows_and_no_rule_may_ask() {
        gate.ask("refund-bot", "scope", READ);
        assertThat(recorded("token.minted").value("network.names")).isEmpty();
        assertThat(recorded("token.minted").value("network.family")).contains("ipv4");
    }

    /// Ten o'clock UTC is noon in Berlin.
    @Test
    void the_hour_is_that_of_the_configurations_zone_also_when_it_is_collected() {
        var rules = REVIEW + "  - { rule: late, when: 'time.hour >= 12 && risk >= HIGH', deny: late }\n";
        gate.configure("policies.yaml", rules);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(recorded("token.minted").value("time.zone")).contains("UTC");
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, held.reference());

        gate.configure("policies.yaml", "zone: Europe/Berlin\n" + rules);
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Revoked.class);
        gate.clock.advance(Duration.ofMinutes(20));
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(400);
        assertThat(gate.entries("request.refused").getLast().texts("rules")).containsExactly("late");
        assertThat(recorded("request.refused").value("time.hour")).contains(12L);
        assertThat(recorded("request.refused").value("time.zone")).contains("Europe/Berlin");
    }
}
