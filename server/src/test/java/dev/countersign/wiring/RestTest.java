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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who approved much rests where a rule says so, and how all vote together is told to administrators.
class RestTest extends OverTheWire {
    private static final String RESTS =
            REVIEW.replace("within: 15m", "within: 15m\n      rest: { approvals: 3, per: 1h }");

    private int asked;

    @BeforeEach
    void configure() {
        gate.configure("policies.yaml", RESTS);
    }

    /// Each asks something else, so that a denial of one says nothing of the next.
    private String held() {
        var details = "[{\"type\":\"refund\",\"amount\":%d,\"currency\":\"EUR\"}]".formatted(++asked);
        return gate.defer("refund-bot", "authorization_details", details, "resource", TestGate.PAYMENTS)
                .reference();
    }

    private void later(Duration duration) {
        gate.clock.advance(duration);
        gate.parts().catchUp();
    }

    private void approves(String user, int times) {
        for (int i = 0; i < times; i++) {
            counted(gate.says(user, Word.APPROVE, held()));
            gate.clock.advance(Duration.ofMinutes(1));
        }
    }

    private static void counted(Ballot.Result result) {
        assertThat(result).isInstanceOf(Ballot.Result.Counted.class);
    }

    private static String because(Ballot.Result result) {
        return result instanceof Ballot.Result.NotEligible(var because) ? because : result.toString();
    }

    @Test
    void who_approved_so_many_approves_no_more_until_the_first_is_long_ago() {
        approves("ana", 3);
        var id = held();
        assertThat(because(gate.says("ana", Word.APPROVE, id)))
                .isEqualTo("you approved 3 requests or more in the last 60 minutes, and its rules want somebody rested:"
                        + " yours counts again from 2026-06-01T11:00:00Z on, and a denial does now");
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        assertThat(gate.entries("request.vote_refused").getFirst().text(Member.BECAUSE))
                .isEqualTo("rest");
        counted(gate.says("bo", Word.APPROVE, id));

        later(Duration.ofMinutes(57).minusMillis(1));
        var later = held();
        assertThat(because(gate.says("ana", Word.APPROVE, later))).contains("rested");
        gate.clock.advance(Duration.ofMillis(1));
        counted(gate.says("ana", Word.APPROVE, later));
        assertThat(gate.entries("request.judged").getFirst().body().get(Member.REST))
                .hasToString("{approvals=3, per_s=3600}");
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void a_denial_counts_all_the_same_and_counts_for_nothing() {
        approves("ana", 2);
        counted(gate.says("ana", Word.DENY, held()));
        counted(gate.says("ana", Word.APPROVE, held()));
        counted(gate.says("ana", Word.DENY, held()));
        assertThat(because(gate.says("ana", Word.APPROVE, held()))).contains("rested");
    }

    @Test
    void what_other_rules_asked_counts_and_what_they_ask_does_not_rest() {
        gate.configure("policies.yaml", REVIEW.replace("lifetime: 2m", "lifetime: 3m"));
        approves("ana", 4);
        var without = held();
        gate.configure("policies.yaml", RESTS.replace("lifetime: 2m", "lifetime: 4m"));
        assertThat(because(gate.says("ana", Word.APPROVE, held()))).contains("rested");
        counted(gate.says("ana", Word.APPROVE, without));
    }

    @Test
    void several_at_once_are_no_way_around_it() throws InterruptedException, ExecutionException {
        var others = TestStores.onPostgres() ? List.of(gate.anotherNode()) : List.<TestGate>of();
        var nodes = new ArrayList<>(others);
        nodes.add(gate);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 12; i++) {
            ids.add(held());
        }
        var votes = new ArrayList<java.util.concurrent.Future<Ballot.Result>>();
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < ids.size(); i++) {
                var id = ids.get(i);
                var node = nodes.get(i % nodes.size());
                votes.add(threads.submit(() -> node.says("ana", Word.APPROVE, id)));
            }
        }
        int counted = 0;
        for (var vote : votes) {
            counted += vote.get() instanceof Ballot.Result.Counted ? 1 : 0;
        }
        assertThat(counted).isEqualTo(3);
        others.forEach(TestGate::close);
    }

    @Test
    void who_has_to_rest_is_told_before_they_vote() {
        approves("ana", 3);
        var id = held();
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        assertThat(gate.get(ana, "/requests/" + id).text("rests_until")).isEqualTo("2026-06-01T11:00:00Z");
        assertThat(gate.get(gate.bearer("bo", "requests:read"), "/requests/" + id)
                        .body()
                        .has("rests_until"))
                .isFalse();
    }

    @Test
    void how_long_one_looked_stands_in_the_ledger_from_when_it_was_first_shown() {
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        var id = held();
        gate.clock.advance(Duration.ofSeconds(60));
        gate.get(ana, "/requests/" + id);
        gate.clock.advance(Duration.ofSeconds(20));
        gate.get(ana, "/requests/" + id);
        gate.get(gate.bearer("bo", "requests:read"), "/requests/" + id);
        gate.clock.advance(Duration.ofSeconds(20));
        counted(gate.says("ana", Word.APPROVE, id));
        assertThat(gate.entries("request.voted").getFirst().number(Member.TAKEN))
                .isEqualTo(40);

        counted(gate.says("bo", Word.APPROVE, held()));
        assertThat(gate.entries("request.voted").getLast().body()).doesNotContainKey(Member.TAKEN);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void administrators_are_told_how_all_vote_together_and_no_names() {
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        for (int i = 0; i < 3; i++) {
            var id = held();
            gate.get(ana, "/requests/" + id);
            gate.clock.advance(Duration.ofSeconds(i == 0 ? 4 : 60));
            counted(gate.says("ana", Word.APPROVE, id));
        }
        later(Duration.ofHours(2));
        counted(gate.says("bo", Word.DENY, held()));

        assertThat(gate.get(ana, "/reviewers").status()).isEqualTo(403);
        var told = gate.get(gate.bearer("cy", "admin"), "/reviewers");
        assertThat(told.body().path("people").asInt(0)).isEqualTo(2);
        assertThat(told.body().path("votes").asInt(0)).isEqualTo(4);
        assertThat(told.body().path("busiest").asInt(0)).isEqualTo(3);
        assertThat(told.body().path("peak").asInt(0)).isEqualTo(3);
        var high = told.body().path("by_risk").path(0);
        assertThat(high.path("risk").stringValue("")).isEqualTo("high");
        assertThat(high.path("votes").asInt(0)).isEqualTo(4);
        assertThat(high.path("approvals").asInt(0)).isEqualTo(3);
        assertThat(high.path("timed").asInt(0)).isEqualTo(3);
        assertThat(high.path("median").asInt(0)).isEqualTo(60);
        assertThat(high.path("hasty").asInt(0)).isEqualTo(1);
        assertThat(told.raw().body()).doesNotContain("ana", "bo");

        later(Duration.ofDays(31));
        assertThat(gate.get(gate.bearer("cy", "admin"), "/reviewers")
                        .body()
                        .path("votes")
                        .asInt(-1))
                .isZero();
    }
}
