package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.Burden;
import dev.countersign.approval.Counting;
import dev.countersign.approval.Eligibility;
import dev.countersign.approval.Gate;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Judge;
import dev.countersign.approval.Outcome;
import dev.countersign.approval.Standing;
import dev.countersign.approval.Vote.Word;
import dev.countersign.approval.Waiters;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Facts;
import dev.countersign.store.Ids;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes that count what a client is given in a day give it no more than one would.
final class PastDayOnNodesTest {
    private static final int MOST = 7;
    private static final String OPEN = """
            policies:
              - { rule: reads, when: "risk == LOW", approve: { lifetime: 60s } }
              - rule: money-moves
                when: "'refunds:write' in scopes"
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, collect: 10m, lifetime: 2m }
            """;
    private static final String LIMITED = OPEN + """
              - { rule: many, when: "past_day.tokens > 7", deny: "too many in a day" }
            """;

    @TempDir
    Path folder;

    private TestGate one;
    private TestGate two;

    @BeforeEach
    void start() {
        assumeTrue(TestStores.onPostgres(), "SQLite is for one node");
        one = new TestGate(folder, LIMITED);
        two = one.anotherNode();
    }

    @AfterEach
    void stop() {
        for (var node : new TestGate[] {two, one}) {
            if (node != null) {
                node.close();
            }
        }
    }

    private void known() {
        one.parts().counting.keep();
        two.parts().counting.keep();
        one.clock.advance(Duration.ofHours(24).plusMinutes(6));
        one.parts().counting.keep();
    }

    private static <T> List<T> atOnce(int many, IntFunction<T> step) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<T>>();
            for (int i = 0; i < many; i++) {
                int n = i;
                calls.add(() -> step.apply(n));
            }
            var answers = new ArrayList<T>();
            for (var future : threads.invokeAll(calls)) {
                answers.add(future.get());
            }
            return answers;
        }
    }

    private static long given(List<Answer> answers) {
        return answers.stream().filter(it -> it.status() == 200).count();
    }

    @Test
    void of_many_at_once_as_many_get_a_token_as_may() throws Exception {
        known();
        var answers = atOnce(50, i -> (i % 2 == 0 ? one : two).ask("refund-bot", "scope", "refunds:read"));
        assertThat(given(answers)).isEqualTo(MOST);
        assertThat(one.entries("token.minted")).hasSize(MOST);
    }

    @Test
    void those_that_wait_and_those_that_pass_are_counted_together() throws Exception {
        known();
        var held = new ArrayList<Answer>();
        for (int i = 0; i < 3; i++) {
            held.add(one.defer("refund-bot", "scope", "refunds:write", "requested_lifetime", Integer.toString(30 + i)));
            two.says("ana", Word.APPROVE, held.getLast().reference());
        }
        var answers = atOnce(
                43,
                i -> i < 3
                        ? two.poll("refund-bot", held.get(i).text("deferral_code"))
                        : (i % 2 == 0 ? one : two).ask("refund-bot", "scope", "refunds:read"));
        assertThat(given(answers.subList(0, 3))).isEqualTo(3);
        assertThat(given(answers)).isEqualTo(MOST);
    }

    /// One that has not heard yet that tokens are counted, and whose rules do not ask for it, counts them all
    /// the same.
    @Test
    void a_node_that_lags_behind_counts_what_it_gives() throws Exception {
        known();
        two.configure("policies.yaml", OPEN);
        var open = new Effective(two.parts().live).get();
        two.configure("policies.yaml", LIMITED.replace("> 7", "> 7 + 0"));
        one.parts().live.refresh();

        var lags = new Lagging(two.parts(), open, two.clock);
        atOnce(20, _ -> lags.asks(two.clock.instant()));
        assertThat(one.ask("refund-bot", "scope", "refunds:read").error()).isEqualTo("invalid_grant");
        var facts = one.disclosed(one.entries("request.refused").getLast(), "facts");
        assertThat(Facts.fromJson(facts).value("past_day.tokens")).contains(21L);
    }

    /// A node that goes by what was in force before.
    private record Lagging(Judge judge, Gate gate, InForce before) {
        Lagging(Wiring parts, InForce before, InstantSource clock) {
            var store = parts.installation.store;
            var counting = new Counting(store, () -> before); // has not looked whether anything is counted
            var judge = new Judge(
                    () -> before, parts.profiles, store, parts.approvals, new Standing(), counting, parts.sources);
            var gate = new Gate(
                    store,
                    parts.installation.ledger,
                    parts.approvals,
                    parts.freezes,
                    parts.revocations,
                    parts.handles,
                    new Eligibility(parts.installation.memberships, parts.installation.absences),
                    judge,
                    new Waiters(),
                    new Standing(),
                    new Burden(),
                    counting,
                    parts.signatures,
                    clock);
            this(judge, gate, before);
        }

        Outcome asks(Instant now) {
            var request = new AccessRequest(
                    Ids.next(),
                    "refund-bot",
                    "refund-bot",
                    TestGate.PAYMENTS,
                    Scopes.parse("refunds:read"),
                    AuthorizationDetails.NONE,
                    Optional.empty(),
                    "",
                    "",
                    "",
                    new AccessRequest.Origin("client_secret_basic", "1", "127.0.0.1", "network", "agent", "agent"),
                    now);
            return gate.settle(judge.judge(before, request), Optional.empty()).outcome();
        }
    }
}
