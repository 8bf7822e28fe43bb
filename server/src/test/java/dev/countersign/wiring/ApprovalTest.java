package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Allowance;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.Ballot;
import dev.countersign.approval.Desk;
import dev.countersign.approval.Vote.Word;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.Scopes;
import dev.countersign.people.PersonId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of an approval's life, over the wire.
class ApprovalTest {
    private static final String POLICIES = """
            policies:
              - rule: reads
                when: risk == LOW
                approve: { lifetime: 60s }
              - rule: money-moves
                when: '"refunds:write" in scopes || "refund" in details_types'
                review:
                  stages: [ { group: payments-oncall, votes: 1 } ]
                  within: 15m
                  lifetime: 2m
              - rule: big-money
                when: '"refunds:write" in scopes && "refunds:read" in scopes'
                review:
                  stages: [ { group: payments-oncall, votes: 1 }, { group: security, votes: 1 } ]
                  within: 15m
                  lifetime: 2m
            """;

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

    @Test
    void what_policy_approves_is_answered_at_once_and_is_one_entry() {
        var answer = gate.ask("refund-bot", "scope", "refunds:read");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("scope")).isEqualTo("refunds:read");
        assertThat(answer.body().path("expires_in").asInt(0)).isEqualTo(60);
        assertThat(gate.codes()).containsExactly("token.minted");
    }

    @Test
    void what_no_rule_speaks_of_is_denied() {
        gate.write("policies.yaml", "policies: [ { rule: never, when: risk == CRITICAL, approve: { } } ]");
        gate.restart();

        assertThat(gate.ask("refund-bot", "scope", "refunds:read").error()).isEqualTo("invalid_grant");
        assertThat(gate.codes()).containsExactly("request.refused");
    }

    @Test
    void a_request_that_needs_two_groups_is_granted_after_both_and_once() {
        var held = gate.defer("refund-bot", "scope", "refunds:read refunds:write", "requested_lifetime", "600");
        assertThat(held.error()).isEqualTo("authorization_pending");
        assertThat(held.body().path("interval").isIntegralNumber()).isTrue();
        assertThat(held.body().path("expires_in").asInt(0)).isEqualTo(15 * 60 + 10 * 60);
        var code = held.text("deferral_code");

        assertThat(gate.says("bo", Word.APPROVE, held.reference())).isInstanceOf(Ballot.Result.Counted.class);
        assertThat(gate.poll("refund-bot", code).error()).isEqualTo("authorization_pending");

        gate.says("cy", Word.APPROVE, held.reference());
        var token = gate.poll("refund-bot", code);
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body().path("expires_in").asInt(0)).isEqualTo(120);
        var again = gate.poll("refund-bot", code);
        assertThat(again.error()).isEqualTo("invalid_grant");
        assertThat(again.text("error_description")).contains("already redeemed");

        assertThat(gate.codes())
                .containsExactly(
                        "request.made",
                        "request.judged",
                        "request.voted",
                        "request.voted",
                        "request.decided",
                        "token.minted");
    }

    @Test
    void one_person_in_two_groups_fills_one_place() {
        var id = gate.defer("refund-bot", "scope", "refunds:read refunds:write").reference();

        gate.says("ana", Word.APPROVE, id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        gate.says("cy", Word.APPROVE, id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void one_no_is_enough() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("ana", Word.DENY, held.reference());

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.says("bo", Word.APPROVE, held.reference())).isInstanceOf(Ballot.Result.NotPending.class);
    }

    @Test
    void nobody_votes_twice() {
        var id = gate.defer("refund-bot", "scope", "refunds:read refunds:write").reference();
        gate.says("bo", Word.APPROVE, id);

        assertThat(gate.says("bo", Word.APPROVE, id)).isInstanceOf(Ballot.Result.AlreadyVoted.class);
        assertThat(gate.says("bo", Word.DENY, id)).isInstanceOf(Ballot.Result.AlreadyVoted.class);
    }

    @Test
    void who_owns_the_client_may_not_vote_even_as_a_reviewer() {
        var id = gate.defer("refund-bot", "scope", "refunds:write").reference();

        assertThat(gate.says("dev", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        assertThat(gate.codes()).endsWith("request.vote_refused", "request.vote_refused");
    }

    @Test
    void who_joined_the_group_after_the_request_may_not_vote() {
        var id = gate.defer("refund-bot", "scope", "refunds:write").reference();
        gate.clock.advance(Duration.ofSeconds(1));
        regroup("payments-oncall: { members: [ana, bo, dev] }", "payments-oncall: { members: [ana, bo, dev, cy] }");

        assertThat(gate.says("cy", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void a_vote_of_somebody_who_has_left_does_not_count_at_the_decision() {
        var id = gate.defer("refund-bot", "scope", "refunds:read refunds:write").reference();
        gate.says("bo", Word.APPROVE, id);
        gate.clock.advance(Duration.ofSeconds(1));
        regroup("payments-oncall: { members: [ana, bo, dev] }", "payments-oncall: { members: [ana, dev] }");

        gate.says("cy", Word.APPROVE, id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Pending.class);
        gate.says("ana", Word.APPROVE, id);
        assertThat(gate.approval(id)).isInstanceOf(Approval.Approved.class);
    }

    @Test
    void leaving_the_owning_group_does_not_make_a_reviewer() {
        var id = gate.defer("refund-bot", "scope", "refunds:write").reference();
        gate.clock.advance(Duration.ofSeconds(1));
        regroup("payments-dev: { members: [dev] }", "payments-dev: { members: [cy] }");

        assertThat(gate.says("dev", Word.APPROVE, id)).isInstanceOf(Ballot.Result.NotEligible.class);
    }

    @Test
    void a_vote_that_widens_is_refused_and_one_that_narrows_is_what_is_granted() {
        var held = gate.defer(
                "refund-bot",
                "scope",
                "refunds:write",
                "authorization_details",
                "[{\"type\":\"refund\",\"amount\":500,\"currency\":\"EUR\"}]");
        var id = held.reference();
        var asked = gate.approval(id).question().ask();
        var more = details("[{\"amount\":501,\"currency\":\"EUR\",\"type\":\"refund\"}]");
        var less = details("[{\"amount\":200,\"currency\":\"EUR\",\"type\":\"refund\"}]");

        for (var wider : List.of(
                new Allowance(Scopes.parse("refunds:read refunds:write"), asked.details(), asked.lifetime()),
                new Allowance(asked.scopes(), more, asked.lifetime()),
                new Allowance(asked.scopes(), asked.details(), asked.lifetime().plusSeconds(1)),
                new Allowance(Scopes.NONE, AuthorizationDetails.NONE, asked.lifetime()))) {
            assertThat(gate.says("ana", Word.APPROVE, id, Optional.of(wider))).isInstanceOf(Ballot.Result.Wider.class);
        }
        gate.says("ana", Word.APPROVE, id, Optional.of(new Allowance(Scopes.NONE, less, Duration.ofSeconds(30))));

        var token = gate.poll("refund-bot", held.text("deferral_code"));
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body().has("scope")).isFalse();
        assertThat(token.body()
                        .path("authorization_details")
                        .path(0)
                        .path("amount")
                        .asInt(0))
                .isEqualTo(200);
        assertThat(token.body().path("expires_in").asInt(0)).isEqualTo(30);
    }

    @Test
    void what_nobody_decides_in_time_is_expired() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.clock.advance(Duration.ofMinutes(15));

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("expired_token");
        assertThat(gate.says("ana", Word.APPROVE, held.reference())).isInstanceOf(Ballot.Result.NotPending.class);
        assertThat(gate.codes()).endsWith("request.decided");
    }

    @Test
    void what_nobody_collects_in_time_is_expired() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("ana", Word.APPROVE, held.reference());
        gate.clock.advance(Duration.ofMinutes(10));

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("expired_token");
    }

    @Test
    void twenty_retries_are_one_request() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            var answer = gate.ask("refund-bot", "scope", "refunds:write", "reason", "try " + i);
            assertThat(answer.error()).isEqualTo("access_denied");
            ids.add(answer.reference());
        }
        assertThat(ids).containsOnly(ids.getFirst());
        assertThat(gate.codes()).containsExactly("request.made", "request.judged");
    }

    @Test
    void another_lifetime_or_scope_is_another_request() {
        var first = gate.ask("refund-bot", "scope", "refunds:write").reference();
        var other = gate.ask("refund-bot", "scope", "refunds:write", "requested_lifetime", "30")
                .reference();
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void a_search_looks_through_what_is_asked_and_why() {
        var id = gate.ask("refund-bot", "scope", "refunds:write", "reason", "Order 100% late")
                .reference();

        assertThat(found("order 100%")).containsExactly(id);
        assertThat(found("refund-bot")).containsExactly(id);
        assertThat(found("order_100")).isEmpty();
        assertThat(found("decideBy")).isEmpty();
    }

    @Test
    void the_past_is_looked_through_in_parts_that_leave_nothing_out() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            ids.add(gate.ask("refund-bot", "scope", "refunds:write", "requested_lifetime", Integer.toString(60 - i))
                    .reference());
            gate.says("ana", Word.DENY, ids.getLast());
            gate.clock.advance(Duration.ofMinutes(11));
        }
        var ana = gate.parts()
                .installation
                .people
                .find("local", "ana")
                .orElseThrow()
                .id();
        var any = Approvals.Besides.NOTHING;
        assertThat(searched("", any)).containsExactlyElementsOf(ids.reversed());
        assertThat(searched("refund-bot", any)).containsExactlyElementsOf(ids.reversed());
        assertThat(searched("nothing", any)).isEmpty();
        assertThat(searched("", new Approvals.Besides("", "", ana.value(), ids.get(2))))
                .containsExactly(ids.get(4), ids.get(3), ids.get(2));
        assertThat(searched("", new Approvals.Besides("", "", "nobody", ""))).isEmpty();
        assertThat(searched("", new Approvals.Besides("https://gone.example.com", "", "", "")))
                .isEmpty();
        assertThat(searched("", new Approvals.Besides("", "no-such-rule", "", "")))
                .isEmpty();

        var resource = gate.approval(ids.getFirst()).question().request().resource();
        var rule = gate.approval(ids.getFirst()).question().verdict().rule();
        assertThat(searched("", new Approvals.Besides(resource, rule, ana.value(), "")))
                .containsExactlyElementsOf(ids.reversed());
        var counts = gate.parts()
                .installation
                .store
                .<Map<String, Integer>>read(tx -> gate.parts().approvals.countByState(tx, resource, ids.get(1), 3));
        assertThat(counts).isEqualTo(Map.of("denied", 3));
    }

    /// All that is found, by looks that each go through two rows of a state and show one.
    private List<String> searched(String text, Approvals.Besides besides) {
        var parts = gate.parts();
        var desk = new Desk(parts.installation.store, parts.approvals, parts.panel);
        var filter = new Approvals.Filter(List.of("denied", "redeemed"), "", Optional.empty(), text, "", besides);
        var person = new PersonId("whoever looks");
        var all = new ArrayList<String>();
        var found = desk.search(filter, person, 1, 2);
        while (true) {
            found.seen().forEach(it -> all.add(it.approval().id()));
            if (found.after().isEmpty()) {
                return all;
            }
            found = desk.search(filter.after(found.after()), person, 1, 2);
        }
    }

    private List<String> found(String text) {
        var filter = new Approvals.Filter(List.of(), "", Optional.empty(), text, "");
        var parts = gate.parts();
        var rows = parts.installation.store.read(tx -> parts.approvals.list(tx, filter, 10));
        return rows.stream().map(it -> it.approval().id()).toList();
    }

    @Test
    void the_same_request_is_refused_for_a_while_after_a_denial() {
        var id = gate.ask("refund-bot", "scope", "refunds:write").reference();
        gate.says("ana", Word.DENY, id);

        assertThat(gate.ask("refund-bot", "scope", "refunds:write").error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofMinutes(10).plusSeconds(1));
        assertThat(gate.ask("refund-bot", "scope", "refunds:write").error()).isEqualTo("access_denied");
    }

    @Test
    void another_lifetime_does_not_get_round_a_denial() {
        var id = gate.ask("refund-bot", "scope", "refunds:write").reference();
        gate.says("ana", Word.DENY, id);

        assertThat(gate.ask("refund-bot", "scope", "refunds:write", "requested_lifetime", "59")
                        .error())
                .isEqualTo("invalid_grant");
    }

    @Test
    void a_denial_stands_for_a_while_against_a_policy_that_would_approve() {
        var id = gate.ask("refund-bot", "scope", "refunds:write").reference();
        gate.says("ana", Word.DENY, id);
        gate.write("policies.yaml", "policies: [ { rule: open, when: 'findings.size() >= 0', approve: { } } ]");
        gate.server().reload(gate.folder);

        assertThat(gate.ask("refund-bot", "scope", "refunds:write").error()).isEqualTo("invalid_grant");
        gate.clock.advance(Duration.ofMinutes(10).plusSeconds(1));
        assertThat(gate.ask("refund-bot", "scope", "refunds:write").status()).isEqualTo(200);
    }

    @Test
    void a_client_cannot_pile_up_codes_for_one_request() {
        var first = gate.defer("refund-bot", "scope", "refunds:write").text("deferral_code");
        for (int i = 0; i < 20; i++) {
            gate.defer("refund-bot", "scope", "refunds:write");
        }
        assertThat(gate.poll("refund-bot", first).error()).isEqualTo("invalid_grant");
    }

    @Test
    void a_client_that_must_prove_a_key_by_now_collects_nothing_without() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("ana", Word.APPROVE, held.reference());
        regroup("name: Refund bot", "name: Refund bot\n    dpop: required");

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Revoked.class);
    }

    @Test
    void a_retry_after_approval_gets_the_token_and_a_lost_reply_gets_it_again() {
        var id = gate.ask("refund-bot", "scope", "refunds:write").reference();
        gate.says("ana", Word.APPROVE, id);

        var token = gate.ask("refund-bot", "scope", "refunds:write");
        gate.clock.advance(Duration.ofSeconds(30));
        var same = gate.ask("refund-bot", "scope", "refunds:write");
        assertThat(jti(same)).isEqualTo(jti(token));
        assertThat(same.text("access_token")).isNotEqualTo(token.text("access_token"));

        gate.clock.advance(Duration.ofSeconds(31));
        assertThat(gate.ask("refund-bot", "scope", "refunds:write").error()).isEqualTo("access_denied");
        assertThat(gate.codes().stream().filter("token.minted"::equals)).hasSize(1);
    }

    @Test
    void of_many_that_collect_at_once_one_gets_the_token() throws Exception {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("ana", Word.APPROVE, held.reference());

        var answers = atOnce(64, () -> gate.poll("refund-bot", held.text("deferral_code")));
        assertThat(answers.stream().filter(it -> it.status() == 200)).hasSize(1);
        assertThat(answers.stream().filter(it -> it.error().equals("invalid_grant")))
                .hasSize(63);
        assertThat(gate.codes().stream().filter("token.minted"::equals)).hasSize(1);
    }

    @Test
    void of_many_that_vote_at_once_each_counts_once() throws Exception {
        var id = gate.defer("refund-bot", "scope", "refunds:write").reference();
        var results = atOnce(32, () -> gate.says("ana", Word.APPROVE, id));

        assertThat(results.stream().filter(Ballot.Result.Counted.class::isInstance))
                .hasSize(1);
        assertThat(gate.codes().stream().filter("request.voted"::equals)).hasSize(1);
    }

    @Test
    void approving_and_denying_at_once_decides_once() throws Exception {
        var id = gate.defer("refund-bot", "scope", "refunds:write").reference();
        var turn = new java.util.concurrent.atomic.AtomicInteger();
        atOnce(
                2,
                () -> turn.getAndIncrement() == 0
                        ? gate.says("ana", Word.APPROVE, id)
                        : gate.says("bo", Word.DENY, id));

        assertThat(gate.codes().stream().filter("request.decided"::equals)).hasSize(1);
    }

    @Test
    void cancelling_and_approving_at_once_never_leaves_a_token() throws Exception {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        var code = held.text("deferral_code");
        var turn = new java.util.concurrent.atomic.AtomicInteger();
        atOnce(
                2,
                () -> turn.getAndIncrement() == 0
                        ? gate.says("ana", Word.APPROVE, held.reference())
                        : gate.post("/revoke", "refund-bot", "token", code));

        assertThat(gate.poll("refund-bot", code).error()).isEqualTo("access_denied");
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Cancelled.class);
    }

    @Test
    void a_request_nobody_could_decide_is_refused_at_once() {
        regroup("payments-oncall: { members: [ana, bo, dev] }", "payments-oncall: { members: [dev] }");

        var answer = gate.ask("refund-bot", "scope", "refunds:write");
        assertThat(answer.error()).isEqualTo("invalid_grant");
        assertThat(gate.codes()).containsExactly("request.refused");
    }

    @Test
    void policy_is_asked_again_at_redemption_and_a_denial_counts() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("ana", Word.APPROVE, held.reference());
        gate.write(
                "policies.yaml",
                POLICIES + "  - { rule: closed, when: '\"refunds:write\" in scopes', deny: \"closed for today\" }\n");
        gate.server().reload(gate.folder);

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Revoked.class);
        assertThat(gate.codes()).doesNotContain("token.minted");
    }

    @Test
    void a_smaller_cap_at_redemption_counts_and_new_stages_do_not() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.says("ana", Word.APPROVE, held.reference());
        gate.write("policies.yaml", POLICIES + """
                  - rule: tighter
                    when: '"refunds:write" in scopes'
                    review: { stages: [ { group: security, votes: 2 } ], within: 15m, lifetime: 20s }
                """);
        gate.server().reload(gate.folder);

        var token = gate.poll("refund-bot", held.text("deferral_code"));
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body().path("expires_in").asInt(0)).isEqualTo(20);
    }

    @Test
    void a_client_has_so_many_pending_requests_and_no_more() {
        for (int i = 1; i <= 20; i++) {
            assertThat(gate.ask("refund-bot", "scope", "refunds:write", "requested_lifetime", "" + i)
                            .error())
                    .isEqualTo("access_denied");
        }
        assertThat(gate.ask("refund-bot", "scope", "refunds:write", "requested_lifetime", "21")
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(gate.ask("other-bot", "scope", "refunds:write").error()).isEqualTo("access_denied");
    }

    @Test
    void everything_stands_after_a_restart() {
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        gate.restart();
        gate.says("ana", Word.APPROVE, held.reference());
        gate.restart();

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        gate.restart();
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("invalid_grant");
    }

    @Test
    void a_server_that_stops_answers_those_it_holds() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var held = pool.submit(() -> gate.post(
                    "/token",
                    "refund-bot",
                    Map.of("Prefer", "wait=300"),
                    "grant_type",
                    "client_credentials",
                    "scope",
                    "refunds:write"));
            gate.untilHeld(1);
            gate.restart();
            assertThat(held.get().error()).isEqualTo("access_denied");
        }
    }

    @Test
    void a_code_of_another_client_and_an_unknown_one_are_the_same_to_the_byte() {
        var code = gate.defer("refund-bot", "scope", "refunds:write").text("deferral_code");

        var foreign = gate.poll("other-bot", code).raw();
        var unknown = gate.poll("other-bot", "A".repeat(code.length())).raw();
        assertThat(foreign.body()).isEqualTo(unknown.body());
        assertThat(foreign.statusCode()).isEqualTo(unknown.statusCode());
    }

    private void regroup(String was, String now) {
        try {
            var file = gate.folder.resolve("countersign.yaml");
            gate.write("countersign.yaml", java.nio.file.Files.readString(file).replace(was, now));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        gate.server().reload(gate.folder);
    }

    private static AuthorizationDetails details(String canonical) {
        return new AuthorizationDetails(canonical);
    }

    private static String jti(TestGate.Answer token) {
        assertThat(token.status()).as(token.raw().body()).isEqualTo(200);
        return String.valueOf(token.claims().get("jti"));
    }

    private static <T> List<T> atOnce(int threads, Callable<T> what) throws InterruptedException, ExecutionException {
        var barrier = new CyclicBarrier(threads);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<java.util.concurrent.Future<T>>();
            for (int i = 0; i < threads; i++) {
                futures.add(pool.submit(() -> {
                    barrier.await();
                    return what.call();
                }));
            }
            var all = new ArrayList<T>();
            for (var future : futures) {
                all.add(future.get());
            }
            return all;
        }
    }
}
