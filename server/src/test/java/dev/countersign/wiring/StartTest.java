package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Outcome;
import dev.countersign.approval.Vote.Word;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is needed later and asked for now: approved by day, collected at night. When a test is over its ledger
/// is verified offline.
final class StartTest {
    private static final String POLICIES = """
            policies:
              - { rule: reads, when: risk == LOW, approve: { lifetime: 60s } }
              - rule: maintenance
                when: '"refunds:write" in scopes'
                review:
                  stages: [ { group: payments-oncall, votes: 1 } ]
                  within: 15m
                  collect: 30m
                  lifetime: 5m
                  ahead: 12h
            """;
    private static final String WRITE = "refunds:write";

    @TempDir
    Path folder;

    private TestGate gate;
    private Instant start;

    @BeforeEach
    void begin() {
        gate = new TestGate(folder, POLICIES);
        start = gate.clock.instant().plus(Duration.ofHours(8));
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    private String seconds() {
        return Long.toString(start.getEpochSecond());
    }

    private Answer asks() {
        return gate.ask("refund-bot", "scope", WRITE, "requested_start", seconds());
    }

    private void untilStart(Duration before) {
        gate.clock.advance(Duration.between(gate.clock.instant(), start).minus(before));
    }

    @Test
    void what_was_approved_is_collected_from_its_start_on_and_not_before() {
        var held = gate.defer("refund-bot", "scope", WRITE, "requested_start", seconds());
        assertThat(held.body().path("expires_in").asLong(0)).isBetween(8 * 3600L + 1700, 8 * 3600L + 1800);
        gate.says("ana", Word.APPROVE, held.reference());
        var code = held.text("deferral_code");

        assertThat(gate.poll("refund-bot", code).error()).isEqualTo("authorization_pending");
        assertThat(asks().status()).as("joins it").isEqualTo(400);
        assertThat(gate.entries("request.made")).hasSize(1);
        untilStart(Duration.ofSeconds(1));
        assertThat(gate.poll("refund-bot", code).error()).isEqualTo("authorization_pending");
        gate.clock.advance(Duration.ofSeconds(6));
        assertThat(gate.poll("refund-bot", code).status()).isEqualTo(200);
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Redeemed.class);
    }

    @Test
    void the_same_request_again_gets_it_when_it_has_started() {
        assertThat(asks().status()).isEqualTo(400);
        gate.says(
                "ana",
                Word.APPROVE,
                gate.entries("request.made").getLast().request().orElseThrow());
        untilStart(Duration.ofSeconds(-3));
        assertThat(asks().status()).isEqualTo(200);
    }

    @Test
    void the_api_tells_when_it_starts() {
        assertThat(asks().status()).isEqualTo(400);
        var id = gate.entries("request.made").getLast().request().orElseThrow();
        gate.says("ana", Word.APPROVE, id);
        assertThat(gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id)
                        .body()
                        .path("starts_at")
                        .asString(""))
                .isEqualTo(start.toString());
    }

    @Test
    void the_time_to_collect_begins_with_it_and_ends_it() {
        assertThat(asks().status()).isEqualTo(400);
        var id = gate.entries("request.made").getLast().request().orElseThrow();
        gate.says("ana", Word.APPROVE, id);
        assertThat(((Approval.Approved) gate.approval(id)).collectBy()).isEqualTo(start.plus(Duration.ofMinutes(30)));
        untilStart(Duration.ofMinutes(-30));
        assertThat(asks().status()).isEqualTo(400);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Expired.class);
    }

    @Test
    void what_is_collected_by_a_time_that_policy_denies_is_denied() {
        gate.configure("more.yaml", """
                policies:
                  - { rule: not-at-night, when: 'time.hour >= 18', deny: "not at night" }
                """);
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(asks().error()).as("its start is at night, though it is day").isEqualTo("invalid_grant");
        assertThat(gate.entries("request.refused").getLast().texts("rules")).containsExactly("not-at-night");
        gate.ask("refund-bot", "scope", WRITE);
        assertThat(gate.entries("request.made")).hasSize(1);
    }

    @Test
    void it_may_not_be_asked_for_earlier_than_the_rules_let_it() {
        start = gate.clock.instant().plus(Duration.ofHours(12)).plusSeconds(1);
        var answer = asks();
        assertThat(answer.error()).isEqualTo("invalid_request");
        assertThat(answer.text("error_description")).contains("so long before its start");
        assertThat(gate.entries("request.refused").getLast().text("because")).isEqualTo("too-early");
    }

    @Test
    void what_policy_decides_at_once_is_asked_for_when_it_is_needed() {
        assertThat(gate.ask("refund-bot", "scope", "refunds:read", "requested_start", seconds())
                        .error())
                .isEqualTo("invalid_request");
        assertThat(gate.entries("token.minted")).isEmpty();
        untilStart(Duration.ZERO);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read", "requested_start", seconds())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_start_that_is_no_time_is_refused() {
        for (var text : new String[] {"soon", "-1", "0", "1.5", "2026-12-01T22:00:00Z", "123456789012"}) {
            assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_start", text)
                            .error())
                    .isEqualTo("invalid_request");
        }
    }

    @Test
    void each_way_to_a_token_waits_for_its_start() throws InterruptedException {
        assertThat(asks().status()).isEqualTo(400);
        var id = gate.entries("request.made").getLast().request().orElseThrow();
        gate.says("ana", Word.APPROVE, id);
        var ways = gate.parts().gate;

        assertThat(List.of(ways.look(id), ways.collect(id), ways.fetch(id), ways.hold(id, Duration.ZERO)))
                .allMatch(Outcome.Wait.class::isInstance);
        assertThat(gate.entries("token.minted")).isEmpty();
        untilStart(Duration.ZERO);
        assertThat(List.of(ways.hold(id, Duration.ZERO), ways.look(id))).allMatch(Outcome.Ready.class::isInstance);
        assertThat(ways.collect(id)).isInstanceOf(Outcome.Go.class);
    }
}
