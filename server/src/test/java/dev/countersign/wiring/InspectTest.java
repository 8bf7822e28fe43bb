package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.countersign.approval.Vote.Word;
import dev.countersign.ledger.Entry;
import dev.countersign.mint.Keys;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What a token is worth at `/introspect`, how it ends at `/revoke`, and what it is signed with.
class InspectTest extends OverTheWire {
    @Test
    void the_resources_introspector_and_the_client_itself_see_a_token_and_nobody_else_does() {
        var token = gate.ask("refund-bot", "scope", READ).text("access_token");

        for (var allowed : new String[] {"gateway", "refund-bot"}) {
            var seen = gate.post("/introspect", allowed, "token", token);
            assertThat(seen.body().path("active").asBoolean(false)).as(allowed).isTrue();
            assertThat(seen.text("client_id")).isEqualTo("refund-bot");
            assertThat(seen.text("scope")).isEqualTo(READ);
            assertThat(seen.text("token_type")).isEqualTo("Bearer");
            assertThat(seen.body().path("approval").path("by").stringValue("")).isEqualTo("policy");
        }
        assertThat(body("other-bot", token))
                .isEqualTo(body("other-bot", "nonsense"))
                .isEqualTo("{\"active\":false}");
    }

    @Test
    void what_is_no_token_of_ours_is_inactive() {
        var held = gate.defer("refund-bot", "scope", WRITE);
        var token = gate.ask("refund-bot", "scope", READ).text("access_token");
        var parts = token.split("\\.", -1);

        for (var other : new String[] {
            held.text("deferral_code"),
            "",
            " ",
            "a.b.c",
            token + "A",
            parts[0] + "." + parts[1] + "." + parts[0],
            "x".repeat(9_000)
        }) {
            var seen = gate.post("/introspect", "gateway", "token", other);
            assertThat(seen.body().path("active").asBoolean(false)).as(other).isFalse();
        }
    }

    @Test
    void a_token_that_was_seen_vouches_for_no_other_text() {
        var token = gate.ask("refund-bot", "scope", READ).text("access_token");
        assertThat(active(token)).isTrue();
        for (int at = 0; at < token.length() - 1; at += 7) {
            char other = token.charAt(at) == 'A' ? 'B' : 'A';
            assertThat(active(token.substring(0, at) + other + token.substring(at + 1)))
                    .as("character %d", at)
                    .isFalse();
        }
        assertThat(active(token)).isTrue();
    }

    @Test
    void a_token_that_was_seen_is_inactive_once_its_key_is_gone() throws Exception {
        var token = gate.ask("refund-bot", "scope", READ).text("access_token");
        assertThat(active(token)).isTrue();
        var key = keyOf(token);
        gate.parts().installation.store.write(tx -> tx.sql().execute("DELETE FROM wrapped_key WHERE id = ?", key));
        gate.parts().keys.refresh();
        assertThat(active(token)).isFalse();
    }

    @Test
    void a_token_is_inactive_from_its_last_second_on() {
        var token = gate.ask("refund-bot", "scope", READ).text("access_token");
        gate.clock.advance(Duration.ofSeconds(59));
        assertThat(active(token)).isTrue();
        gate.clock.advance(Duration.ofSeconds(1));
        assertThat(active(token)).isFalse();
    }

    @Test
    void a_client_ends_its_own_token_and_not_that_of_another() {
        var token = gate.ask("refund-bot", "scope", READ).text("access_token");
        assertThat(gate.post("/revoke", "other-bot", "token", token).status()).isEqualTo(200);
        assertThat(active(token)).isTrue();

        assertThat(gate.post("/revoke", "refund-bot", "token", token).status()).isEqualTo(200);
        assertThat(gate.post("/revoke", "refund-bot", "token", token).status()).isEqualTo(200);
        assertThat(active(token)).isFalse();
        assertThat(gate.entries("token.revoked")).hasSize(1);
        gate.restart();
        assertThat(active(token)).isFalse();
    }

    @Test
    void a_token_that_was_ended_is_not_delivered_again() {
        gate.says("ana", Word.APPROVE, gate.ask("refund-bot", "scope", WRITE).reference());
        var token = gate.ask("refund-bot", "scope", WRITE).text("access_token");
        gate.post("/revoke", "refund-bot", "token", token);

        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("access_denied");
        assertThat(gate.entries("token.redelivered")).isEmpty();
    }

    @Test
    void revoking_an_approval_ends_its_token() {
        var id = gate.ask("refund-bot", "scope", WRITE).reference();
        gate.says("ana", Word.APPROVE, id);
        var token = gate.ask("refund-bot", "scope", WRITE).text("access_token");
        assertThat(active(token)).isTrue();
        gate.parts().panel.revoke(id, new Entry.Actor("person", "ana"), "mistake");

        assertThat(active(token)).isFalse();
        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("access_denied");
    }

    @Test
    void a_new_key_is_shown_before_it_signs_and_old_tokens_verify_on() throws Exception {
        gate.configure("policies.yaml", REVIEW.replace("lifetime: 60s", "lifetime: 15m"));
        var before = gate.ask("refund-bot", "scope", READ, "requested_lifetime", "900")
                .text("access_token");
        var by = new Entry.Actor("operator", "test");
        var next = gate.parts().keys.rotate(Keys.AHEAD, by);

        assertThat(published().getKeys()).hasSize(2);
        assertThat(keyOf(gate.ask("refund-bot", "scope", READ).text("access_token")))
                .isEqualTo(keyOf(before));
        gate.clock.advance(Keys.AHEAD);
        assertThat(keyOf(gate.ask("refund-bot", "scope", READ).text("access_token")))
                .isEqualTo(next);
        assertThat(active(before)).isTrue();
        assertThat(published().getKeyByKeyId(keyOf(before))).isNotNull();

        gate.clock.advance(Duration.ofHours(24));
        assertThat(published().getKeys()).hasSize(1);
        assertThat(published().getKeyByKeyId(next)).isNotNull();
    }

    private static String keyOf(String token) throws Exception {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    private JWKSet published() throws Exception {
        return JWKSet.parse(gate.send(gate.request("/jwks").build()).raw().body());
    }

    private boolean active(String token) {
        return gate.post("/introspect", "gateway", "token", token)
                .body()
                .path("active")
                .asBoolean(false);
    }

    private String body(String client, String token) {
        return gate.post("/introspect", client, "token", token).raw().body();
    }
}
