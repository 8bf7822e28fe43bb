package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.OneStore;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.ledger.Verification;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// That a token is used is seen at `/introspect`, and noted once a day of each client.
@OneStore
class FirstUseTest extends OverTheWire {
    /// One that the profile knows of: on PostgreSQL entries are placed a moment later.
    private TestGate.Answer token() {
        var token = gate.ask("refund-bot", "scope", READ);
        gate.parts().installation.ledger.settle();
        return token;
    }

    private void asks(String who, String token) {
        assertThat(gate.post("/introspect", who, "token", token).status()).isEqualTo(200);
        gate.parts().firstUses.settle();
    }

    private void asks(String who, TestGate.Answer token) {
        asks(who, token.text("access_token"));
    }

    private List<EntryView> noted() {
        return gate.entries("token.used");
    }

    @Test
    void the_first_token_of_a_day_that_an_api_asks_about_is_noted_and_no_other() {
        var first = token();
        asks("gateway", first);
        asks("gateway", first);
        asks("gateway", token());
        assertThat(noted()).singleElement().satisfies(it -> {
            assertThat(it.actor().id()).isEqualTo("gateway");
            assertThat(it.text(Member.CLIENT)).isEqualTo("refund-bot");
            assertThat(it.text(Member.RESOURCE)).isEqualTo(first.claims().get("aud"));
            assertThat(it.text(Member.JTI)).isEqualTo(first.claims().get("jti"));
            assertThat(it.request()).isEmpty();
        });

        gate.clock.advance(Duration.ofDays(1));
        asks("gateway", token());
        assertThat(noted()).hasSize(2);
    }

    @Test
    void after_a_restart_it_is_not_noted_again() {
        var token = token();
        asks("gateway", token);
        gate.restart();
        asks("gateway", token);
        assertThat(noted()).hasSize(1);
    }

    @Test
    void neither_what_its_own_client_asks_nor_what_others_may_not_see_is_a_use() {
        var token = token();
        asks("refund-bot", token);
        asks("other-bot", token);
        asks("gateway", "nonsense");
        gate.clock.advance(Duration.ofMinutes(5));
        asks("gateway", token);
        assertThat(noted()).isEmpty();
    }

    @Test
    void a_ledger_with_uses_verifies() {
        asks("gateway", token());
        assertThat(noted()).hasSize(1);
        assertThat(gate.verify()).isInstanceOf(Verification.Good.class);
    }
}
