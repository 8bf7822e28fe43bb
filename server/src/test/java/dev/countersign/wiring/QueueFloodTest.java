package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueueFloodTest extends OverTheWire {
    @Test
    void what_others_are_asked_for_does_not_push_a_request_out_of_sight() {
        gate.configure("policies.yaml", """
                limits: { pending_per_client: 300 }
                policies:
                  - rule: reads
                    when: risk == LOW
                    review: { stages: [ { group: security, votes: 1 } ], within: 15m, lifetime: 1h }
                  - rule: money-moves
                    when: '"refunds:write" in scopes'
                    review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
                """);
        var eve = gate.signIn();
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        for (int i = 1; i <= 201; i++) {
            gate.ask("other-bot", "scope", READ, "requested_lifetime", "" + i);
        }
        var queue = gate.send(gate.request("/queue")
                .header("Cookie", "countersign=" + eve.cookie())
                .build());
        assertThat(queue.status()).isEqualTo(200);
        assertThat(queue.raw().body()).contains("/requests/" + id);
    }
}
