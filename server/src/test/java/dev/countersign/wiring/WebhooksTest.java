package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestPeer;
import dev.countersign.TestReceiver;
import dev.countersign.TestReceiver.Webhook;
import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.notify.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Receivers on loopback that are told of events, each by posts that it verifies.
final class WebhooksTest extends OverTheWire {
    private static final String SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String OTHER = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    /// The longest that a try can be put off the first time it failed.
    private static final Duration FIRST = Duration.ofSeconds(7);

    private TestReceiver ops;

    @BeforeEach
    void listen() throws IOException {
        Files.createDirectories(folder.resolve("secrets"));
        gate.write("secrets/ops", SECRET + "\n");
        gate.write("secrets/other", OTHER);
        ops = new TestReceiver(SECRET, gate.clock);
    }

    @AfterEach
    void hangUp() {
        ops.close();
    }

    private static String notifier(String id, TestReceiver to, String more) {
        return "  - { id: " + id + ", webhook: { url: \"" + to.url() + "\", secrets: [ { file: secrets/ops } ] }" + more
                + " }\n";
    }

    private void configure(String... notifiers) {
        gate.configure("notify.yaml", "notify:\n" + String.join("", notifiers));
    }

    private String ask() {
        return gate.defer("refund-bot", "scope", WRITE).reference();
    }

    private void until(TestReceiver receiver, int told) {
        TestGate.until(() -> receiver.taken().size() >= told);
    }

    private long count(Outbox.Outcome outcome) {
        return gate.parts().outbox.count(outcome);
    }

    /// Lets time pass, and what is due by then be told.
    private void advance(Duration by) {
        gate.clock.advance(by);
        gate.parts().outbox.ring();
    }

    @Test
    void what_happens_to_a_request_is_told_in_signed_posts() {
        configure(notifier("ops", ops, ""));
        var id = ask();
        until(ops, 1);
        gate.says("ana", Word.APPROVE, id);
        until(ops, 2);

        var pending = ops.taken().getFirst();
        assertThat(pending.type()).isEqualTo("request.pending");
        assertThat(pending.json().path("timestamp").stringValue("")).isEqualTo("2026-06-01T10:00:00Z");
        assertThat(pending.data().path("request").stringValue("")).isEqualTo(id);
        assertThat(pending.data().path("url").stringValue("")).isEqualTo(TestGate.ISSUER + "/requests/" + id);
        assertThat(pending.data().path("client").stringValue("")).isEqualTo("refund-bot");
        assertThat(pending.data().path("scopes").toString()).isEqualTo("[\"refunds:write\"]");
        assertThat(pending.data().path("risk").stringValue("")).isEqualTo("high");
        assertThat(pending.data().path("expires_at").stringValue("")).isEqualTo("2026-06-01T10:15:00Z");
        assertThat(pending.data().path("stages").toString()).contains("payments-oncall");
        var decided = ops.taken().getLast();
        assertThat(decided.type()).isEqualTo("request.decided");
        assertThat(decided.data().path("outcome").stringValue("")).isEqualTo("approved");
        assertThat(decided.id()).isNotEqualTo(pending.id()).startsWith("msg_");
        assertThat(ops.refused()).isEmpty();
    }

    @Test
    void nothing_that_a_client_wrote_and_no_name_is_told() {
        configure(notifier("ops", ops, ", on: [request.pending, request.voted, request.decided]"));
        var id = gate.defer(
                        "refund-bot",
                        "authorization_details",
                        "[{\"type\":\"refund\",\"amount\":4711,\"currency\":\"EUR\"}]",
                        "resource",
                        TestGate.PAYMENTS,
                        "reason",
                        "zebra <!channel> *now*",
                        "ticket",
                        "yak-1")
                .reference();
        gate.says("ana", Word.APPROVE, id);
        until(ops, 3);
        assertThat(ops.taken().stream().map(Webhook::body).toList().toString())
                .contains("\"details_types\":[\"refund\"]")
                .doesNotContain("4711", "EUR", "zebra", "yak", "Ana", "ana@", "secret", "127.0.0.1", "Java-http");
    }

    @Test
    void while_a_secret_is_rotated_both_verify() {
        try (var after = new TestReceiver(OTHER, gate.clock)) {
            var both = "secrets: [ { file: secrets/ops }, { file: secrets/other } ] }";
            gate.configure("notify.yaml", """
                    notify:
                      - { id: before, webhook: { url: "%s", %s }
                      - { id: after, webhook: { url: "%s", %s }
                    """.formatted(ops.url(), both, after.url(), both));
            ask();
            until(ops, 1);
            until(after, 1);
            assertThat(ops.refused()).isEmpty();
            assertThat(after.refused()).isEmpty();
        }
    }

    @Test
    void another_secret_needs_no_restart_and_none_at_all_sends_nothing_unsigned() {
        gate.write("secrets/ops", "not one");
        configure(notifier("ops", ops, ""));
        ask();
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        assertThat(ops.taken()).isEmpty();
        assertThat(ops.refused()).isEmpty();

        gate.write("secrets/ops", SECRET);
        advance(FIRST);
        until(ops, 1);
    }

    @Test
    void one_that_is_away_is_told_when_it_is_back() {
        ops.answers(TestPeer.status(500, ""));
        configure(notifier("ops", ops, ""));
        ask();
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        advance(Duration.ofSeconds(1));
        assertThat(ops.taken()).hasSize(1);

        ops.answers(TestPeer.status(204, ""));
        advance(FIRST);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        assertThat(ops.taken().stream().map(Webhook::id).distinct()).hasSize(1);
        assertThat(ops.taken().stream().map(Webhook::body).distinct()).hasSize(1);
        advance(Duration.ofMinutes(5));
        gate.says("ana", Word.DENY, lastRequest());
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 2);
        assertThat(ops.types())
                .as("what was told is told once")
                .containsExactly("request.pending", "request.pending", "request.decided");
    }

    @Test
    void one_that_stays_away_is_given_up_and_one_that_is_gone_at_once() {
        ops.answers(TestPeer.status(503, ""));
        configure(notifier("ops", ops, ", on: [request.pending]"));
        ask();
        for (int i = 1; i <= 9; i++) {
            int tries = i;
            TestGate.until(() -> count(Outbox.Outcome.FAILED) == tries);
            advance(Duration.ofHours(10));
        }
        TestGate.until(() -> count(Outbox.Outcome.GIVEN_UP) == 1);
        assertThat(ops.taken()).hasSize(10);
        advance(Duration.ofHours(20));
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);

        ops.answers(TestPeer.status(410, ""));
        gate.defer("other-bot", "scope", WRITE);
        TestGate.until(() -> count(Outbox.Outcome.GIVEN_UP) == 2);
        assertThat(ops.taken()).hasSize(11);
        gate.server().catchUp();
    }

    @Test
    void a_redirect_is_not_followed() {
        try (var elsewhere = new TestReceiver(SECRET, gate.clock)) {
            ops.answers(TestPeer.raw("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere.url()
                    + "\r\nContent-Length: 0\r\n\r\n"));
            configure(notifier("ops", ops, ""));
            ask();
            TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
            assertThat(elsewhere.taken()).isEmpty();
        }
    }

    @Test
    void one_that_hangs_delays_no_request_and_no_other() {
        try (var other = new TestReceiver(SECRET, gate.clock)) {
            ops.isSilent();
            configure(notifier("ops", ops, ""), notifier("other", other, ""));
            for (int i = 0; i < 10; i++) {
                gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", Integer.toString(30 + i));
            }
            until(other, 10);
            assertThat(ops.taken()).as("on their way at once").hasSizeLessThanOrEqualTo(4);
            gate.says("ana", Word.APPROVE, lastRequest());
            until(other, 11);
        }
    }

    private String lastRequest() {
        return gate.entries("request.judged").getLast().request().orElseThrow();
    }

    @Test
    void each_is_told_of_what_is_its_own() {
        try (var others = new TestReceiver(SECRET, gate.clock);
                var worst = new TestReceiver(SECRET, gate.clock);
                var freezes = new TestReceiver(SECRET, gate.clock)) {
            configure(
                    notifier("ops", ops, ", groups: [payments-oncall], risk: high"),
                    notifier("others", others, ", groups: [security]"),
                    notifier("worst", worst, ", risk: critical"),
                    notifier("freezes", freezes, ", on: [freeze.set], risk: critical, groups: [security]"));
            ask();
            until(ops, 1);
            gate.parts()
                    .freezes
                    .set(
                            dev.countersign.approval.Freezes.Kind.CLIENT,
                            "other-bot",
                            "odd",
                            new dev.countersign.ledger.Entry.Actor("operator", "test"));
            until(freezes, 1);
            assertThat(freezes.taken().getFirst().data().path("target").stringValue(""))
                    .isEqualTo("other-bot");
            until(ops, 2);
            until(others, 1);
            until(worst, 1);
            assertThat(ops.types()).containsExactly("request.pending", "freeze.set");
            assertThat(others.types()).containsExactly("freeze.set");
            assertThat(worst.types()).containsExactly("freeze.set");
        }
    }

    @Test
    void what_was_before_is_no_news_and_what_comes_with_its_publication_is() {
        ask();
        gate.clock.advance(Duration.ofMinutes(5));
        configure(notifier("ops", ops, ""));
        gate.says("ana", Word.APPROVE, lastRequest());
        until(ops, 1);
        assertThat(ops.types()).containsExactly("request.decided");
    }

    @Test
    void what_was_not_told_before_a_restart_is_told_after_it_and_nothing_twice() {
        configure(notifier("ops", ops, ""));
        ask();
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        ops.answers(TestPeer.status(500, ""));
        gate.says("ana", Word.DENY, lastRequest());
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        gate.restart();

        ops.answers(TestPeer.status(204, ""));
        advance(FIRST);
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        assertThat(ops.types()).containsExactly("request.pending", "request.decided", "request.decided");
        assertThat(ops.taken().stream().map(Webhook::id).distinct()).hasSize(2);
    }

    @Test
    void what_was_sent_and_not_noted_is_told_again_by_the_same_id() {
        var over = new CountDownLatch(1);
        ops.answers((request, out) -> {
            var _ = over.await(60, TimeUnit.SECONDS);
            TestPeer.status(204, "").to(request, out);
        });
        configure(notifier("ops", ops, ""));
        ask();
        until(ops, 1);
        gate.end(); // the answer comes when nobody is there to note it
        over.countDown();
        gate.startAgain();

        advance(Duration.ofSeconds(30));
        assertThat(gate.parts().outbox.count(Outbox.Outcome.TOLD)).isZero();
        advance(Duration.ofSeconds(31));
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        assertThat(ops.taken()).hasSize(2);
        assertThat(ops.taken().stream().map(Webhook::id).distinct()).hasSize(1);
    }

    @Test
    void a_try_that_took_longer_than_its_lease_changes_nothing_any_more() {
        var first = new AtomicBoolean(true);
        var over = new CountDownLatch(1);
        ops.answers((request, out) -> {
            if (first.getAndSet(false)) {
                var _ = over.await(60, TimeUnit.SECONDS);
                TestPeer.status(500, "").to(request, out);
            } else {
                TestPeer.status(204, "").to(request, out);
            }
        });
        configure(notifier("ops", ops, ""));
        ask();
        until(ops, 1);
        advance(Duration.ofSeconds(61));
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        over.countDown();
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 1);
        advance(Duration.ofMinutes(3));
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(ops.taken()).hasSize(2);
    }

    @Test
    void of_several_nodes_one_tells_each_event() {
        assumeTrue(TestStores.onPostgres(), "SQLite is for one node");
        configure(notifier("ops", ops, ", on: [request.pending, request.decided]"));
        var nodes = new ArrayList<TestGate>();
        try {
            nodes.add(gate.anotherNode());
            nodes.add(gate.anotherNode());
            for (int i = 0; i < 15; i++) {
                var node = i % 3 == 0 ? gate : nodes.get(i % 3 - 1);
                var asked = node.defer("refund-bot", "scope", WRITE, "requested_lifetime", Integer.toString(30 + i));
                gate.says("bo", Word.APPROVE, asked.reference());
            }
            until(ops, 30);
            TestGate.until(() -> told(nodes) == 30);
            assertThat(ops.taken()).hasSize(30);
            assertThat(ops.taken().stream().map(Webhook::id).distinct()).hasSize(30);
        } finally {
            nodes.forEach(TestGate::close);
        }
    }

    private long told(List<TestGate> nodes) {
        return count(Outbox.Outcome.TOLD)
                + nodes.stream()
                        .mapToLong(it -> it.parts().outbox.count(Outbox.Outcome.TOLD))
                        .sum();
    }

    @Test
    void one_node_tells_what_another_made_and_left() {
        assumeTrue(TestStores.onPostgres(), "SQLite is for one node");
        ops.answers(TestPeer.status(500, ""));
        configure(notifier("ops", ops, ""));
        try (var other = gate.anotherNode()) {
            ask();
            until(ops, 1);
            TestGate.until(
                    () -> count(Outbox.Outcome.FAILED) + other.parts().outbox.count(Outbox.Outcome.FAILED) == 1);
            gate.end();
            ops.answers(TestPeer.status(204, ""));
            gate.clock.advance(FIRST);
            other.parts().outbox.ring();
            TestGate.until(() -> other.parts().outbox.count(Outbox.Outcome.TOLD) == 1);
            gate.startAgain();
        }
        assertThat(ops.taken().stream().map(Webhook::id).distinct()).hasSize(1);
    }

    @Test
    void while_nobody_is_configured_there_is_no_row_and_no_thread() {
        ask();
        gate.parts().outbox.ring();
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .doesNotContain("notify");
        for (var table : List.of("notifier", "message")) {
            assertThat(gate.parts()
                            .installation
                            .store
                            .<Integer>read(tx -> tx.sql()
                                    .createQuery("SELECT COUNT(*) FROM " + table)
                                    .mapTo(Integer.class)
                                    .one()))
                    .isZero();
        }
    }
}
