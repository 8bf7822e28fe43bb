package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Nudge;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Verification;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The requester's side: whom a request waits for and how long, reminding them, taking it back, what would be accepted
/// instead, and all of that before it is made.
@OneStore
class RequesterTest extends OverTheWire {
    private static final String PLAN = "{\"client\":\"refund-bot\",\"scopes\":[\"refunds:read\",\"refunds:write\"]}";

    private String owner;
    private String reviewer;

    @BeforeEach
    void people() {
        owner = gate.bearer("dev", "requests:read", "requests:review");
        reviewer = gate.bearer("ana", "requests:read", "requests:review");
    }

    private TestGate.Answer held(String... more) {
        var fields = new java.util.ArrayList<>(java.util.List.of("scope", WRITE));
        fields.addAll(java.util.List.of(more));
        return gate.defer("refund-bot", fields.toArray(String[]::new));
    }

    private JsonNode seen(String bearer, String id) {
        var seen = gate.get(bearer, "/requests/" + id);
        assertThat(seen.status()).isEqualTo(200);
        return seen.body();
    }

    private TestGate.Answer nudge(String bearer, String id) {
        return gate.tell(bearer, "/requests/" + id + "/nudge", "{}");
    }

    /// So many requests that were each decided after so many seconds, and collected.
    private void past(int many, int seconds) {
        for (int i = 0; i < many; i++) {
            var held = held();
            gate.clock.advance(Duration.ofSeconds(seconds));
            gate.says("ana", Word.APPROVE, held.reference());
            assertThat(gate.poll("refund-bot", held.text("deferral_code")).status())
                    .isEqualTo(200);
            gate.clock.advance(Duration.ofMinutes(2));
        }
    }

    private void later(Duration duration) {
        gate.clock.advance(duration);
        gate.parts().catchUp();
    }

    private static java.util.List<String> texts(JsonNode list) {
        return list.valueStream().map(it -> it.stringValue("")).toList();
    }

    @Test
    void whom_it_waits_for_is_told_by_name_to_people_and_by_group_to_the_client() {
        var held = held();
        var waits = seen(owner, held.reference()).path("waits_for").path(0);
        assertThat(waits.path("group").stringValue("")).isEqualTo("payments-oncall");
        assertThat(waits.path("needed").asInt(0)).isEqualTo(1);
        assertThat(texts(waits.path("people")))
                .as("not who owns the client, though a member")
                .containsExactlyInAnyOrder("ana", "bo");
        var status = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"));
        assertThat(status.body().path("stages").path(0).path("group").stringValue(""))
                .isEqualTo("payments-oncall");
        assertThat(status.raw().body()).doesNotContain("ana", "bo", "money-moves");
    }

    @Test
    void who_has_voted_is_waited_for_no_more() {
        gate.configure("policies.yaml", REVIEW.replace("votes: 1", "votes: 2"));
        var id = held().reference();
        gate.says("ana", Word.APPROVE, id);
        var waits = seen(owner, id).path("waits_for").path(0);
        assertThat(waits.path("votes").asInt(0)).isEqualTo(1);
        assertThat(texts(waits.path("people"))).containsExactly("bo");
    }

    @Test
    void it_is_waited_for_whom_it_escalates_to_once_it_does_and_the_client_is_told_beforehand() {
        gate.configure(
                "policies.yaml",
                REVIEW.replace("within: 15m", "within: 15m\n      escalate: { after: 10m, to: security }"));
        var held = held();
        assertThat(texts(seen(owner, held.reference()).path("waits_for").path(0).path("people")))
                .doesNotContain("cy");
        var escalates = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"))
                .body()
                .path("stages")
                .path(0)
                .path("escalates");
        assertThat(escalates.path("to").stringValue("")).isEqualTo("security");
        assertThat(escalates.path("at").stringValue("")).isEqualTo("2026-06-01T10:10:00Z");
        gate.clock.advance(Duration.ofMinutes(10));
        assertThat(texts(seen(owner, held.reference()).path("waits_for").path(0).path("people")))
                .contains("cy");
    }

    @Test
    void how_long_it_usually_takes_is_told_from_ten_on() {
        past(8, 60);
        past(1, 300);
        assertThat(seen(owner, held().reference()).has("expected_wait"))
                .as("nine are too few")
                .isFalse();
        later(Duration.ofMinutes(15));
        later(Duration.ofMinutes(11));
        past(1, 60);
        var held = held();
        var wait = seen(owner, held.reference()).path("expected_wait");
        assertThat(wait.path("median").asInt(0)).isEqualTo(60);
        assertThat(wait.path("p95").asInt(0)).isEqualTo(300);
        assertThat(wait.path("decided").asInt(0)).isEqualTo(10);
        assertThat(wait.path("undecided").asInt(0))
                .as("the one that nobody decided is no short wait")
                .isEqualTo(1);
        var told = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"))
                .body()
                .path("expected_wait");
        assertThat(told.path("median").asInt(0)).isEqualTo(60);
    }

    @Test
    void what_other_rules_decide_says_nothing_of_it_and_neither_does_what_is_long_ago() {
        past(10, 60);
        gate.configure("policies.yaml", REVIEW.replace("rule: money-moves", "rule: money-goes"));
        assertThat(seen(owner, held().reference()).has("expected_wait")).isFalse();
        var rule = REVIEW.substring(REVIEW.indexOf("  - rule: money-moves"));
        gate.configure("policies.yaml", REVIEW + rule.replace("rule: money-moves", "rule: money-spent"));
        assertThat(seen(owner, held("requested_lifetime", "21").reference()).has("expected_wait"))
                .as("one more rule decides with it")
                .isFalse();
        gate.configure("policies.yaml", REVIEW.replace("lifetime: 2m", "lifetime: 3m"));
        later(Duration.ofMinutes(15));
        later(Duration.ofMinutes(11));
        assertThat(seen(owner, held().reference()).has("expected_wait")).isTrue();
        later(Duration.ofDays(31));
        later(Duration.ofMinutes(11));
        var later = gate.bearer("dev", "requests:read"); // the other token is over
        assertThat(seen(later, held("requested_lifetime", "22").reference()).has("expected_wait"))
                .isFalse();
    }

    @Test
    void who_asked_reminds_with_pauses_that_double() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 2h"));
        var id = held().reference();
        var early = nudge(owner, id);
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("detail")).contains("from 2026-06-01T10:05:00Z on");
        gate.clock.advance(Nudge.PAUSE.minusMillis(1));
        assertThat(nudge(owner, id).status()).isEqualTo(409);
        gate.clock.advance(Duration.ofMillis(1));
        assertThat(nudge(owner, id).body().path("nudge").path("times").asInt(0)).isEqualTo(1);
        assertThat(nudge(owner, id).status()).isEqualTo(409);
        gate.clock.advance(Nudge.PAUSE);
        assertThat(nudge(owner, id).body().path("nudge").path("next").stringValue(""))
                .as("the third comes ten minutes after the second")
                .isEqualTo("2026-06-01T10:20:00Z");
        assertThat(gate.entries("request.nudged")).hasSize(2);
        assertThat(gate.entries("request.nudged").getFirst().actor().kind()).isEqualTo("person");
        assertThat(seen(owner, id).path("state").stringValue("")).isEqualTo("pending");
        gate.says("ana", Word.APPROVE, id);
        assertThat(nudge(owner, id).status()).isEqualTo(409);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void nobody_else_reminds() {
        var held = held();
        gate.clock.advance(Nudge.PAUSE);
        assertThat(nudge(reviewer, held.reference()).status()).isEqualTo(403);
        assertThat(nudge(gate.bearer("cy", "requests:review", "admin"), held.reference())
                        .status())
                .isEqualTo(403);
        assertThat(nudge(gate.bearer("dev", "requests:read"), held.reference()).status())
                .isEqualTo(403);
        var other = gate.post("/status", "other-bot", "deferral_code", held.text("deferral_code"), "nudge", "true");
        assertThat(other.error()).isEqualTo("invalid_grant");
        assertThat(gate.codes()).doesNotContain("request.nudged");
    }

    @Test
    void the_client_reminds_by_the_same_count() {
        var held = held();
        var early = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"), "nudge", "true");
        assertThat(early.error()).isEqualTo("invalid_request");
        gate.clock.advance(Nudge.PAUSE);
        assertThat(gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"), "nudge", "yes")
                        .error())
                .isEqualTo("invalid_request");
        var done = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"), "nudge", "true");
        assertThat(done.text("nudge_from")).isEqualTo("2026-06-01T10:10:00Z");
        assertThat(nudge(owner, held.reference()).status()).isEqualTo(409);
        assertThat(gate.entries("request.nudged").getFirst().actor().kind()).isEqualTo("client");
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }

    @Test
    void who_asked_takes_it_back_and_reviewers_do_not() {
        var id = held().reference();
        assertThat(gate.tell(reviewer, "/requests/" + id + "/cancel", "{}").status())
                .isEqualTo(403);
        assertThat(gate.tell(gate.bearer("dev", "requests:read"), "/requests/" + id + "/cancel", "{}")
                        .status())
                .isEqualTo(403);
        assertThat(gate.tell(owner, "/requests/" + id + "/cancel", "{}").text("state"))
                .isEqualTo("cancelled");
        assertThat(gate.entries("request.decided").getFirst().actor().kind()).isEqualTo("person");
    }

    @Test
    void less_that_passes_is_told_to_who_asked_and_to_nobody_else() {
        var held = gate.defer("refund-bot", "scope", READ + " " + WRITE);
        gate.says("ana", Word.DENY, held.reference());
        var instead = seen(owner, held.reference()).path("instead");
        assertThat(instead.size()).isEqualTo(1);
        assertThat(instead.path(0).path("by").stringValue("")).isEqualTo("policy");
        assertThat(instead.path(0).path("verdict").stringValue("")).isEqualTo("approve");
        assertThat(texts(instead.path(0).path("scopes"))).containsExactly(READ);
        assertThat(texts(instead.path(0).path("rules"))).containsExactly("reads");
        assertThat(gate.ask("refund-bot", "scope", READ).status())
                .as("it holds")
                .isEqualTo(200);
        assertThat(seen(reviewer, held.reference()).has("instead")).isFalse();
        var status = gate.post("/status", "refund-bot", "deferral_code", held.text("deferral_code"));
        assertThat(status.body().has("instead")).isFalse();
        assertThat(status.raw().body()).doesNotContain("reads");
    }

    @Test
    void less_that_people_granted_before_is_told() {
        var before = held("requested_lifetime", "100").reference();
        gate.says(
                "ana",
                Word.APPROVE,
                before,
                Optional.of(new Allowance(Scopes.parse(WRITE), AuthorizationDetails.NONE, Duration.ofSeconds(30))));
        gate.clock.advance(Duration.ofMinutes(1));
        var id = held("requested_lifetime", "110").reference();
        gate.says("ana", Word.DENY, id);
        var instead = seen(owner, id).path("instead");
        assertThat(instead.size()).isEqualTo(1);
        assertThat(instead.path(0).path("by").stringValue("")).isEqualTo("people");
        assertThat(instead.path(0).path("lifetime").asInt(0)).isEqualTo(30);
        assertThat(instead.path(0).path("at").stringValue("")).startsWith("2026-06-01T10:00");
    }

    @Test
    void what_would_become_of_it_is_told_before_it_is_made_and_nothing_is_written() {
        var before = gate.codes();
        var plan = gate.tell(owner, "/requests/plan", PLAN).body();
        assertThat(plan.path("verdict").stringValue("")).isEqualTo("review");
        assertThat(texts(plan.path("rules"))).containsExactly("money-moves");
        assertThat(plan.has("refused")).isFalse();
        assertThat(plan.path("within").asInt(0)).isEqualTo(900);
        assertThat(texts(plan.path("waits_for").path(0).path("people"))).containsExactlyInAnyOrder("ana", "bo");
        assertThat(texts(plan.path("instead").path(0).path("scopes"))).containsExactly(READ);
        assertThat(gate.codes()).isEqualTo(before);
        assertThat(gate.get(owner, "/requests?state=pending")
                        .body()
                        .path("items")
                        .size())
                .isZero();

        var passes = gate.tell(owner, "/requests/plan", "{\"client\":\"refund-bot\",\"scopes\":[\"refunds:read\"]}");
        assertThat(passes.text("verdict")).isEqualTo("approve");
        assertThat(passes.body().has("waits_for")).isFalse();
    }

    @Test
    void what_would_be_refused_at_once_is_said_and_why() {
        gate.configure("policies.yaml", REVIEW.replace("within: 15m", "within: 15m\n      require: [reason]"));
        assertThat(refused(PLAN)).isEqualTo("no-reason");
        assertThat(refused(PLAN.replace("}", ",\"reason\":\"order 1042\"}"))).isEmpty();
        gate.configure(
                "policies.yaml", REVIEW + "  - rule: never\n    when: ticket == \"X\"\n    deny: \"not for X\"\n");
        assertThat(refused(PLAN.replace("}", ",\"ticket\":\"X\"}"))).isEqualTo("policy");
        var id = gate.defer("refund-bot", "scope", READ + " " + WRITE).reference();
        gate.says("ana", Word.DENY, id);
        assertThat(refused(PLAN)).isEqualTo("again-after");
        later(Duration.ofMinutes(11));
        assertThat(refused(PLAN)).isEmpty();
        var cy = gate.bearer("cy", "admin");
        gate.tell(cy, "/freezes", "{\"kind\":\"client\",\"target\":\"refund-bot\",\"reason\":\"test\"}");
        assertThat(refused(PLAN)).isEqualTo("frozen");
        assertThat(refused(PLAN.replace(",\"refunds:write\"", ""))).isEqualTo("frozen");
    }

    private String refused(String plan) {
        return gate.tell(owner, "/requests/plan", plan)
                .body()
                .path("refused")
                .path("because")
                .stringValue("");
    }

    @Test
    void strangers_do_not_try_out_what_policy_says() {
        assertThat(gate.tell(reviewer, "/requests/plan", PLAN).status()).isEqualTo(403);
        assertThat(gate.tell(gate.bearer("cy", "requests:read", "admin"), "/requests/plan", PLAN)
                        .status())
                .isEqualTo(200);
        assertThat(gate.tell(owner, "/requests/plan", PLAN.replace("refund-bot", "nobody"))
                        .status())
                .isEqualTo(404);
        assertThat(gate.tell(owner, "/requests/plan", "{\"client\":\"refund-bot\",\"scopes\":[\"other\"]}")
                        .status())
                .isEqualTo(422);
        assertThat(gate.tell(owner, "/requests/plan", "{\"client\":\"refund-bot\"}")
                        .status())
                .isEqualTo(422);
        assertThat(gate.tell(owner, "/requests/plan", PLAN.replace("}", ",\"start\":\"soon\"}"))
                        .status())
                .isEqualTo(400);
    }
}
