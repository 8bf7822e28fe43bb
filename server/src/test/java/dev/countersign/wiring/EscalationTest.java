package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestStores;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Others may decide when nobody answers: who, from when on, and that it takes as many votes as before.
class EscalationTest extends OverTheWire {
    private static final Duration AFTER = Duration.ofMinutes(10);
    private static final String ESCALATES =
            REVIEW.replace("within: 15m", "within: 15m\n      escalate: { after: 10m, to: security }");

    @BeforeEach
    void configure() {
        gate.configure("policies.yaml", ESCALATES);
        gate.clock.advance(Duration.ofSeconds(1));
    }

    private static String because(Ballot.Result result) {
        return result instanceof Ballot.Result.NotEligible(var because) ? because : result.toString();
    }

    private static void counted(Ballot.Result result) {
        assertThat(result).isInstanceOf(Ballot.Result.Counted.class);
    }

    @Test
    void whom_it_escalates_to_may_decide_then_and_no_sooner() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        var id = held.reference();
        gate.clock.advance(AFTER.minusMillis(1));
        gate.parts().catchUp();
        assertThat(because(gate.says("cy", Word.APPROVE, id)))
                .isEqualTo("this request is for members of payments-oncall who were members when it was made and still"
                        + " are, and if it still waits then, of security from 2026-06-01T10:10:01Z");
        assertThat(gate.codes()).doesNotContain("request.escalated");

        gate.clock.advance(Duration.ofMillis(1));
        gate.parts().catchUp();
        gate.parts().catchUp();
        assertThat(gate.codes()).containsOnlyOnce("request.escalated");
        counted(gate.says("cy", Word.APPROVE, id));
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        var voted = gate.entries("request.voted").getFirst();
        assertThat(voted.texts(Member.STAGES)).containsExactly("payments-oncall");
        assertThat(voted.texts(Member.ESCALATED)).containsExactly("payments-oncall");
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void a_vote_that_comes_before_the_clerk_counts_and_the_entry_comes_before_it() {
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        gate.clock.advance(AFTER);
        counted(gate.says("cy", Word.APPROVE, id));
        assertThat(gate.codes()).endsWith("request.escalated", "request.voted", "request.decided");
        gate.parts().catchUp();
        assertThat(gate.codes()).containsOnlyOnce("request.escalated");
    }

    @Test
    void it_takes_as_many_votes_as_before_and_one_person_is_one() {
        gate.configure("policies.yaml", ESCALATES.replace("votes: 1", "votes: 2"));
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        gate.clock.advance(AFTER);
        counted(gate.says("cy", Word.APPROVE, id));
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.AlreadyVoted.class);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        counted(gate.says("ana", Word.APPROVE, id));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
        assertThat(gate.entries("request.voted").getLast().body())
                .as("who belongs to the group decides as one of it")
                .doesNotContainKey(Member.ESCALATED);
    }

    @Test
    void neither_the_owner_nor_who_joined_since_decides() {
        gate.change("security: { members: [cy, ana] }", "security: { members: [dev, ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        gate.clock.advance(Duration.ofSeconds(1));
        gate.change("security: { members: [dev, ana] }", "security: { members: [dev, ana, cy] }");
        gate.clock.advance(AFTER);
        assertThat(because(gate.says("dev", Word.APPROVE, id))).contains("nobody approves their own request");
        assertThat(because(gate.says("cy", Word.APPROVE, id))).contains("who were members when it was made");
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
    }

    @Test
    void who_left_before_the_decision_does_not_count() {
        gate.configure("policies.yaml", ESCALATES.replace("votes: 1", "votes: 2"));
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        gate.clock.advance(AFTER);
        counted(gate.says("cy", Word.APPROVE, id));
        gate.clock.advance(Duration.ofSeconds(1));
        gate.change("security: { members: [cy, ana] }", "security: { members: [ana] }");
        gate.clock.advance(Duration.ofSeconds(1));
        counted(gate.says("ana", Word.APPROVE, id));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        counted(gate.says("bo", Word.APPROVE, id));
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void the_terms_are_those_it_was_made_with() {
        var before = gate.defer("refund-bot", "scope", WRITE).reference();
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 14m"));
        var after = gate.defer("other-bot", "scope", WRITE).reference();
        gate.clock.advance(AFTER);
        counted(gate.says("cy", Word.DENY, before));
        assertThat(gate.says("cy", Word.DENY, after)).isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void what_is_decided_does_not_escalate() {
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        counted(gate.says("ana", Word.DENY, id));
        gate.clock.advance(AFTER);
        gate.parts().catchUp();
        assertThat(gate.codes()).doesNotContain("request.escalated");
    }

    @Test
    void what_runs_out_before_anybody_looked_expires_and_escalates_to_nobody() {
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        gate.clock.advance(Duration.ofMinutes(15));
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotPending.class);
        assertThat(gate.codes()).endsWith("request.decided").doesNotContain("request.escalated");
    }

    @Test
    void it_is_told_where_the_request_is_looked_at() {
        var id = gate.defer("refund-bot", "scope", WRITE).reference();
        var cy = gate.bearer("cy", "requests:read", "requests:review");
        var before = gate.get(cy, "/requests/" + id).body();
        assertThat(before.path("stages").path(0).path("escalates").path("to").stringValue(""))
                .isEqualTo("security");
        assertThat(before.path("stages").path(0).path("escalates").path("at").stringValue(""))
                .isEqualTo("2026-06-01T10:10:01Z");
        assertThat(before.path("may_vote").asBoolean(true)).isFalse();
        assertThat(gate.tell(cy, "/requests/" + id + "/claim", "{}").status()).isEqualTo(403);

        gate.clock.advance(AFTER);
        var then = gate.get(cy, "/requests/" + id).body();
        assertThat(then.path("may_vote").asBoolean(false)).isTrue();
        assertThat(then.path("decides").asBoolean(false)).isTrue();
        assertThat(gate.tell(cy, "/requests/" + id + "/claim", "{}").status()).isEqualTo(200);
        assertThat(gate.tell(cy, "/requests/" + id + "/votes", "{\"vote\":\"approve\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoever_is_first_of_several_nodes_writes_it_once() throws InterruptedException, ExecutionException {
        var ids = new ArrayList<String>();
        ids.add(gate.defer("refund-bot", "scope", WRITE).reference());
        ids.add(gate.defer("other-bot", "scope", WRITE).reference());
        gate.clock.advance(AFTER);
        var others = TestStores.onPostgres() ? List.of(gate.anotherNode()) : List.<TestGate>of();
        var nodes = new ArrayList<>(others);
        nodes.add(gate);
        try (var threads = Executors.newFixedThreadPool(6)) {
            var all = nodes.stream()
                    .flatMap(node -> List.<Runnable>of(
                            node.parts()::catchUp,
                            node.parts()::catchUp,
                            () -> node.says("cy", Word.APPROVE, ids.getFirst()))
                            .stream())
                    .map(threads::submit)
                    .toList();
            for (var each : all) {
                each.get();
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(gate.entries("request.escalated")).hasSize(2);
        assertThat(gate.entries("request.voted")).hasSize(1);
        assertThat(gate.approval(ids.getFirst())).isInstanceOf(Approval.Approved.class);
        others.forEach(TestGate::close);
    }
}
