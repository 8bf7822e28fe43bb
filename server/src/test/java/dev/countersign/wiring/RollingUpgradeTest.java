package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.approval.Vote.Word;
import dev.countersign.store.StoreRefused;
import dev.countersign.wiring.TestGate.Answer;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Three nodes under a schema that is one addition ahead of what they know, as after the first node of a newer version;
/// and nodes that end and start one after the other while clients go on.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RollingUpgradeTest {
    private static final List<String> ADDITION = List.of(
            "CREATE TABLE later (n BIGINT PRIMARY KEY, approval TEXT REFERENCES approval (id))",
            "CREATE INDEX approval_later ON approval (origin)",
            "ALTER TABLE approval ADD COLUMN later TEXT",
            "ALTER TABLE ledger_entry ADD COLUMN later BIGINT NOT NULL DEFAULT 0",
            "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, installed_by,"
                    + " execution_time, success) VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'test', 0, true)",
            "UPDATE schema_fingerprint SET fingerprint = 'of a newer version'");

    @TempDir
    Path folder;

    private TestGate one;
    private TestGate two;
    private TestGate three;
    private String fingerprint;

    @BeforeEach
    void start() {
        assumeTrue(TestStores.onPostgres(), "SQLite is for one node");
        one = new TestGate(folder, OverTheWire.REVIEW);
        two = one.anotherNode();
        three = one.anotherNode();
        fingerprint = one.parts()
                .installation
                .store
                .read(tx -> tx.sql()
                        .createQuery("SELECT fingerprint FROM schema_fingerprint")
                        .mapTo(String.class)
                        .one());
    }

    @AfterEach
    void stop() {
        if (fingerprint != null) {
            // What looks the store through at the end knows no schema but its own.
            run(List.of(
                    "DELETE FROM flyway_schema_history WHERE version = '99'",
                    "UPDATE schema_fingerprint SET fingerprint = '" + fingerprint + "'"));
        }
        for (var node : new TestGate[] {three, two, one}) {
            if (node != null) {
                node.close();
            }
        }
    }

    private void run(List<String> statements) {
        one.parts().installation.store.write(tx -> {
            statements.forEach(it -> tx.sql().execute(it));
            return true;
        });
    }

    private Answer ask(TestGate node, int amount) {
        return node.defer(
                "refund-bot",
                "authorization_details",
                "[{\"type\":\"refund\",\"amount\":" + amount + ",\"currency\":\"EUR\"}]");
    }

    private Answer collect(TestGate node, Answer held) {
        return node.poll("refund-bot", held.text("deferral_code"));
    }

    @Test
    void older_nodes_go_on_and_start_again_under_a_schema_with_additions() {
        var pending = ask(one, 1);
        var approved = ask(two, 2);
        three.says("ana", Word.APPROVE, approved.reference());
        run(ADDITION);

        var meanwhile = ask(one, 3);
        two.says("ana", Word.APPROVE, meanwhile.reference());
        assertThat(collect(three, meanwhile).status()).isEqualTo(200);

        two.restart();
        assertThat(collect(two, approved).status()).isEqualTo(200);
        two.says("bo", Word.APPROVE, pending.reference());
        assertThat(collect(one, pending).status()).isEqualTo(200);
        assertThat(one.codes().stream().filter("token.minted"::equals)).hasSize(3);
    }

    @Test
    void a_schema_that_needs_a_newer_version_lets_no_older_node_start() {
        run(ADDITION);
        run(List.of("UPDATE schema_compatible SET oldest = 99"));
        two.end();
        assertThatThrownBy(() -> two.startOn(TestStores.written(folder.resolve("countersign.db"))))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("has schema 99");
        run(List.of("UPDATE schema_compatible SET oldest = 12"));
        two.startOn(TestStores.written(folder.resolve("countersign.db")));
    }

    @Test
    void nodes_that_end_and_start_one_after_the_other_fail_no_decision_and_cost_a_client_one_retry_at_most()
            throws Exception {
        var bearer = one.bearer("ana", "requests:read", "requests:review");
        var over = new AtomicBoolean();
        var done = List.of(new AtomicInteger(), new AtomicInteger());
        var retries = new AtomicInteger();
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2; i++) {
                int first = i * 100_000 + 1;
                var its = done.get(i);
                clients.execute(() -> {
                    for (int n = first; !over.get() && faults.isEmpty(); n++) {
                        int amount = n;
                        try {
                            var held = tried(n, retries, node -> ask(node, amount));
                            var reference = held.reference();
                            var vote = tried(
                                    n + 1,
                                    retries,
                                    node -> node.tell(
                                            bearer, "/requests/" + reference + "/votes", "{\"vote\":\"approve\"}"));
                            if (vote.status() != 200) {
                                faults.add(reference + ": vote " + vote.status() + " " + vote.body());
                            }
                            var token = tried(n + 2, retries, node -> collect(node, held));
                            if (token.status() == 200) {
                                its.incrementAndGet();
                            } else {
                                faults.add(reference + ": " + token.status() + " " + token.body());
                            }
                        } catch (RuntimeException | AssertionError e) {
                            faults.add(e.toString());
                        }
                    }
                });
            }
            try {
                for (var node : List.of(one, two, three)) {
                    node.restart();
                    // Each of them, so that none is still with this node when the next one ends.
                    var before = done.stream().map(AtomicInteger::get).toList();
                    TestGate.until(() -> !faults.isEmpty()
                            || (done.get(0).get() > before.get(0) + 1
                                    && done.get(1).get() > before.get(1) + 1));
                    run(node == one ? ADDITION : List.of());
                }
            } finally {
                over.set(true);
            }
            clients.shutdown();
            assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(faults).isEmpty();
        assertThat(retries).hasPositiveValue();
        assertThat(one.codes().stream().filter("token.minted"::equals))
                .hasSize(done.get(0).get() + done.get(1).get());
    }

    /// Asks a node, and when that is away, the next one: no more than that.
    private Answer tried(int n, AtomicInteger retries, Function<TestGate, Answer> step) {
        var nodes = List.of(one, two, three);
        try {
            var answer = step.apply(nodes.get(n % 3));
            if (answer.status() != 503) {
                return answer;
            }
        } catch (UncheckedIOException away) {
            // as its load balancer would find
        }
        retries.incrementAndGet();
        return step.apply(nodes.get((n + 1) % 3));
    }
}
