package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Discussion;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Verification;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A reviewer hands a request on: to whom, and that nobody gains a vote by it or loses one.
@OneStore
class ReassignTest extends OverTheWire {
    private static final String TWO = REVIEW.replace(
            "[ { group: payments-oncall, votes: 1 } ]",
            "[ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ]");

    private String ana;
    private String bo;
    private String cy;
    private String id;

    @BeforeEach
    void asked() {
        ana = gate.bearer("ana", "requests:read", "requests:review");
        bo = gate.bearer("bo", "requests:read", "requests:review");
        cy = gate.bearer("cy", "requests:read", "requests:review");
        id = gate.defer("refund-bot", "scope", WRITE).reference();
    }

    private TestGate.Answer hands(String bearer, String to) {
        return gate.tell(
                bearer, "/requests/" + id + "/reassign", "{" + to + ",\"reason\":\"You know refunds better\"}");
    }

    private static String to(String user) {
        return "\"person\":\"" + user + "\"";
    }

    @Test
    void who_it_is_handed_to_reads_by_whom_and_why_and_everybody_may_vote_as_before() {
        assertThat(hands(bo, to("ana")).status()).isEqualTo(200);
        var seen = gate.get(ana, "/requests/" + id).body();
        assertThat(seen.path("handed").path("by").stringValue("")).isEqualTo("bo");
        assertThat(seen.path("handed").path("person").stringValue("")).isEqualTo("ana");
        assertThat(seen.path("handed").path("reason").stringValue("")).isEqualTo("You know refunds better");
        assertThat(seen.path("handed").path("mine").asBoolean(false)).isTrue();
        assertThat(gate.get(bo, "/requests/" + id)
                        .body()
                        .path("handed")
                        .path("mine")
                        .asBoolean(true))
                .isFalse();
        var entry = gate.entries("request.reassigned").getFirst();
        assertThat(entry.actor().kind()).isEqualTo("person");
        assertThat(entry.text(Member.PERSON)).isNotEmpty();
        assertThat(entry.toString()).as("the words can be erased").doesNotContain("refunds better");

        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Counted.class);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void nobody_who_may_not_decide_it_is_handed_it() {
        assertThat(hands(bo, to("cy")).status()).isEqualTo(403);
        assertThat(hands(bo, to("dev")).text("detail"))
                .as("who asked for it, though a member of the group")
                .contains("may not decide it");
        assertThat(hands(bo, to("bo")).status()).isEqualTo(403);
        assertThat(hands(bo, to("nobody")).status()).isEqualTo(422);
        assertThat(hands(bo, "\"group\":\"security\"").status()).isEqualTo(403);
        assertThat(gate.codes()).doesNotContain("request.reassigned");
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void nobody_hands_on_what_is_not_theirs_to_decide() {
        assertThat(hands(cy, to("ana")).status()).isEqualTo(403);
        assertThat(hands(gate.bearer("dev", "requests:review"), to("ana")).status())
                .isEqualTo(403);
        assertThat(hands(gate.bearer("bo", "requests:read"), to("ana")).status())
                .isEqualTo(403);
        assertThat(gate.codes()).doesNotContain("request.reassigned");
    }

    @Test
    void neither_who_has_voted_hands_it_on_nor_is_handed_it() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        id = gate.defer("other-bot", "scope", WRITE).reference();
        gate.says("ana", Word.APPROVE, id);
        assertThat(hands(ana, to("bo")).text("detail")).contains("you have voted");
        assertThat(hands(bo, to("ana")).text("detail")).contains("voted on it already");
    }

    @Test
    void a_group_that_is_asked_is_handed_it_and_another_is_not() {
        gate.configure("policies.yaml", TWO);
        id = gate.defer("other-bot", "scope", WRITE).reference();
        assertThat(hands(bo, "\"group\":\"security\"").status()).isEqualTo(200);
        assertThat(gate.get(cy, "/requests/" + id)
                        .body()
                        .path("handed")
                        .path("mine")
                        .asBoolean(false))
                .isTrue();
        assertThat(hands(bo, "\"group\":\"payments-dev\"").status()).isEqualTo(403);
        assertThat(gate.entries("request.reassigned")).hasSize(1);
    }

    @Test
    void the_claim_of_who_hands_it_on_ends_and_no_other() {
        gate.tell(bo, "/requests/" + id + "/claim", "{}");
        assertThat(hands(ana, to("bo")).body().path("claim").path("person").stringValue(""))
                .isEqualTo("bo");
        assertThat(hands(bo, to("ana")).body().has("claim")).isFalse();
    }

    @Test
    void it_takes_a_reason_and_one_to_hand_it_to() {
        var path = "/requests/" + id + "/reassign";
        assertThat(gate.tell(bo, path, "{\"person\":\"ana\",\"reason\":\" \"}").status())
                .isEqualTo(422);
        assertThat(gate.tell(bo, path, "{\"reason\":\"why\"}").status()).isEqualTo(422);
        assertThat(gate.tell(bo, path, "{\"person\":\"ana\",\"group\":\"security\",\"reason\":\"why\"}")
                        .status())
                .isEqualTo(422);
        gate.says("ana", Word.DENY, id);
        assertThat(hands(bo, to("ana")).status()).isEqualTo(409);
    }

    @Test
    void it_does_not_go_round_for_ever() {
        for (int i = 0; i < Discussion.MOST; i++) {
            gate.clock.advance(Duration.ofSeconds(1));
            assertThat(hands(i % 2 == 0 ? bo : ana, to(i % 2 == 0 ? "ana" : "bo"))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(hands(ana, to("bo")).status()).isEqualTo(409);
    }
}
