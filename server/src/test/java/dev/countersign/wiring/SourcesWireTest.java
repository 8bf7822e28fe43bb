package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.TestPeer;
import dev.countersign.TestStores;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import dev.countersign.cli.CommandLines;
import dev.countersign.cli.Terminal;
import dev.countersign.config.Configuration;
import dev.countersign.config.Read;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.policy.Facts;
import dev.countersign.replay.Past;
import dev.countersign.source.Sources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules that speak of a ticket system, which is asked over the wire.
@OneStore
final class SourcesWireTest {
    private static final String READ = "refunds:read";
    private static final String WRITE = "refunds:write";
    private static final String OPEN = "{\"status\":{\"open\":true}}";
    private static final String CLOSED = "{\"status\":{\"open\":false}}";

    @TempDir
    Path folder;

    private final TestPeer tickets = new TestPeer(TestPeer.json(OPEN));
    private TestGate gate;

    private static String policies(TestPeer tickets) {
        return """
                sources:
                  tickets:
                    url: %s
                    timeout: 1s
                    facts: { open: { pointer: /status/open, type: bool } }
                policies:
                  - { rule: with-ticket, when: "risk == LOW && source.tickets.open", approve: { lifetime: 60s } }
                  - rule: money-moves
                    when: '"refunds:write" in scopes'
                    review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
                  - { rule: closed, when: '"refunds:write" in scopes && !source.tickets.open', deny: "there is no open ticket" }
                """.formatted(tickets.url("/api/{ticket}"));
    }

    @BeforeEach
    void start() {
        gate = new TestGate(folder, policies(tickets));
    }

    @AfterEach
    void stop() {
        gate.close();
        tickets.close();
    }

    private TestGate.Answer ask(String scope, String ticket) {
        return gate.ask("refund-bot", "scope", scope, "ticket", ticket);
    }

    private Facts recorded(EntryView entry) {
        return Facts.fromJson(gate.disclosed(entry, "facts"));
    }

    private String explain(EntryView entry) {
        var out = new ByteArrayOutputStream();
        CommandLines.run(
                new Terminal(new PrintStream(out, true, UTF_8), new PrintStream(out, true, UTF_8), "1"),
                "policy",
                "explain",
                "--request",
                entry.request().orElseThrow(),
                "--config",
                folder.toString());
        return out.toString(UTF_8);
    }

    @Test
    void what_the_ticket_system_says_decides_and_stands_in_the_record() {
        assertThat(ask(READ, "T-1").status()).isEqualTo(200);
        assertThat(tickets.heard().getFirst()).startsWith("GET /api/T-1 HTTP/1.1\r\n");
        assertThat(recorded(gate.entries("token.minted").getLast()).value("source.tickets.open"))
                .contains(true);

        tickets.says(TestPeer.json(CLOSED));
        assertThat(ask(READ, "T-2").error()).isEqualTo("invalid_grant");
        var refused = gate.entries("request.refused").getLast();
        assertThat(recorded(refused).value("source.tickets.open")).contains(false);
        assertThat(explain(refused)).contains("source.tickets.open = false");
    }

    @Test
    void a_source_that_does_not_answer_never_helps_whoever_asks_and_it_is_told_why() {
        tickets.says(tickets.silence());
        assertThat(ask(READ, "T-1").error()).isEqualTo("invalid_grant");
        assertThat(ask(WRITE, "T-2").error()).isEqualTo("invalid_grant");
        var refused = gate.entries("request.refused");
        assertThat(refused.getFirst().toString()).contains("(no rule)");
        assertThat(refused.getLast().toString()).contains("closed");
        assertThat(recorded(refused.getLast()).silent()).containsEntry("tickets", "did not answer within 1 s");
        assertThat(explain(refused.getLast()))
                .contains("source.tickets.open = unknown, since tickets did not answer within 1 s");
    }

    @Test
    void reviewers_read_that_a_source_did_not_answer() {
        gate.configure("policies.yaml", policies(tickets).replace("deny: \"there is no open ticket\"", "approve: {}"));
        tickets.says(TestPeer.status(500, ""));
        var asked = gate.defer("refund-bot", "scope", WRITE, "ticket", "T-1");
        var bo = gate.bearer("bo", "requests:read");
        assertThat(gate.get(bo, "/requests/" + asked.reference())
                        .body()
                        .path("trace")
                        .toString())
                .contains("closed (review) unknown: source.tickets.open", "tickets answered with status 500");
    }

    @Test
    void it_is_asked_only_where_it_could_still_matter() {
        gate.configure("policies.yaml", policies(tickets).replace("risk == LOW &&", "risk == MEDIUM &&"));
        ask(READ, "T-1");
        assertThat(tickets.connections()).isZero();
        assertThat(recorded(gate.entries("request.refused").getLast()).silent()).isEmpty();

        gate.configure("policies.yaml", policies(tickets).replaceAll("&& !?source.tickets.open", ""));
        assertThat(ask(READ, "T-1").status()).isEqualTo(200);
        assertThat(tickets.connections()).as("no rule speaks of it").isZero();
    }

    @Test
    void without_a_ticket_nobody_is_asked() {
        assertThat(gate.ask("refund-bot", "scope", READ).error()).isEqualTo("invalid_grant");
        assertThat(tickets.connections()).isZero();
        assertThat(explain(gate.entries("request.refused").getLast()))
                .contains("since tickets was not asked, since the request has no ticket");
    }

    private TestGate.Answer approved(String ticket) {
        var asked = gate.defer("refund-bot", "scope", WRITE, "ticket", ticket);
        assertThat(asked.error()).isEqualTo("authorization_pending");
        gate.says("bo", Word.APPROVE, asked.reference());
        return asked;
    }

    private TestGate.Answer collect(TestGate.Answer asked) {
        gate.clock.advance(Duration.ofSeconds(10));
        return gate.poll("refund-bot", asked.text("deferral_code"));
    }

    @Test
    void whoever_collects_is_held_to_what_it_says_then() {
        var still = approved("T-1");
        assertThat(collect(still).status()).isEqualTo(200);

        gate.clock.advance(Duration.ofMinutes(2)); // the same so soon gets that token again
        var closed = approved("T-2");
        tickets.says(TestPeer.json(CLOSED));
        assertThat(collect(closed).error()).isEqualTo("access_denied");
        assertThat(gate.approval(closed.reference())).isInstanceOf(Approval.Revoked.class);
        assertThat(gate.entries("token.minted")).hasSize(1);
    }

    /// One approval, several tokens, as long as the ticket is open: another that is open does not go on with it, and
    /// neither does nobody's knowing.
    @Test
    void tokens_of_one_approval_end_with_its_ticket() {
        gate.configure(
                "policies.yaml",
                policies(tickets)
                        .replace("within: 15m, lifetime: 2m", "within: 15m, collect: 2h, lifetime: 2m, uses: 9"));
        assertThat(collect(approved("T-1")).status()).isEqualTo(200);
        gate.clock.advance(Duration.ofMinutes(2));
        assertThat(ask(WRITE, "T-1").status()).isEqualTo(200);
        assertThat(gate.entries("token.minted").getLast().text(Member.BY)).isEqualTo(Member.BY_APPROVAL);

        tickets.says(TestPeer.json(CLOSED));
        var closed = ask(WRITE, "T-1");
        assertThat(closed.error()).isEqualTo("invalid_grant");
        assertThat(gate.entries("request.refused").getLast().texts(Member.RULES))
                .containsExactly("closed");
        gate.clock.advance(Duration.ofMinutes(2));
        tickets.says(tickets.silence());
        assertThat(ask(WRITE, "T-1").error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofMinutes(2));

        tickets.says(TestPeer.json(OPEN));
        var other = gate.defer("refund-bot", "scope", WRITE, "ticket", "T-2");
        assertThat(gate.approval(other.reference())).isInstanceOf(Approval.Pending.class);
        assertThat(gate.entries("token.minted")).hasSize(2);
    }

    /// No token while nobody knows, and people need not be asked again when somebody does.
    @Test
    void an_approval_outlives_a_source_that_is_silent_when_it_is_collected() {
        var asked = approved("T-1");
        tickets.says(tickets.silence());
        var unknown = collect(asked);
        assertThat(unknown.status()).isEqualTo(503);
        assertThat(unknown.error()).isEqualTo("temporarily_unavailable");
        assertThat(unknown.raw().headers().firstValue("Retry-After")).isPresent();
        assertThat(gate.approval(asked.reference())).isInstanceOf(Approval.Approved.class);
        assertThat(gate.entries("token.minted")).isEmpty();

        tickets.says(TestPeer.json(OPEN));
        assertThat(collect(asked).status()).isEqualTo(200);
    }

    @Test
    void a_connection_that_is_held_is_answered_within_the_time_out() throws Exception {
        var held = CompletableFuture.supplyAsync(() -> gate.post(
                "/token",
                "refund-bot",
                Map.of("Prefer", "wait=60"),
                "grant_type",
                "client_credentials",
                "scope",
                WRITE,
                "ticket",
                "T-1"));
        gate.untilHeld(1);
        tickets.says(tickets.silence());
        gate.says(
                "bo",
                Word.APPROVE,
                gate.entries("request.made").getLast().request().orElseThrow());
        var answer = held.get(30, TimeUnit.SECONDS);
        assertThat(answer.error()).isEqualTo("temporarily_unavailable");

        tickets.says(TestPeer.json(OPEN));
        gate.clock.advance(Duration.ofSeconds(2));
        assertThat(ask(WRITE, "T-1").status()).as("joins the approval").isEqualTo(200);
    }

    /// Who waits for a source holds nothing that others need: the store is written and read meanwhile.
    @Test
    void others_go_on_while_a_source_is_slow() throws Exception {
        var go = new CountDownLatch(1);
        tickets.says((request, out) -> {
            if (request.contains("/T-slow")) {
                var _ = go.await(60, TimeUnit.SECONDS);
            }
            TestPeer.json(OPEN).to(request, out);
        });
        gate.configure("policies.yaml", policies(tickets).replace("timeout: 1s", "timeout: 2s"));
        var slow = CompletableFuture.supplyAsync(() -> ask(READ, "T-slow"));
        TestGate.until(() -> tickets.connections() == 1);
        assertThat(gate.ask("other-bot", "scope", READ, "ticket", "T-1").status())
                .isEqualTo(200);
        assertThat(slow).isNotDone();
        go.countDown();
        assertThat(slow.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    @Test
    void the_past_is_judged_by_what_was_recorded_and_nobody_is_asked() throws SQLException {
        ask(READ, "T-1");
        tickets.says(TestPeer.json(CLOSED));
        ask(READ, "T-2");
        tickets.says(TestPeer.status(500, ""));
        ask(READ, "T-3");
        int asked = tickets.connections();
        tickets.says(TestPeer.json(CLOSED));
        try (var past = Past.open(gate.configuration(), TestStores.address(gate.store()), gate.clock)) {
            var flips = past.backtest(gate.configuration(), Instant.EPOCH, 10, 1);
            assertThat(flips.compared()).isEqualTo(3);
            assertThat(flips.flipped()).isZero();
        }
        assertThat(gate.examine()).noneMatch(dev.countersign.doctor.Result.Broken.class::isInstance);
        assertThat(explain(gate.entries("token.minted").getLast())).contains("approve by with-ticket");
        assertThat(tickets.connections()).isEqualTo(asked).isEqualTo(3);
    }

    @Test
    void a_shadow_judges_by_what_the_server_heard() {
        gate.write("policies.yaml", policies(tickets).replace("risk == LOW && source", "source"));
        var candidate = ((Read.Good) Configuration.read(folder)).configuration();
        gate.write("policies.yaml", policies(tickets));
        gate.parts().watch(candidate);
        ask(READ, "T-1");
        TestGate.until(() ->
                gate.parts().shadow.count(dev.countersign.replay.Word.APPROVE, dev.countersign.replay.Word.APPROVE)
                        == 1);
        assertThat(tickets.connections()).isEqualTo(1);
    }

    @Test
    void a_reload_asks_the_source_as_it_now_is() {
        gate.configure("policies.yaml", policies(tickets).replace("timeout: 1s", "cache: 5m"));
        assertThat(ask(READ, "T-1").status()).isEqualTo(200);
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(ask(READ, "T-1").status()).isEqualTo(200);
        assertThat(tickets.connections()).isEqualTo(1);
        try (var others = new TestPeer(TestPeer.json(CLOSED))) {
            gate.configure("policies.yaml", policies(others).replace("timeout: 1s", "cache: 5m"));
            gate.clock.advance(Duration.ofSeconds(1));
            assertThat(ask(READ, "T-1").error()).isEqualTo("invalid_grant");
            assertThat(others.connections()).isEqualTo(1);
        }
        assertThat(tickets.connections()).isEqualTo(1);
    }

    @Test
    void metrics_tell_what_came_of_questions() {
        ask(READ, "T-1");
        gate.ask("refund-bot", "scope", READ);
        var metrics = gate.send(gate.request("/metrics").build()).raw().body();
        assertThat(metrics)
                .contains("countersign_sources_questions_total{result=\"answered\"} 1.0")
                .contains("countersign_sources_questions_total{result=\"spared\"} 1.0")
                .contains("countersign_outward_asking 0.0");
        assertThat(gate.parts().sources.count(Sources.Result.ANSWERED)).isEqualTo(1);
    }
}
