package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every error of the token endpoint that comes at once: its name, its status, and that nobody keeps it.
@OneStore
class RefusalWireTest extends OverTheWire {
    @Test
    void what_is_beyond_the_registration_is_refused_and_troubles_nobody() {
        refused("invalid_scope", "scope", "refunds:delete");
        refused("invalid_scope", "scope", READ + " payments:write");
        refused("invalid_scope", "scope", READ + "  " + WRITE);
        refused("invalid_scope");
        refused("invalid_target", "scope", READ, "resource", "https://other.example.com");
        refused("invalid_target", "scope", READ, "resource", TestGate.PAYMENTS, "resource", "https://b.example.com");
        assertThat(gate.codes()).isEmpty();
    }

    @Test
    void details_that_break_their_form_are_refused() {
        for (var details : List.of(
                "{",
                "{}",
                "[1]",
                "[{\"type\":\"transfer\"}]",
                "[{\"type\":\"refund\",\"amount\":1}]",
                "[{\"type\":\"refund\",\"amount\":1,\"currency\":\"EUR\",\"to\":\"me\"}]",
                "[{\"type\":\"refund\",\"amount\":1,\"amount\":2,\"currency\":\"EUR\"}]",
                "[" + "[".repeat(5_000))) {
            refused("invalid_authorization_details", "authorization_details", details);
        }
        var other = gate.ask(
                "other-bot", "authorization_details", "[{\"type\":\"refund\",\"amount\":1,\"currency\":\"EUR\"}]");
        assertThat(other.error()).isEqualTo("invalid_authorization_details");
        assertThat(gate.codes()).isEmpty();
    }

    @Test
    void a_client_without_the_grant_is_refused() {
        assertThat(gate.ask("gateway", "scope", READ).error()).isEqualTo("unauthorized_client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+5", "1.5", "1e3", "abc", " 60", "060", "10000000", "60s"})
    void a_lifetime_is_a_number_of_seconds(String lifetime) {
        refused("invalid_request", "scope", READ, "requested_lifetime", lifetime);
    }

    @Test
    void a_lifetime_beyond_the_cap_is_cut_to_it() {
        var answer = gate.ask("refund-bot", "scope", READ, "requested_lifetime", "9999999");
        assertThat(answer.body().path("expires_in").asInt(0)).isEqualTo(60);
    }

    @Test
    void a_parameter_comes_once() {
        refused("invalid_request", "scope", READ, "scope", READ);
        refused("invalid_request", "scope", READ, "reason", "one", "reason", "two");
        assertThat(gate.ask("refund-bot", "scope", READ, "reason", "").status()).isEqualTo(200);
    }

    @Test
    void a_parameter_in_the_url_is_refused() {
        for (var path : List.of("/token?scope=" + READ, "/introspect?token=x", "/revoke?token=x")) {
            var answer = gate.post(path, "refund-bot", "grant_type", "client_credentials", "token", "x");
            assertThat(answer.error()).as(path).isEqualTo("invalid_request");
            notKept(answer);
        }
    }

    @Test
    void a_grant_must_be_named() {
        assertThat(gate.post("/token", "refund-bot", "scope", READ).error()).isEqualTo("invalid_request");
    }

    @Test
    void a_reason_has_at_most_five_hundred_characters_and_none_that_deceive() {
        assertThat(gate.ask("refund-bot", "scope", READ, "reason", "é".repeat(500))
                        .status())
                .isEqualTo(200);
        refused("invalid_request", "scope", READ, "reason", "x".repeat(501));
        refused("invalid_request", "scope", READ, "reason", "pay \u202Eeb ot\u202C");
        refused("invalid_request", "scope", READ, "reason", "bell \u0007");
        refused("invalid_request", "scope", READ, "reason", "zero \u200B width");
        refused("invalid_request", "scope", READ, "ticket", "x".repeat(101));
    }

    @Test
    void markup_in_a_reason_is_text_and_stays_as_it_is() {
        var reason = "<script>alert(1)</script> \"quoted\" {client.name} **bold**";
        var id = gate.ask("refund-bot", "scope", WRITE, "reason", reason).reference();

        var shown = gate.get(gate.bearer("ana", "requests:read"), "/requests/" + id);
        assertThat(shown.text("reason")).isEqualTo(reason);
        assertThat(shown.raw().headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(shown.raw().headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void a_body_that_is_too_large_or_no_form_is_refused_as_oauth_says_it() {
        var large = gate.ask("refund-bot", "scope", READ, "reason", "x".repeat(1024 * 1024));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.raw().headers().firstValue("Connection")).hasValue("close");
        var json = raw("application/json", "{\"grant_type\":\"client_credentials\"}");
        assertThat(json.status()).isEqualTo(415);
        var none = gate.send(gate.request("/token")
                .header("Authorization", TestGate.basic("refund-bot"))
                .POST(BodyPublishers.noBody())
                .build());
        assertThat(none.status()).isEqualTo(415);
        var broken = raw("application/x-www-form-urlencoded", "scope=%zz");
        assertThat(broken.status()).isEqualTo(400);
        var latin = raw("application/x-www-form-urlencoded", "reason=%e9");
        assertThat(latin.status()).isEqualTo(400);
        Stream.of(large, json, none, broken, latin).forEach(it -> {
            assertThat(it.error()).isEqualTo("invalid_request");
            notKept(it);
        });
    }

    @Test
    void another_method_is_refused_in_the_form_of_the_other_errors() {
        for (var path : List.of("/token", "/introspect", "/revoke")) {
            var answer = gate.send(gate.request(path).GET().build());
            assertThat(answer.status()).as(path).isEqualTo(405);
            assertThat(answer.error()).as(path).isEqualTo("invalid_request");
            assertThat(answer.raw().headers().firstValue("Allow")).hasValue("POST");
            notKept(answer);
        }
    }

    @Test
    void a_client_that_is_not_proved_gets_a_challenge_and_learns_nothing() {
        var wrong = gate.send(gate.request("/token")
                .header("Authorization", "Basic cmVmdW5kLWJvdDp3cm9uZw==")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build());
        var unknown = gate.post("/token", "no-such-bot", "grant_type", "client_credentials");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.error()).isEqualTo("invalid_client");
        assertThat(wrong.raw().headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"countersign\"");
        assertThat(unknown.raw().body()).isEqualTo(wrong.raw().body());
        notKept(wrong);
    }

    @Test
    void a_rule_that_wants_a_reason_is_told_so_before_anybody_is_asked() {
        gate.configure(
                "policies.yaml", REVIEW.replace("lifetime: 2m", "lifetime: 2m\n      require: [reason, ticket]"));

        refused("invalid_request", "scope", WRITE);
        refused("invalid_request", "scope", WRITE, "reason", "  \t ", "ticket", "T-1");
        refused("invalid_request", "scope", WRITE, "reason", "refund the order");
        assertThat(gate.codes()).containsOnly("request.refused").hasSize(3);
        assertThat(gate.entries("request.refused").stream().map(it -> it.text("because")))
                .containsExactly("no-reason", "no-reason", "no-ticket");

        var held = gate.ask("refund-bot", "scope", WRITE, "reason", "refund the order", "ticket", "T-1");
        assertThat(held.error()).isEqualTo("access_denied");
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
    }

    @Test
    void every_answer_of_the_token_endpoint_is_not_to_be_kept() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        notKept(gate.ask("refund-bot", "scope", READ));
        notKept(held);
        notKept(gate.poll("refund-bot", held.text("deferral_code")));
        gate.says("ana", Word.DENY, held.reference());
        notKept(gate.poll("refund-bot", held.text("deferral_code")));
        notKept(gate.ask("refund-bot", "scope", WRITE));
        notKept(gate.post("/introspect", "gateway", "token", "x"));
        notKept(gate.post("/revoke", "refund-bot", "token", "x"));
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Denied.class);
    }

    private TestGate.Answer raw(String type, String body) {
        return gate.send(gate.request("/token")
                .header("Authorization", TestGate.basic("refund-bot"))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private void refused(String error, String... fields) {
        var answer = gate.ask("refund-bot", fields);
        assertThat(answer.error()).as(List.of(fields).toString()).isEqualTo(error);
        assertThat(answer.status()).isEqualTo(400);
        notKept(answer);
    }

    private static void notKept(TestGate.Answer answer) {
        assertThat(answer.raw().headers().firstValue("Cache-Control")).hasValue("no-store");
    }
}
