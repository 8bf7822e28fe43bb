package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.client.Shares;
import dev.countersign.oauth.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One client floods: it is refused early, and others and reviewers do not feel it.
class OverloadTest extends OverTheWire {
    private final List<Shares.Share> flood = new ArrayList<>();

    @AfterEach
    void ebb() {
        flood.forEach(Shares.Share::close);
    }

    @Test
    void a_client_with_its_share_in_work_is_refused_and_others_and_reviewers_are_answered() {
        var held = gate.defer("other-bot", "scope", WRITE);
        while (place("refund-bot")) {
            // as many as it may
        }
        var refused = gate.ask("refund-bot", "scope", READ);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error()).isEqualTo("temporarily_unavailable");
        assertThat(refused.raw().headers().firstValue("Retry-After").map(Integer::valueOf))
                .hasValueSatisfying(it -> assertThat(it).isBetween(1, 10));
        assertThat(gate.post("/introspect", "refund-bot", "token", "a").status())
                .isEqualTo(503);
        assertThat(gate.post("/revoke", "refund-bot", "token", "a").status()).isEqualTo(503);

        assertThat(gate.ask("other-bot", "scope", READ).status()).isEqualTo(200);
        assertVoteIsAnswered(held.reference());
        var metrics = gate.send(gate.request("/metrics").build()).raw().body();
        assertThat(metrics).contains("countersign_clients_refused_total 4.0");

        flood.removeLast().close();
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
    }

    @Test
    void while_clients_wait_for_their_turn_reviewers_do_not() throws Exception {
        var held = gate.defer("other-bot", "scope", WRITE);
        while (gate.parts().shares.turnsLeft() > 0) {
            flood.add(gate.parts().shares.take("client-" + flood.size() % 8));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<TestGate.Answer> waits = threads.submit(() -> gate.ask("other-bot", "scope", READ));
            TestGate.until(() -> gate.parts().shares.waiting() == 1);
            assertVoteIsAnswered(held.reference());
            assertThat(waits.isDone()).isFalse();
            flood.removeLast().close();
            assertThat(waits.get().status()).isEqualTo(200);
        }
    }

    @Test
    void requests_of_one_client_that_wait_for_each_other_leave_a_connection_to_votes() throws Exception {
        assumeTrue(TestStores.onPostgres(), "SQLite has one thread that writes");
        var held = gate.defer("other-bot", "scope", WRITE);
        var store = gate.parts().installation.store;
        var begun = new CompletableFuture<Boolean>();
        var over = new CompletableFuture<Boolean>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var turn = threads.submit(() -> store.writeGuarded(tx -> {
                tx.prepare("INSERT INTO client_turn (client, turns) VALUES ('refund-bot', 1)")
                        .executeUpdate();
                begun.complete(true);
                return over.join();
            }));
            begun.get();
            for (int i = 1; i <= 40; i++) {
                var lifetime = "" + i;
                var _ = threads.submit(() -> {
                    // The database lets nobody wait for a lock for long; who is sent away comes again.
                    while (gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", lifetime)
                                    .status()
                            == 503) {}
                });
            }
            try {
                TestGate.until(() -> gate.parts().shares.taken() == 40 && gate.locksWaitedFor() >= 10);
                assertVoteIsAnswered(held.reference());
            } finally {
                over.complete(true);
            }
            assertThat(turn.get()).isTrue();
        }
    }

    @Test
    void a_request_that_is_held_or_over_has_no_place() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var held = threads.submit(() -> gate.post(
                    "/token",
                    "refund-bot",
                    Map.of("Prefer", "wait=600"),
                    "grant_type",
                    "client_credentials",
                    "scope",
                    WRITE));
            gate.untilHeld(1);
            TestGate.until(() -> gate.parts().shares.taken() == 0);
            gate.says(
                    "ana",
                    Word.APPROVE,
                    gate.entries("request.judged").getLast().request().orElseThrow());
            assertThat(held.get().status()).isEqualTo(200);
        }
        gate.ask("refund-bot", "scope", "no such scope");
        gate.post("/introspect", "refund-bot");
        TestGate.until(() -> gate.parts().shares.taken() == 0);
    }

    private void assertVoteIsAnswered(String id) {
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        assertThat(gate.get(ana, "/requests?mine=true").status()).isEqualTo(200);
        assertThat(gate.tell(ana, "/requests/" + id + "/votes", "{\"vote\":\"approve\"}")
                        .status())
                .isEqualTo(200);
        assertThat(gate.send(gate.request("/health/ready").build()).status()).isEqualTo(200);
        assertThat(gate.send(gate.request("/login").build()).status()).isEqualTo(200);
    }

    private boolean place(String client) {
        try {
            flood.add(gate.parts().shares.place(client));
            return true;
        } catch (Refusal itsShare) {
            return false;
        }
    }
}
