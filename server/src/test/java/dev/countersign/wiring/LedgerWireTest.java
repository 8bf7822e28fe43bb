package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.countersign.OneStore;
import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Verification;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the server writes, the offline verifier believes; and without the ledger there is no token.
@OneStore
class LedgerWireTest extends OverTheWire {
    private static final String TWO = REVIEW + """
              - rule: big-money
                when: '"refunds:write" in scopes && "refunds:read" in scopes'
                review:
                  stages: [ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ]
                  within: 15m
                  lifetime: 2m
            """;
    private static final String BOTH = READ + " " + WRITE;
    private static final String ASKED = """
            [{"type":"refund","amount":5,"currency":"EUR"},{"type":"refund","amount":10,"currency":"EUR"}]""";

    private static final Duration AGAIN_AFTER = Duration.ofMinutes(11);

    @Test
    void a_ledger_of_everything_that_can_happen_verifies() {
        gate.configure("policies.yaml", TWO);
        gate.ask("refund-bot", "scope", READ); // approved at once
        gate.ask("refund-bot", "scope", READ, "resource", TestGate.PAYMENTS, "reason", "ünïcode");

        var two = waits("1", BOTH); // approved by two, one vote refused before
        gate.says("dev", Word.APPROVE, two.reference());
        gate.says("bo", Word.APPROVE, two.reference());
        gate.says("cy", Word.APPROVE, two.reference());
        collected(two);

        var denied = waits("2", WRITE);
        gate.says("bo", Word.DENY, denied.reference());
        gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "20"); // again too soon
        gate.clock.advance(AGAIN_AFTER);

        var cancelled = waits("3", WRITE);
        gate.post("/revoke", "refund-bot", "token", cancelled.text("deferral_code"));
        var cancelledLate = waits("4", WRITE);
        gate.says("bo", Word.APPROVE, cancelledLate.reference());
        gate.post("/revoke", "refund-bot", "token", cancelledLate.text("deferral_code"));

        var uncollected = waits("5", WRITE);
        gate.says("bo", Word.APPROVE, uncollected.reference());
        var undecided = waits("6", BOTH);
        gate.says("bo", Word.APPROVE, undecided.reference());
        gate.clock.advance(Duration.ofMinutes(16));
        TestGate.until(() -> gate.entries("request.ended").size() == 2);
        gate.clock.advance(AGAIN_AFTER);

        var revoked = waits("7", WRITE);
        gate.says("bo", Word.APPROVE, revoked.reference());
        gate.parts().panel.revoke(revoked.reference(), new Entry.Actor("person", "bo"), "mistake");
        var revokedLate = waits("8", WRITE);
        gate.says("bo", Word.APPROVE, revokedLate.reference());
        collected(revokedLate);
        gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "80"); // redelivered
        gate.parts().panel.revoke(revokedLate.reference(), new Entry.Actor("person", "bo"), "mistake");

        var ended = waits("9", WRITE);
        gate.says("bo", Word.APPROVE, ended.reference());
        gate.post("/revoke", "refund-bot", "token", collected(ended).text("access_token"));

        var lapsed = waits("10", WRITE);
        gate.says("bo", Word.APPROVE, lapsed.reference());
        gate.tell(gate.bearer("cy", "admin"), "/freezes", "{\"kind\":\"all\",\"reason\":\"drill\"}");
        gate.poll("refund-bot", lapsed.text("deferral_code"));
        gate.ask("refund-bot", "scope", READ); // frozen

        assertThat(gate.codes())
                .contains(
                        "request.made",
                        "request.judged",
                        "request.voted",
                        "request.vote_refused",
                        "request.decided",
                        "request.ended",
                        "request.refused",
                        "token.minted",
                        "token.redelivered",
                        "token.revoked");
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
        gate.restart();
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    private TestGate.Answer waits(String lifetime, String scope) {
        var held = gate.defer("refund-bot", "scope", scope, "requested_lifetime", lifetime + "0");
        assertThat(held.error()).as(held.raw().body()).isEqualTo("authorization_pending");
        return held;
    }

    private TestGate.Answer collected(TestGate.Answer held) {
        var token = gate.poll("refund-bot", held.text("deferral_code"));
        assertThat(token.status()).as(token.raw().body()).isEqualTo(200);
        return token;
    }

    @Test
    void what_one_reviewer_left_of_the_details_is_approved_to_the_byte() {
        var held = gate.defer("refund-bot", "scope", WRITE, "authorization_details", ASKED);
        // Both objects are within the first that was asked, so their order is not that of what was asked.
        var left = details("""
                [{"amount":4,"currency":"EUR","type":"refund"},{"amount":3,"currency":"EUR","type":"refund"}]""");
        gate.says("ana", Word.APPROVE, held.reference(), Optional.of(narrowed(held, left)));

        assertThat(collected(held).body().path("authorization_details").toString())
                .isEqualTo(left.canonical());
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void what_two_reviewers_leave_is_what_both_allow_and_verifies() {
        gate.configure("policies.yaml", TWO);
        var held = gate.defer("refund-bot", "scope", BOTH, "authorization_details", ASKED);
        var one = details("[{\"amount\":8,\"currency\":\"EUR\",\"type\":\"refund\"}]");
        var other = details("""
                [{"amount":5,"currency":"EUR","type":"refund"},{"amount":6,"currency":"EUR","type":"refund"}]""");
        gate.says("bo", Word.APPROVE, held.reference(), Optional.of(narrowed(held, one)));
        gate.says("cy", Word.APPROVE, held.reference(), Optional.of(narrowed(held, other)));

        var granted = collected(held).body().path("authorization_details");
        assertThat(granted.size()).isEqualTo(1);
        assertThat(granted.path(0).path("amount").asInt(0)).isEqualTo(6);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void a_narrowing_that_its_type_allows_no_more_when_the_last_vote_falls_grants_nothing() {
        gate.configure("policies.yaml", TWO);
        var held = gate.defer("refund-bot", "scope", BOTH, "authorization_details", ASKED);
        var less = details("[{\"amount\":8,\"currency\":\"EUR\",\"type\":\"refund\"}]");
        gate.says("bo", Word.APPROVE, held.reference(), Optional.of(narrowed(held, less)));
        gate.change(", lowerable: [amount]", "");

        assertThat(gate.says("cy", Word.APPROVE, held.reference())).isInstanceOf(Ballot.Result.Counted.class);
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Denied.class);
    }

    private Allowance narrowed(TestGate.Answer held, AuthorizationDetails details) {
        var asked = gate.approval(held.reference()).question().ask();
        return new Allowance(Scopes.parse(WRITE), details, asked.lifetime().minusSeconds(1));
    }

    private static AuthorizationDetails details(String canonical) {
        return new AuthorizationDetails(canonical);
    }

    @Test
    void a_full_disk_means_no_token_and_no_harm() {
        assumeFalse(TestStores.onPostgres(), "its disk cannot be filled from here");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, held.reference());
        long pages = pragma("page_count");
        pragma("max_page_count = " + pages);

        var refusals = 0;
        for (int i = 0; i < 60; i++) {
            var answer = gate.ask("refund-bot", "scope", READ, "reason", "r".repeat(500));
            assertThat(answer.status()).isIn(200, 503);
            if (answer.status() == 503) {
                refusals++;
                assertThat(answer.error()).isEqualTo("temporarily_unavailable");
                assertThat(answer.body().has("access_token")).isFalse();
                assertThat(answer.raw().headers().firstValue("Retry-After")).isPresent();
            }
        }
        assertThat(refusals).isPositive();
        int minted = gate.entries("token.minted").size();
        assertThat(minted).isEqualTo(61 - refusals);
        assertThat(gate.send(gate.request("/health/live").build()).status()).isEqualTo(200);

        pragma("max_page_count = 1000000");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    private long pragma(String pragma) {
        return gate.parts()
                .installation
                .store
                .write(tx -> tx.sql()
                        .createQuery("PRAGMA " + pragma)
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void a_token_that_policy_denies_has_no_receipt() {
        var auditor = gate.bearer("cy", "ledger:read");
        assertThat(List.of(
                        gate.get(auditor, "/ledger/receipts/nothing").status(),
                        gate.get(auditor, "/ledger/receipts/999999").status()))
                .containsOnly(404);
    }
}
