package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/// A server that somebody else than who sends a configuration must agree to.
abstract class Governed extends OverTheWire {
    static final String SERVER = """
            resources:
              - id: http://localhost:8080
                name: This server
                owner: administrators
                scopes:
                  - { name: "configuration:publish", title: Put a configuration in force, risk: critical }
            """;
    static final String RULE = """
              - rule: two-people
                when: '"configuration:publish" in scopes'
                review: { stages: [ { group: security, votes: 1 } ], within: 1h }
            """;
    TestOffers cy;
    String base;

    @BeforeEach
    void governed() {
        gate.write("server.yaml", SERVER);
        gate.configure("policies.yaml", REVIEW + RULE);
        cy = new TestOffers(gate, gate.bearer("cy", "requests:read", "admin"));
        gate.clock.advance(Duration.ofSeconds(5));
        base = cy.inForce();
    }

    Map<String, String> shorter() {
        return cy.files("policies.yaml", "60s", "30s");
    }

    Map<String, String> letsMoneyMove() {
        var files = cy.files("policies.yaml", "risk == LOW", "client.id == \"refund-bot\" && scopes.size() > 0");
        files.replaceAll((_, text) -> text.replace(
                "\"refunds:write\" in scopes ||", "client.id != \"refund-bot\" && \"refunds:write\" in scopes ||"));
        return files;
    }

    String ask(Map<String, String> files) {
        var asked = cy.apply(files);
        assertThat(asked.status()).as(asked.raw().body()).isEqualTo(202);
        assertThat(asked.text("outcome")).isEqualTo("pending");
        return asked.text("request");
    }

    void approve(String id) {
        assertThat(gate.says("ana", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Counted.class);
    }

    /// Approves it and waits until it is in force.
    void publish(String id) {
        var before = cy.inForce();
        approve(id);
        gate.parts().asking.finish();
        TestGate.until(() -> !cy.inForce().equals(before));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Redeemed.class);
    }

    void untilOver(String id) {
        TestGate.until(() -> switch (gate.approval(id)) {
            case Approval.Pending _, Approval.Approved _ -> false;
            case Approval.Denied _, Approval.Expired _, Approval.Cancelled _, Approval.Redeemed _, Approval.Revoked _ ->
                true;
        });
    }

    String endedBecause(String id) {
        gate.parts().asking.finish();
        untilOver(id);
        return gate.approval(id) instanceof Approval.Revoked revoked
                ? revoked.because()
                : gate.approval(id).state();
    }
}
