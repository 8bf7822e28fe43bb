package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.store.SingleUses;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What one client can make of people's time, and one client or person of the ledger, has an end.
class BoundsTest extends OverTheWire {
    @Test
    void a_client_that_cancels_and_asks_again_troubles_people_so_often_and_no_more() {
        for (int i = 0; i < 20; i++) {
            cancel(gate.defer("refund-bot", "scope", WRITE));
        }
        var refused = gate.defer("refund-bot", "scope", WRITE);
        assertThat(refused.error()).isEqualTo("invalid_grant");
        assertThat(refused.text("error_description")).contains("just cancelled").contains("reference ");
        assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "9")
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(gate.entries("request.judged")).hasSize(20);
        assertThat(gate.entries("request.refused").getFirst().text("because")).isEqualTo("too-many-pending");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(gate.defer("other-bot", "scope", WRITE).error()).isEqualTo("authorization_pending");

        gate.clock.advance(Duration.ofMinutes(10));
        assertThat(gate.defer("refund-bot", "scope", WRITE).error()).isEqualTo("authorization_pending");
    }

    @Test
    void what_is_cancelled_after_it_was_approved_counts_too_and_what_was_made_long_ago_does_not() {
        for (int i = 1; i <= 19; i++) {
            var held = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "" + i);
            gate.says("ana", Word.APPROVE, held.reference());
            cancel(held);
        }
        var last = gate.defer("refund-bot", "scope", WRITE);
        assertThat(last.error()).isEqualTo("authorization_pending");
        assertThat(gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "20")
                        .error())
                .isEqualTo("invalid_grant");

        gate.clock.advance(Duration.ofMinutes(10));
        cancel(last);
        for (int i = 1; i <= 20; i++) {
            assertThat(gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "" + i)
                            .error())
                    .isEqualTo("authorization_pending");
        }
    }

    private void cancel(TestGate.Answer held) {
        assertThat(held.error()).isEqualTo("authorization_pending");
        gate.post("/revoke", "refund-bot", "token", held.text("deferral_code"));
    }

    @Test
    void what_a_flood_of_proofs_leaves_behind_is_forgotten_as_fast_as_it_comes() {
        var store = gate.parts().installation.store;
        var uses = new SingleUses(store);
        var until = gate.clock.instant().plusSeconds(60);
        store.write(tx -> {
            for (int i = 0; i < 12_000; i++) {
                uses.spend(tx, "dpop", "proof-" + i, until);
            }
            return true;
        });
        gate.clock.advance(Duration.ofMinutes(10));
        gate.parts().forget();
        assertThat(store.<Long>read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM single_use")
                        .mapTo(Long.class)
                        .one()))
                .isZero();
    }

    @Test
    void a_vote_that_does_not_count_is_recorded_once_however_often_it_is_tried() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        var owner = gate.bearer("dev", "requests:review");
        var stranger = gate.bearer("cy", "requests:review");
        var reviewer = gate.bearer("ana", "requests:review");
        var votes = "/requests/" + id + "/votes";
        for (int i = 0; i < 3; i++) {
            assertThat(gate.tell(owner, votes, "{\"vote\":\"approve\"}").status())
                    .isEqualTo(403);
            assertThat(gate.tell(owner, votes, "{\"vote\":\"deny\"}").status()).isEqualTo(403);
            assertThat(gate.tell(stranger, votes, "{\"vote\":\"approve\"}").status())
                    .isEqualTo(403);
            assertThat(gate.tell(reviewer, votes, "{\"vote\":\"approve\",\"lifetime\":999}")
                            .status())
                    .isEqualTo(422);
        }
        assertThat(gate.entries("request.vote_refused"))
                .extracting(it -> it.text("vote") + " " + it.text("because"))
                .containsExactly("approve not-eligible", "deny not-eligible", "approve not-eligible", "approve wider");
        assertThat(gate.says("ana", Word.APPROVE, id)).isInstanceOf(Ballot.Result.Counted.class);

        var next = gate.ask("other-bot", "scope", WRITE).reference();
        gate.tell(owner, "/requests/" + next + "/votes", "{\"vote\":\"approve\"}");
        assertThat(gate.entries("request.vote_refused")).hasSize(5);
    }

    @Test
    void a_token_is_given_out_again_so_often_and_then_people_are_asked_anew() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        gate.says("ana", Word.APPROVE, id);
        for (int i = 0; i <= 200; i++) {
            assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        }
        var anew = gate.ask("refund-bot", "scope", WRITE);
        assertThat(anew.error()).isEqualTo("access_denied");
        assertThat(anew.reference()).isNotEqualTo(id);
        assertThat(gate.entries("token.minted")).hasSize(1);
        assertThat(gate.entries("token.redelivered")).hasSize(200);
    }
}
