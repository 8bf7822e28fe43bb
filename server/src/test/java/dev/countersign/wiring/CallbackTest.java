package dev.countersign.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestPeer;
import dev.countersign.approval.Vote.Word;
import dev.countersign.notify.Outbox;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deferred Token Response §2.8: a client that is called when it is decided.
final class CallbackTest extends OverTheWire {
    private static final String TOKEN = "5SIVTd4ZzzGctFQr4AqOGdCgyIa40-tCepd-0AcZxFY";

    private final TestPeer bot = new TestPeer(TestPeer.raw("HTTP/1.1 204 No Content\r\n\r\n"));

    @BeforeEach
    void register() {
        register(bot.url("/decided"));
    }

    private void register(String url) {
        var text = gate.read("countersign.yaml").replaceAll("    deferred_client_notification_endpoint: .*\n", "");
        gate.configure(
                "countersign.yaml",
                text.replace(
                        "    name: Refund bot\n",
                        "    name: Refund bot\n    deferred_client_notification_endpoint: " + url + "\n"));
    }

    @AfterEach
    void hangUp() {
        bot.close();
    }

    private TestGate.Answer defer() {
        return gate.defer("refund-bot", "scope", WRITE, "client_notification_token", TOKEN);
    }

    private void soon(Duration by) {
        gate.clock.advance(by);
        gate.parts().outbox.ring();
    }

    private void untilHeard(int calls) {
        TestGate.until(() -> {
            gate.clock.advance(Duration.ofMillis(20)); // one second after the decision
            gate.parts().outbox.ring();
            return bot.heard().size() >= calls;
        });
    }

    private long count(Outbox.Outcome outcome) {
        return gate.parts().outbox.count(outcome);
    }

    /// How many codes are kept for calls.
    private int kept() {
        return gate.parts()
                .installation
                .store
                .<Integer>read(tx -> tx.sql()
                        .createQuery("SELECT COUNT(*) FROM handle WHERE callback IS NOT NULL")
                        .mapTo(Integer.class)
                        .one());
    }

    @ParameterizedTest
    @ValueSource(strings = {"APPROVE", "DENY"})
    void it_is_told_that_it_is_decided_and_not_what(String word) {
        var held = defer();
        assertThat(kept()).isOne();
        gate.parts().outbox.ring();
        gate.says("ana", Word.valueOf(word), held.reference());
        untilHeard(1);

        var call = bot.heard().getFirst();
        assertThat(call)
                .startsWith("POST /decided HTTP/1.1\r\n")
                .contains("Authorization: Bearer " + TOKEN + "\r\n", "Content-Type: application/json\r\n")
                .endsWith("\r\n\r\n{\"deferral_code\":\"" + held.text("deferral_code") + "\"}");
        TestGate.until(() -> count(Outbox.Outcome.TOLD) == 1);
        assertThat(kept()).as("thrown away when it was told").isZero();
        gate.clock.advance(Duration.ofSeconds(5));
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status())
                .isEqualTo(word.equals("APPROVE") ? 200 : 400);
    }

    @Test
    void each_code_is_called_and_one_without_a_token_has_no_header() {
        var first = defer();
        var second = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, first.reference());
        untilHeard(2);
        assertThat(bot.heard().stream().filter(it -> it.contains("Authorization")))
                .hasSize(1);
        assertThat(String.join("", bot.heard())).contains(first.text("deferral_code"), second.text("deferral_code"));
    }

    @Test
    void what_it_takes_back_or_lets_run_out_it_is_not_called_for() {
        var taken = defer();
        assertThat(gate.post("/revoke", "refund-bot", "token", taken.text("deferral_code"))
                        .status())
                .isEqualTo(200);
        TestGate.until(() -> kept() == 0);
        gate.clock.advance(Duration.ofMinutes(11));
        defer();
        gate.clock.advance(Duration.ofMinutes(16));
        gate.server().catchUp();
        TestGate.until(() -> kept() == 0);
        soon(Duration.ofSeconds(2));
        TestGate.until(() -> gate.parts().outbox.waiting() == 0);
        assertThat(bot.heard()).isEmpty();
    }

    @Test
    void what_it_has_collected_by_then_it_is_not_called_for() {
        var held = defer();
        gate.says("ana", Word.APPROVE, held.reference());
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        TestGate.until(() -> {
            soon(Duration.ofMillis(50));
            return kept() == 0;
        });
        assertThat(bot.heard()).isEmpty();
    }

    @Test
    void one_that_refuses_is_not_called_again_and_one_that_fails_until_its_code_is_over() {
        bot.says(TestPeer.status(401, ""));
        gate.says("ana", Word.APPROVE, defer().reference());
        untilHeard(1);
        TestGate.until(() -> count(Outbox.Outcome.GIVEN_UP) == 1);
        assertThat(kept()).isZero();

        bot.says(TestPeer.raw(
                "HTTP/1.1 307 Moved\r\nLocation: " + bot.url("/elsewhere") + "\r\nContent-Length: 0\r\n\r\n"));
        gate.says(
                "ana",
                Word.DENY,
                gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "33")
                        .reference());
        untilHeard(2);
        for (int i = 1; i <= 3; i++) {
            int tries = i;
            TestGate.until(() -> count(Outbox.Outcome.FAILED) == tries);
            soon(Duration.ofSeconds(List.of(7, 37, 145).get(i - 1)));
        }
        TestGate.until(() -> count(Outbox.Outcome.FAILED) == 4);
        assertThat(bot.heard()).hasSize(5);
        soon(Duration.ofMinutes(30));
        TestGate.until(() -> kept() == 0);
        assertThat(bot.heard()).as("not once its code is over").hasSize(5);
        assertThat(bot.heard().stream().filter(it -> it.startsWith("POST /elsewhere")))
                .isEmpty();
    }

    @Test
    void neither_code_nor_token_stands_in_the_store_or_in_the_ledger() {
        var held = defer();
        var kept = gate.parts()
                .installation
                .store
                .<String>read(tx -> tx.sql()
                        .createQuery("SELECT callback FROM handle")
                        .mapTo(String.class)
                        .one());
        var decoded = new String(java.util.Base64.getDecoder().decode(kept), UTF_8);
        assertThat(kept + decoded).doesNotContain(TOKEN, held.text("deferral_code"));
        gate.says("ana", Word.APPROVE, held.reference());
        untilHeard(1);
        assertThat(gate.parts().installation.ledger.entries(0, 1_000).toString())
                .doesNotContain(TOKEN, held.text("deferral_code"));
    }

    @Test
    void an_address_that_strangers_could_mean_is_not_called() {
        register("https://localhost:" + bot.port() + "/decided");
        gate.says("ana", Word.APPROVE, defer().reference());
        TestGate.until(() -> {
            soon(Duration.ofMillis(50));
            return count(Outbox.Outcome.FAILED) == 1;
        });
        assertThat(bot.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "5SIVTd4ZzzGctFQr4AqOGdCgyIa40 tCepd", "5SIVTd4ZzzGctFQr4AqOGdCgyIa40\r\nX-Y: z"})
    void a_weak_token_is_refused(String token) {
        assertThat(gate.defer("refund-bot", "scope", WRITE, "client_notification_token", token)
                        .error())
                .isEqualTo("invalid_request");
        assertThat(gate.codes()).isEmpty();
    }

    @Test
    void of_a_client_that_is_not_called_nothing_is_kept() {
        gate.defer("other-bot", "scope", WRITE, "client_notification_token", TOKEN);
        assertThat(kept()).isZero();
    }

    @Test
    void a_poll_takes_no_token() {
        var held = defer();
        assertThat(gate.post(
                                "/token",
                                "refund-bot",
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:deferred",
                                "deferral_code",
                                held.text("deferral_code"),
                                "client_notification_token",
                                TOKEN)
                        .error())
                .isEqualTo("invalid_request");
    }
}
