package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.countersign.TestStores;
import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Vote.Word;
import dev.countersign.doctor.Invariant;
import dev.countersign.doctor.Result;
import dev.countersign.http.Json;
import dev.countersign.ledger.Member;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import dev.countersign.wiring.TestGate.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Approvals that give several tokens, one after the other. When a test is over its ledger is verified offline.
final class UsesTest {
    private static final String POLICIES = """
            policies:
              - rule: maintenance
                when: '"refunds:write" in scopes'
                review:
                  stages: [ { group: payments-oncall, votes: 1 } ]
                  within: 15m
                  collect: 2h
                  lifetime: 5m
                  uses: 3
            """;
    private static final String WRITE = "refunds:write";

    @TempDir
    Path folder;

    private TestGate gate;

    @BeforeEach
    void start() {
        gate = new TestGate(folder, POLICIES);
    }

    @AfterEach
    void stop() {
        gate.close();
    }

    private Answer asks() {
        return gate.ask("refund-bot", "scope", WRITE);
    }

    /// The id of the request that waits for people now.
    private String pending() {
        return gate.entries("request.made").getLast().request().orElseThrow();
    }

    /// Asks, has it approved, and fetches the first token; then what is asked again is no lost answer any more.
    private String agreed() {
        return agreed(Optional.empty());
    }

    private String agreed(Optional<Allowance> narrowed) {
        assertThat(asks().status()).isEqualTo(400);
        var id = pending();
        assertThat(gate.says("ana", Word.APPROVE, id, narrowed)).isInstanceOf(Ballot.Result.Counted.class);
        assertThat(asks().status()).isEqualTo(200);
        later();
        return id;
    }

    private void peopleAreAsked() {
        assertThat(asks().status()).isEqualTo(400);
        assertThat(gate.approval(pending())).isInstanceOf(Approval.Pending.class);
    }

    private void later() {
        gate.clock.advance(Duration.ofSeconds(62));
    }

    private static JsonNode claims(Answer token) {
        assertThat(token.status()).as(token.raw().body()).isEqualTo(200);
        var payload = token.text("access_token").split("\\.", -1)[1];
        return Json.read(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
    }

    private boolean isActive(Answer token) {
        return gate.post("/introspect", "refund-bot", "token", token.text("access_token"))
                .body()
                .path("active")
                .asBoolean(false);
    }

    @Test
    void it_gives_as_many_tokens_as_were_agreed_to_and_then_people_are_asked_again() {
        var id = agreed();

        var second = claims(asks());
        var third = claims(asks());

        assertThat(List.of(second, third)).allSatisfy(it -> {
            assertThat(it.path("approval").path("id").asString("")).isEqualTo(id);
            assertThat(it.path("approval").path("by").asString("")).isEqualTo("people");
            assertThat(it.path("scope").asString("")).isEqualTo(WRITE);
        });
        assertThat(second.path("jti")).isNotEqualTo(third.path("jti"));
        peopleAreAsked();
        assertThat(pending()).isNotEqualTo(id);
        assertThat(gate.entries("token.minted"))
                .extracting(it -> it.text(Member.BY), it -> it.number(Member.USE))
                .containsExactly(tuple("people", 0L), tuple("approval", 2L), tuple("approval", 3L));
    }

    @Test
    void a_lost_answer_is_the_same_token_and_no_use() {
        assertThat(asks().status()).isEqualTo(400);
        gate.says("ana", Word.APPROVE, pending());
        var first = claims(asks());

        assertThat(claims(asks()).path("jti")).isEqualTo(first.path("jti"));
        later();
        claims(asks());
        claims(asks());
        assertThat(asks().status()).isEqualTo(400);
    }

    @Test
    void a_deferral_code_gives_the_first_token_alone() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, held.reference());
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        later();

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("invalid_grant");
        claims(asks());
    }

    @Test
    void of_many_that_race_as_many_get_a_token_as_are_left() throws Exception {
        agreed();
        int many = 12;
        var barrier = new CyclicBarrier(many);
        var asking = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < many; i++) {
            asking.add(() -> {
                barrier.await();
                return asks().status();
            });
        }
        try (var threads = Executors.newFixedThreadPool(many)) {
            var answers = new ArrayList<Integer>();
            for (var answer : threads.invokeAll(asking)) {
                answers.add(answer.get());
            }
            assertThat(answers).filteredOn(it -> it == 200).hasSize(2);
        }
        assertThat(gate.entries("request.made"))
                .as("all others are one request")
                .hasSize(2);
    }

    @Test
    void a_reviewer_may_agree_to_fewer_and_to_less_for_each() {
        assertThat(gate.ask("refund-bot", "scope", "refunds:read refunds:write").status())
                .isEqualTo(400);
        var ask = gate.approval(pending()).question().ask();
        assertThat(ask.uses()).isEqualTo(3);
        assertThat(gate.says(
                        "ana",
                        Word.APPROVE,
                        pending(),
                        Optional.of(new Allowance(ask.scopes(), ask.details(), ask.lifetime(), 4))))
                .asInstanceOf(type(Ballot.Result.Wider.class))
                .extracting(Ballot.Result.Wider::because)
                .asString()
                .contains("at most 3");
        gate.says(
                "ana",
                Word.APPROVE,
                pending(),
                Optional.of(new Allowance(Scopes.parse(WRITE), AuthorizationDetails.NONE, Duration.ofSeconds(20), 2)));

        claims(gate.ask("refund-bot", "scope", "refunds:read refunds:write"));
        later();
        var second = claims(gate.ask("refund-bot", "scope", "refunds:read refunds:write"));
        assertThat(second.path("scope").asString("")).isEqualTo(WRITE);
        assertThat(second.path("exp").asLong(0) - second.path("iat").asLong(0)).isEqualTo(20);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read refunds:write").status())
                .as("the third was taken away")
                .isEqualTo(400);
    }

    @Test
    void it_ends_by_time() {
        agreed();
        gate.clock.advance(Duration.ofHours(2));

        peopleAreAsked();
    }

    @Test
    void nothing_outlives_the_approval() {
        assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "300")
                        .status())
                .isEqualTo(400);
        var id = pending();
        gate.says("ana", Word.APPROVE, id);
        claims(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "300"));
        gate.clock.advance(Duration.ofHours(2).minusSeconds(1));

        var last = claims(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "300"));

        var until = ((Approval.Redeemed) gate.approval(id)).until().getEpochSecond();
        assertThat(last.path("exp").asLong(0)).isLessThanOrEqualTo(until);
    }

    @Test
    void what_is_taken_back_is_dead_with_all_its_tokens_and_gives_no_more() {
        var id = agreed();
        var second = asks();
        assertThat(isActive(second)).isTrue();

        assertThat(gate.tell(
                                gate.bearer("ana", "requests:review"),
                                "/requests/" + id + "/revoke",
                                "{\"reason\":\"no\"}")
                        .status())
                .isEqualTo(200);

        assertThat(isActive(second)).isFalse();
        peopleAreAsked();
    }

    @Test
    void a_client_gives_it_back_with_any_of_its_tokens() {
        var id = agreed();
        var second = asks();

        assertThat(gate.post("/revoke", "refund-bot", "token", second.text("access_token"))
                        .status())
                .isEqualTo(200);

        assertThat(gate.approval(id)).isInstanceOf(Approval.Revoked.class);
        assertThat(isActive(second)).isFalse();
        peopleAreAsked();
    }

    @Test
    void who_ends_the_last_token_gives_nothing_back() {
        var id = agreed();
        claims(asks());
        var last = asks();
        gate.post("/revoke", "refund-bot", "token", last.text("access_token"));

        assertThat(gate.approval(id)).isInstanceOf(Approval.Redeemed.class);
        assertThat(isActive(last)).isFalse();
    }

    @Test
    void it_is_for_who_asked_and_for_what_was_asked() {
        agreed();

        assertThat(gate.ask("other-bot", "scope", WRITE).status()).isEqualTo(400);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read refunds:write").status())
                .isEqualTo(400);
        assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "3")
                        .status())
                .as("another life is another request")
                .isEqualTo(400);
        assertThat(gate.entries("token.minted")).hasSize(1);
    }

    @Test
    void it_is_for_the_ticket_that_was_agreed_to() {
        agreed();
        assertThat(gate.ask("refund-bot", "scope", WRITE, "ticket", "T-2").status())
                .as("people agreed to it without one")
                .isEqualTo(400);
        assertThat(gate.approval(pending())).isInstanceOf(Approval.Pending.class);
        assertThat(gate.entries("token.minted")).hasSize(1);
    }

    /// The older one ends first, and is for no ticket.
    @Test
    void of_two_that_are_open_the_one_for_the_ticket_gives() {
        agreed();
        assertThat(gate.ask("refund-bot", "scope", WRITE, "ticket", "T-2").status())
                .isEqualTo(400);
        assertThat(gate.says("ana", Word.APPROVE, pending())).isInstanceOf(Ballot.Result.Counted.class);
        assertThat(gate.ask("refund-bot", "scope", WRITE, "ticket", "T-2").status())
                .isEqualTo(200);
        later();

        assertThat(gate.ask("refund-bot", "scope", WRITE, "ticket", "T-2").status())
                .isEqualTo(200);
        assertThat(asks().status()).isEqualTo(200);
        assertThat(gate.entries("request.made")).hasSize(2);
        assertThat(gate.entries("token.minted")).hasSize(4);
    }

    @Test
    void a_freeze_stops_it_and_when_that_is_lifted_it_goes_on() {
        agreed();
        var cy = gate.bearer("cy", "admin");
        var what = "\"kind\":\"client\",\"target\":\"refund-bot\"";
        assertThat(gate.tell(cy, "/freezes", "{" + what + ",\"reason\":\"look\"}")
                        .status())
                .isEqualTo(200);
        assertThat(asks().error()).isEqualTo("invalid_grant");
        assertThat(gate.entries("token.minted")).hasSize(1);
        gate.tell(cy, "/freezes/lift", "{" + what + "}");
        claims(asks());
    }

    @Test
    void what_policy_denies_by_now_or_puts_before_more_people_it_does_not_cover() {
        agreed();
        gate.configure("policies.yaml", POLICIES.replace("votes: 1", "votes: 2"));
        peopleAreAsked();
        assertThat(gate.entries("token.minted")).hasSize(1);
        gate.says("ana", Word.DENY, pending());
        gate.configure("policies.yaml", POLICIES.replace("within: 15m", "within: 16m"));
        assertThat(asks().status()).as("people have just said no").isEqualTo(400);
        assertThat(gate.entries("token.minted")).hasSize(1);
        gate.clock.advance(Duration.ofMinutes(11));
        claims(asks());

        gate.configure("more.yaml", """
                policies:
                  - { rule: never, when: 'risk >= HIGH', deny: "not today" }
                """);
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(asks().error()).isEqualTo("invalid_grant");
    }

    @Test
    void who_lowers_the_number_lowers_it_for_what_was_agreed_to() {
        agreed();
        gate.configure("policies.yaml", POLICIES.replace("uses: 3", "uses: 2"));
        claims(asks());
        peopleAreAsked();
    }

    @Test
    void the_api_tells_how_many_it_gives_and_gave() {
        var id = agreed();
        asks();

        var seen =
                gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id).body();

        assertThat(seen.path("uses").asInt(0)).isEqualTo(3);
        assertThat(seen.path("used").asInt(0)).isEqualTo(2);
    }

    @Test
    void a_vote_over_the_api_may_lower_the_number_and_not_to_nothing() {
        assertThat(asks().status()).isEqualTo(400);
        var ana = gate.bearer("ana", "requests:read", "requests:review");
        var votes = "/requests/" + pending() + "/votes";

        assertThat(gate.tell(ana, votes, "{\"vote\":\"approve\",\"uses\":0}").status())
                .isEqualTo(422);
        assertThat(gate.tell(ana, votes, "{\"vote\":\"approve\",\"uses\":9}").status())
                .isEqualTo(422);
        assertThat(gate.tell(ana, votes, "{\"vote\":\"approve\",\"uses\":1}")
                        .body()
                        .path("granted")
                        .path("uses")
                        .asInt(0))
                .isEqualTo(1);
        claims(asks());
        later();
        peopleAreAsked();
    }

    private void assertBroken(Invariant invariant) {
        var broken = gate.broken();
        assertThat(broken).extracting(Result.Broken::invariant).as("%s", broken).containsExactly(invariant);
    }

    @Test
    void a_doctor_finds_that_more_was_given_than_agreed_to() {
        var id = agreed();
        claims(asks());
        TestStores.plant(gate.store(), "UPDATE approval_uses SET uses = 4 WHERE approval_id = ?", id);
        assertBroken(Invariant.USES);
    }

    @Test
    void a_doctor_finds_a_token_that_nobody_counted() {
        var id = agreed();
        claims(asks());
        TestStores.plant(gate.store(), "DELETE FROM approval_use WHERE approval_id = ?", id);
        assertBroken(Invariant.USES);
    }

    @Test
    void a_doctor_finds_that_what_was_taken_back_may_give_more() {
        var id = agreed();
        claims(asks());
        gate.tell(gate.bearer("ana", "requests:review"), "/requests/" + id + "/revoke", "{\"reason\":\"no\"}");
        TestStores.plant(gate.store(), "UPDATE approval_uses SET ended_at = NULL WHERE approval_id = ?", id);
        assertBroken(Invariant.END);
    }

    @Test
    void a_doctor_finds_that_a_token_of_what_was_taken_back_lives() {
        var id = agreed();
        claims(asks());
        gate.tell(gate.bearer("ana", "requests:review"), "/requests/" + id + "/revoke", "{\"reason\":\"no\"}");
        TestStores.plant(
                gate.store(),
                "DELETE FROM revocation WHERE token_id IN (SELECT token_id FROM approval_use WHERE approval_id = ?)",
                id);
        assertBroken(Invariant.END);
    }
}
