package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deferred Token Response, draft-ietf-oauth-deferred-token-response, by its sections.
class DeferredTest extends OverTheWire {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:deferred";

    @Test
    void only_who_asks_for_it_gets_a_deferred_answer() {
        for (var mode : List.of("deferred", "fancy deferred", "deferred deferred")) {
            var answer = gate.ask("refund-bot", "scope", WRITE, "completion_mode", mode);
            assertThat(answer.error()).as(mode).isEqualTo("authorization_pending");
            assertThat(answer.text("deferral_code")).hasSizeGreaterThanOrEqualTo(43);
        }
        for (var mode : List.of("fancy", "", "Deferred")) {
            var answer = gate.ask("refund-bot", "scope", WRITE, "completion_mode", mode);
            assertThat(answer.error()).as(mode).isEqualTo("access_denied");
            assertThat(answer.body().has("deferral_code")).isFalse();
        }
    }

    @Test
    void what_policy_approves_is_not_deferred() {
        assertThat(gate.defer("refund-bot", "scope", READ).status()).isEqualTo(200);
    }

    @Test
    void each_that_joins_gets_a_code_of_its_own_and_one_token_ends_them_all() {
        var first = gate.defer("refund-bot", "scope", WRITE);
        var second = gate.defer("refund-bot", "scope", WRITE);
        assertThat(second.reference()).isEqualTo(first.reference());
        assertThat(second.text("deferral_code")).isNotEqualTo(first.text("deferral_code"));
        gate.says("ana", Word.APPROVE, first.reference());

        assertThat(poll(first).status()).isEqualTo(200);
        assertThat(poll(second).error()).isEqualTo("invalid_grant");
    }

    @Test
    void an_answer_to_a_poll_repeats_neither_code_nor_interval() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        assertThat(poll(held).body().propertyNames()).containsExactlyInAnyOrder("error", "error_description");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "completion_mode",
                "scope",
                "resource",
                "audience",
                "authorization_details",
                "requested_lifetime",
                "reason",
                "ticket"
            })
    void a_poll_takes_nothing_that_could_change_what_was_asked(String name) {
        var held = gate.defer("refund-bot", "scope", WRITE);
        var answer = gate.post(
                "/token", "refund-bot", "grant_type", GRANT, "deferral_code", held.text("deferral_code"), name, "60");
        assertThat(answer.error()).isEqualTo("invalid_request");
    }

    @Test
    void polling_too_fast_slows_down_more_each_time_and_is_refused_in_the_end() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        assertThat(poll(held).error()).isEqualTo("authorization_pending");
        assertThat(poll(held).error()).isEqualTo("slow_down"); // 10 s from here
        gate.clock.advance(Duration.ofSeconds(5));
        assertThat(poll(held).error()).isEqualTo("slow_down"); // 15 s
        gate.clock.advance(Duration.ofSeconds(15));
        assertThat(poll(held).error()).isEqualTo("authorization_pending");
        gate.clock.advance(Duration.ofSeconds(13));
        assertThat(poll(held).error()).isEqualTo("slow_down");

        var errors = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            errors.add(poll(held).error());
        }
        assertThat(errors).startsWith("slow_down").endsWith("invalid_request");
    }

    @Test
    void who_polls_too_fast_gets_the_token_all_the_same() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        for (int i = 0; i < 8; i++) {
            poll(held);
        }
        gate.says("ana", Word.APPROVE, held.reference());
        assertThat(poll(held).status()).isEqualTo(200);
    }

    @Test
    void the_code_lives_until_the_last_moment_to_collect() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.clock.advance(Duration.ofMinutes(15).minusSeconds(1));
        gate.says("ana", Word.APPROVE, held.reference());
        gate.clock.advance(Duration.ofMinutes(10).minusSeconds(1));

        var token = poll(held);
        assertThat(token.status()).isEqualTo(200);
        assertThat(token.body().path("expires_in").asInt(0)).isEqualTo(60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "urn:ietf:params:oauth:token-type:deferral-code", "access_token", "nonsense"})
    void the_client_cancels_whatever_it_hints(String hint) {
        var held = gate.defer("refund-bot", "scope", WRITE);
        var answer = gate.post("/revoke", "refund-bot", "token", held.text("deferral_code"), "token_type_hint", hint);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(poll(held).error()).isEqualTo("access_denied");
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Cancelled.class);
    }

    @Test
    void cancelling_what_was_approved_but_not_delivered_issues_nothing() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, held.reference());
        gate.post("/revoke", "refund-bot", "token", held.text("deferral_code"));

        assertThat(poll(held).error()).isEqualTo("access_denied");
        assertThat(gate.codes()).endsWith("request.ended").doesNotContain("token.minted");
    }

    @Test
    void a_code_of_another_client_and_one_that_was_redeemed_change_nothing_when_revoked() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        assertThat(gate.post("/revoke", "other-bot", "token", held.text("deferral_code"))
                        .status())
                .isEqualTo(200);
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Pending.class);

        gate.says("ana", Word.APPROVE, held.reference());
        var token = poll(held).text("access_token");
        assertThat(gate.post("/revoke", "refund-bot", "token", held.text("deferral_code"))
                        .status())
                .isEqualTo(200);
        assertThat(gate.post("/introspect", "refund-bot", "token", token)
                        .body()
                        .path("active")
                        .asBoolean(false))
                .isTrue();
    }

    @Test
    void a_code_is_bound_to_the_key_it_was_asked_with() {
        var key = new TestKey();
        var thief = new TestKey();
        var held = gate.post(
                "/token",
                "refund-bot",
                key.proof(gate, "/token"),
                "grant_type",
                "client_credentials",
                "scope",
                WRITE,
                "completion_mode",
                "deferred");
        gate.says("ana", Word.APPROVE, held.reference());

        for (var proof : List.of(Map.<String, String>of(), thief.proof(gate, "/token"))) {
            assertThat(poll(proof, held).error()).isEqualTo("invalid_dpop_proof");
        }
        for (var proof : List.of(Map.<String, String>of(), thief.proof(gate, "/revoke"))) {
            assertThat(gate.post("/revoke", "refund-bot", proof, "token", held.text("deferral_code"))
                            .error())
                    .isEqualTo("invalid_dpop_proof");
        }
        var token = poll(key.proof(gate, "/token"), held);
        assertThat(token.text("token_type")).isEqualTo("DPoP");
        assertThat(token.claims().get("cnf")).isEqualTo(Map.of("jkt", key.thumbprint()));
    }

    @Test
    void another_key_does_not_join_and_gets_no_lost_answer() {
        var key = new TestKey();
        var first = keyed(key).reference();
        assertThat(keyed(new TestKey()).reference()).isNotEqualTo(first);
        assertThat(gate.ask("refund-bot", "scope", WRITE).reference()).isNotEqualTo(first);

        gate.says("ana", Word.APPROVE, first);
        assertThat(keyed(key).status()).isEqualTo(200);
        assertThat(keyed(key).status()).isEqualTo(200);
        assertThat(keyed(new TestKey()).error()).isEqualTo("access_denied");
        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("access_denied");
        assertThat(gate.entries("token.minted")).hasSize(1);
    }

    @Test
    void another_secret_of_the_same_client_does_not_ride_on_an_approval() {
        var second = "sha256:" + TestGate.sha256("rotated");
        gate.change(
                "secrets: [ { hash: \"sha256:" + TestGate.sha256("refund-bot") + "\" } ]",
                "secrets: [ { hash: \"sha256:" + TestGate.sha256("refund-bot") + "\" }, { hash: \"" + second
                        + "\" } ]");
        var first = gate.ask("refund-bot", "scope", WRITE).reference();

        var other = rotated();
        assertThat(other.reference()).isNotEqualTo(first);
        assertThat(gate.approval(other.reference()).question().findings().toString())
                .contains("elsewhere");
        gate.says("ana", Word.APPROVE, first);
        assertThat(findings(other.reference())).contains("elsewhere");
        assertThat(rotated().error()).isEqualTo("access_denied");
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
    }

    @Test
    void who_reads_the_first_of_two_is_told_of_the_second_while_both_are_open() {
        var key = new TestKey();
        var first = keyed(key).reference();
        assertThat(findings(first)).doesNotContain("elsewhere");

        var second = keyed(new TestKey()).reference();
        assertThat(findings(first)).contains("\"tone\":\"alarming\"").contains("the same is pending from elsewhere");
        assertThat(findings(second)).containsOnlyOnce("the same is pending from elsewhere");
        assertThat(gate.get(gate.bearer("ana", "requests:read"), "/requests?state=pending&client=refund-bot")
                        .raw()
                        .body()
                        .split("from elsewhere"))
                .hasSize(3);

        gate.says("ana", Word.DENY, second);
        assertThat(findings(first)).doesNotContain("elsewhere");
        assertThat(findings(second)).contains("elsewhere");
    }

    @Test
    void the_same_client_asking_for_another_lifetime_is_not_elsewhere() {
        var first = gate.ask("refund-bot", "scope", WRITE).reference();
        var second = gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "9")
                .reference();
        assertThat(second).isNotEqualTo(first);
        assertThat(findings(first)).doesNotContain("elsewhere");
        assertThat(findings(second)).doesNotContain("elsewhere");
    }

    private String findings(String id) {
        return gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id)
                .body()
                .path("findings")
                .toString();
    }

    private TestGate.Answer rotated() {
        var form = "grant_type=client_credentials&scope=refunds%3Awrite";
        var credentials = "refund-bot:" + TestGate.secret("rotated");
        return gate.send(gate.request("/token")
                .header(
                        "Authorization",
                        "Basic "
                                + java.util.Base64.getEncoder()
                                        .encodeToString(credentials.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(form))
                .build());
    }

    @Test
    void a_code_is_dead_once_redeemed_even_when_the_approval_is_revoked() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, held.reference());
        assertThat(poll(held).status()).isEqualTo(200);
        assertThat(gate.parts().panel.revoke(held.reference(), new Entry.Actor("person", "ana"), "mistake"))
                .isTrue();

        assertThat(poll(held).error()).isEqualTo("invalid_grant");
    }

    @Test
    void a_poll_may_wait_and_is_answered_when_the_last_vote_falls() throws Exception {
        var held = gate.defer("refund-bot", "scope", WRITE);
        try (var pool = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            var poll = pool.submit(() -> poll(Map.of("Prefer", "wait=25"), held));
            gate.untilHeld(1);
            gate.says("ana", Word.APPROVE, held.reference());
            assertThat(poll.get().status()).isEqualTo(200);
        }
    }

    @Test
    void polls_are_authenticated_and_an_assertion_is_good_for_one() {
        var key = new TestKey();
        gate.configure("more.yaml", TokenWireTest.clients(key));
        var held =
                asserted(key, "one", "grant_type", "client_credentials", "scope", WRITE, "completion_mode", "deferred");
        gate.says("ana", Word.APPROVE, held.reference());
        String[] poll = {"grant_type", GRANT, "deferral_code", held.text("deferral_code")};

        assertThat(asserted(key, "one", poll).error()).isEqualTo("invalid_client");
        assertThat(asserted(key, "two", poll).status()).isEqualTo(200);
    }

    private TestGate.Answer asserted(TestKey key, String id, String... fields) {
        var all = Stream.concat(
                        Arrays.stream(fields),
                        Stream.of(
                                "client_assertion_type",
                                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                                "client_assertion",
                                key.assertion("jwt-bot", id, gate.clock.instant())))
                .toArray(String[]::new);
        return gate.post("/token", "", all);
    }

    private TestGate.Answer keyed(TestKey key) {
        return gate.post(
                "/token", "refund-bot", key.proof(gate, "/token"), "grant_type", "client_credentials", "scope", WRITE);
    }

    private TestGate.Answer poll(TestGate.Answer held) {
        return poll(Map.of(), held);
    }

    private TestGate.Answer poll(Map<String, String> headers, TestGate.Answer held) {
        return gate.post(
                "/token", "refund-bot", headers, "grant_type", GRANT, "deferral_code", held.text("deferral_code"));
    }
}
