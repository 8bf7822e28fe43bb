package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Discussion;
import dev.countersign.approval.Vote.Word;
import dev.countersign.http.Json;
import dev.countersign.ledger.Verification;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Questions, answers and claims on a request that waits: who may, and that none of it decides anything.
class DiscussionTest extends OverTheWire {
    private String reviewer;
    private String owner;
    private String stranger;
    private TestGate.Answer held;
    private String id;

    @BeforeEach
    void asked() {
        reviewer = gate.bearer("ana", "requests:read", "requests:review");
        owner = gate.bearer("dev", "requests:read", "requests:review");
        stranger = gate.bearer("cy", "requests:read", "requests:review");
        held = gate.defer("refund-bot", "scope", WRITE);
        id = held.reference();
    }

    @Test
    void a_reviewer_asks_and_the_owner_answers() {
        assertThat(say(reviewer, "Which order is it?").body().path("asked").asBoolean(false))
                .isTrue();
        var answered = say(owner, "Order 1042, see the ticket");
        assertThat(answered.body().path("asked").asBoolean(true)).isFalse();

        var comments = gate.get(reviewer, "/requests/" + id).body().path("comments");
        assertThat(comments.path(0).path("side").stringValue("")).isEqualTo("reviewer");
        assertThat(comments.path(0).path("person").stringValue("")).isEqualTo("ana");
        assertThat(comments.path(0).path("comment").stringValue("")).isEqualTo("Which order is it?");
        assertThat(comments.path(1).path("side").stringValue("")).isEqualTo("requester");
        assertThat(gate.codes()).endsWith("request.commented", "request.commented");
        assertThat(gate.entries("request.commented").getFirst().toString())
                .as("the words can be erased")
                .doesNotContain("Which order");
        assertThat(gate.get(reviewer, "/requests/" + id).text("state")).isEqualTo("pending");

        gate.says("ana", Word.APPROVE, id);
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void the_client_itself_reads_the_question_and_answers_without_hearing_names() {
        say(reviewer, "Which order is it?");
        var stands = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"));
        assertThat(stands.status()).isEqualTo(200);
        assertThat(stands.text("state")).isEqualTo("pending");
        assertThat(stands.body().path("asked").asBoolean(false)).isTrue();
        assertThat(stands.body().path("stages").path(0).path("needed").asInt(0)).isEqualTo(1);
        assertThat(stands.raw().body()).contains("Which order is it?").doesNotContain("ana");

        var answered =
                gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"), "comment", "1042");
        assertThat(answered.body().path("asked").asBoolean(true)).isFalse();
        var seen = gate.get(reviewer, "/requests/" + id).body().path("comments").path(1);
        assertThat(seen.path("client").stringValue("")).isEqualTo("refund-bot");
        assertThat(seen.path("comment").stringValue("")).isEqualTo("1042");
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void a_client_hears_of_its_own_requests_alone() {
        var other = gate.post("/status", "other-bot", "deferral_code", held.text("deferral_code"), "comment", "hi");
        assertThat(other.error()).isEqualTo("invalid_grant");
        assertThat(gate.post("/status", "refund-bot", "deferral_code", "x").error())
                .isEqualTo("invalid_grant");
        assertThat(gate.post("/status", "refund-bot").error()).isEqualTo("invalid_request");
        assertThat(gate.codes()).doesNotContain("request.commented");
    }

    @Test
    void an_answer_that_comes_too_late_changes_nothing() {
        gate.says("ana", Word.DENY, id);
        var late = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"), "comment", "1042");
        assertThat(late.text("state")).isEqualTo("denied");
        assertThat(late.body().path("comments").size()).isZero();
    }

    @Test
    void who_neither_decides_nor_asked_says_nothing() {
        var refused = say(stranger, "let it through");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("reviewers");
        assertThat(claim(stranger).status()).isEqualTo(403);
        assertThat(gate.codes()).doesNotContain("request.commented", "request.claimed");
    }

    @Test
    void what_is_decided_is_talked_about_no_more() {
        gate.says("ana", Word.DENY, id);
        assertThat(say(reviewer, "sorry").status()).isEqualTo(409);
        assertThat(claim(gate.bearer("bo", "requests:review")).status()).isEqualTo(409);
        assertThat(say("/requests/nothing", reviewer, "hello").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\u0000b", "\u202Eevil"})
    void words_that_are_none_are_refused(String words) {
        assertThat(say(reviewer, words).status()).isBetween(400, 422);
        assertThat(say(reviewer, "x".repeat(501)).status()).isEqualTo(400);
        assertThat(gate.codes()).doesNotContain("request.commented");
    }

    @Test
    void neither_side_can_fill_it_and_keep_the_other_from_speaking() {
        for (int i = 0; i < Discussion.MOST; i++) {
            assertThat(say(owner, "please " + i).status()).isEqualTo(200);
        }
        assertThat(say(owner, "once more").status()).isEqualTo(409);
        assertThat(say(reviewer, "which order?").status()).isEqualTo(200);
    }

    @Test
    void one_looks_into_it_and_others_see_that_and_may_vote() {
        var bo = gate.bearer("bo", "requests:read", "requests:review");
        assertThat(claim(reviewer).status()).isEqualTo(200);
        var seen = gate.get(bo, "/requests/" + id).body().path("claim");
        assertThat(seen.path("person").stringValue("")).isEqualTo("ana");
        var refused = claim(bo);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("detail")).contains("ana", "you may vote");
        assertThat(gate.tell(bo, "/requests/" + id + "/release", "{}").status())
                .as("only one's own")
                .isEqualTo(403);

        gate.clock.advance(Discussion.CLAIMED);
        assertThat(gate.get(bo, "/requests/" + id).body().has("claim"))
                .as("lapsed")
                .isFalse();
        assertThat(claim(bo).status()).isEqualTo(200);
        assertThat(gate.tell(bo, "/requests/" + id + "/release", "{}").status()).isEqualTo(200);
        assertThat(gate.get(bo, "/requests/" + id).body().has("claim")).isFalse();
        assertThat(claim(bo).status()).isEqualTo(200);

        gate.says("ana", Word.APPROVE, id);
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void owners_claim_nothing() {
        var refused = claim(owner);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("detail")).contains("nobody approves their own request");
    }

    private TestGate.Answer say(String bearer, String words) {
        return say("/requests/" + id, bearer, words);
    }

    private TestGate.Answer say(String request, String bearer, String words) {
        return gate.tell(bearer, request + "/comments", Json.write(Map.of("comment", words)));
    }

    private TestGate.Answer claim(String bearer) {
        return gate.tell(bearer, "/requests/" + id + "/claim", "{}");
    }
}
