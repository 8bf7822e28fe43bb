package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes on one PostgreSQL.
final class SeveralNodesTest {
    private static final String POLICIES = """
            policies:
              - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
            """;
    private static final String READ = "refunds:read";
    private static final String WRITE = "refunds:write";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:deferred";
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    @TempDir
    Path folder;

    private TestGate one;
    private TestGate two;
    private TestGate three;

    @BeforeEach
    void start() {
        assumeTrue(TestStores.onPostgres(), "SQLite is for one node");
        one = new TestGate(folder, POLICIES);
        two = one.anotherNode();
        three = one.anotherNode();
    }

    @AfterEach
    void stop() {
        for (var node : new TestGate[] {three, two, one}) {
            if (node != null) {
                node.close();
            }
        }
    }

    private static Answer poll(TestGate node, Answer held) {
        return node.post("/token", "refund-bot", "grant_type", GRANT, "deferral_code", held.text("deferral_code"));
    }

    @Test
    void asked_at_one_voted_at_another_collected_at_a_third() {
        var held = one.defer("refund-bot", "scope", WRITE);
        assertThat(poll(three, held).error()).isEqualTo("authorization_pending");
        two.says("ana", Word.APPROVE, held.reference());

        one.clock.advance(Duration.ofSeconds(5));
        var token = poll(three, held);
        assertThat(token.text("scope")).isEqualTo(WRITE);
        one.clock.advance(Duration.ofSeconds(5));
        assertThat(poll(one, held).error()).isEqualTo("invalid_grant");
        assertThat(two.codes())
                .containsExactly("request.made", "request.judged", "request.voted", "request.decided", "token.minted");
    }

    @Test
    void who_is_held_at_one_node_hears_of_a_vote_at_another() throws Exception {
        holdAtOneAndVoteAtAnother();
    }

    private void holdAtOneAndVoteAtAnother() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var held = threads.submit(() -> one.post(
                    "/token",
                    "refund-bot",
                    Map.of("Prefer", "wait=60"),
                    "grant_type",
                    "client_credentials",
                    "scope",
                    WRITE));
            one.untilHeld(1);
            two.says(
                    "ana",
                    Word.APPROVE,
                    two.entries("request.judged").getLast().request().orElseThrow());
            assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void of_many_that_collect_at_all_nodes_one_gets_the_token() throws Exception {
        var held = one.defer("refund-bot", "scope", WRITE);
        two.says("ana", Word.APPROVE, held.reference());
        var answers = atOnce(60, i -> poll(List.of(one, two, three).get(i % 3), held));
        assertThat(answers.stream().filter(it -> it.status() == 200)).hasSize(1);
        assertThat(one.codes().stream().filter("token.minted"::equals)).hasSize(1);
    }

    @Test
    void the_same_request_at_all_nodes_at_once_is_one_request() throws Exception {
        var answers = atOnce(30, i -> List.of(one, two, three).get(i % 3).defer("refund-bot", "scope", WRITE));
        assertThat(answers.stream().map(Answer::reference).distinct()).hasSize(1);
        assertThat(one.codes()).containsExactly("request.made", "request.judged");
    }

    @Test
    void an_approval_against_a_denial_at_two_nodes_is_one_decision() throws Exception {
        for (int round = 0; round < 10; round++) {
            var held = one.defer("refund-bot", "scope", WRITE, "requested_lifetime", Integer.toString(30 + round));
            atOnce(
                    2,
                    i -> i == 0
                            ? one.says("ana", Word.APPROVE, held.reference())
                            : two.says("bo", Word.DENY, held.reference()));
            var state = one.approval(held.reference()).state();
            assertThat(state).isIn("approved", "denied");
            assertThat(poll(three, held).status()).isEqualTo(state.equals("approved") ? 200 : 400);
            one.clock.advance(Duration.ofMinutes(11)); // past asking again
        }
        assertThat(one.codes().stream().filter("request.decided"::equals)).hasSize(10);
    }

    @Test
    void a_freeze_at_one_node_holds_at_all() {
        assertThat(two.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        one.parts().freezes.set(Freezes.Kind.CLIENT, "refund-bot", "odd", OPERATOR);
        assertThat(two.ask("refund-bot", "scope", READ).error()).isEqualTo("invalid_grant");
        three.parts().freezes.lift(Freezes.Kind.CLIENT, "refund-bot", OPERATOR);
        assertThat(two.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
    }

    @Test
    void tokens_of_one_node_are_known_and_revoked_at_another() {
        var token = one.ask("refund-bot", "scope", READ).text("access_token");
        assertThat(two.post("/introspect", "gateway", "token", token)
                        .body()
                        .path("active")
                        .asBoolean())
                .isTrue();
        assertThat(three.post("/revoke", "refund-bot", "token", token).status()).isEqualTo(200);
        assertThat(two.post("/introspect", "gateway", "token", token)
                        .body()
                        .path("active")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void a_node_that_ends_leaves_nothing_behind() {
        var held = one.defer("refund-bot", "scope", WRITE);
        two.says("ana", Word.APPROVE, held.reference());
        one.restart();
        assertThat(poll(one, held).status()).isEqualTo(200);
        assertThat(two.codes()).endsWith("token.minted");
    }

    /// As in some databases that speak PostgreSQL's protocol.
    @Test
    void where_there_are_no_notices_nodes_look_by_the_clock() throws Exception {
        one.parts()
                .installation
                .store
                .write(tx -> tx.sql().execute("ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO gone"));
        holdAtOneAndVoteAtAnother();
    }

    private interface Step<T> {
        T at(int i) throws Exception;
    }

    private static <T> List<T> atOnce(int many, Step<T> step) throws ExecutionException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < many; i++) {
                int n = i;
                Callable<T> call = () -> step.at(n);
                futures.add(threads.submit(call));
            }
            var all = new ArrayList<T>();
            for (var future : futures) {
                all.add(future.get());
            }
            return all;
        }
    }
}
