package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.approval.Approval;
import dev.countersign.approval.Vote.Word;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The switch that stops a client, a resource or all minting.
class FreezeTest extends OverTheWire {
    private static final String CLIENT = "\"kind\":\"client\",\"target\":\"refund-bot\"";
    private static final String RESOURCE = "\"kind\":\"resource\",\"target\":\"https://payments.example.com\"";
    private static final String ALL = "\"kind\":\"all\"";

    private String admin;

    @BeforeEach
    void administrator() {
        admin = gate.bearer("cy", "admin");
    }

    @ParameterizedTest
    @ValueSource(strings = {CLIENT, RESOURCE, ALL})
    void what_is_frozen_gets_no_token_until_it_is_lifted(String what) {
        var waiting = gate.defer("refund-bot", "scope", WRITE);
        freeze(what);

        assertThat(gate.ask("refund-bot", "scope", READ).error()).isEqualTo("invalid_grant");
        assertThat(gate.ask("refund-bot", "scope", WRITE, "requested_lifetime", "9")
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(gate.ask("other-bot", "scope", READ).status()).isEqualTo(what.equals(CLIENT) ? 200 : 400);
        assertThat(gate.entries("request.refused").getFirst().text("because")).isEqualTo("frozen");
        assertThat(gate.approval(waiting.reference())).isInstanceOf(Approval.Pending.class);

        assertThat(gate.tell(admin, "/freezes/lift", "{" + what + "}").status()).isEqualTo(200);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        gate.says("ana", Word.APPROVE, waiting.reference());
        assertThat(gate.poll("refund-bot", waiting.text("deferral_code")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {CLIENT, RESOURCE, ALL})
    void collecting_while_frozen_ends_the_approval(String what) {
        var held = gate.defer("refund-bot", "scope", WRITE);
        gate.says("ana", Word.APPROVE, held.reference());
        freeze(what);

        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.approval(held.reference())).isInstanceOf(Approval.Revoked.class);
        gate.tell(admin, "/freezes/lift", "{" + what + "}");
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).error()).isEqualTo("access_denied");
        assertThat(gate.codes()).doesNotContain("token.minted");
    }

    @Test
    void a_lost_answer_is_not_delivered_again_while_frozen() {
        gate.says("ana", Word.APPROVE, gate.ask("refund-bot", "scope", WRITE).reference());
        assertThat(gate.ask("refund-bot", "scope", WRITE).status()).isEqualTo(200);
        freeze(CLIENT);

        assertThat(gate.ask("refund-bot", "scope", WRITE).error()).isEqualTo("invalid_grant");
    }

    @Test
    void a_freeze_stands_after_a_restart_and_in_the_ledger() {
        freeze(ALL);
        gate.restart();

        assertThat(gate.ask("refund-bot", "scope", READ).error()).isEqualTo("invalid_grant");
        var entry = gate.entries("freeze.set").getFirst();
        assertThat(entry.text("kind")).isEqualTo("all");
        assertThat(gate.disclosed(entry, "reason")).isEqualTo("a key has leaked");
        var standing =
                gate.get(gate.bearer("ana", "requests:read"), "/freezes").body().path("items");
        assertThat(standing.size()).isEqualTo(1);
        assertThat(standing.path(0).path("reason").stringValue("")).isEqualTo("a key has leaked");
    }

    @Test
    void a_freeze_does_not_wait_for_a_transaction_that_hangs() throws SQLException {
        assumeTrue(TestStores.onPostgres(), "SQLite has one thread that writes");
        try (var hangs = TestStores.connection(folder.resolve("countersign.db"))) {
            hangs.setAutoCommit(false);
            hangs.createStatement().execute("SELECT n FROM passage WHERE n = 7 FOR UPDATE");
            freeze(CLIENT);
        }

        assertThat(gate.ask("refund-bot", "scope", READ).error()).isEqualTo("invalid_grant");
        assertThat(gate.entries("freeze.set")).hasSize(1);
    }

    @Test
    void tokens_do_not_wait_for_transactions_that_hang() throws SQLException {
        assumeTrue(TestStores.onPostgres(), "SQLite has one thread that writes");
        try (var hangs = TestStores.connection(folder.resolve("countersign.db"))) {
            hangs.setAutoCommit(false);
            hangs.createStatement().execute("SELECT n FROM passage WHERE n < 48 FOR UPDATE");
            for (int i = 0; i < 8; i++) {
                assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void only_administrators_freeze_and_lift() {
        var reviewer = gate.bearer("ana", "requests:read", "requests:review", "ledger:read");
        var refused = gate.tell(reviewer, "/freezes", "{" + ALL + ",\"reason\":\"x\"}");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.raw().headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.body().path("status").asInt(0)).isEqualTo(403);
        assertThat(gate.ask("refund-bot", "scope", READ).status()).isEqualTo(200);
        freeze(ALL);
        assertThat(gate.tell(reviewer, "/freezes/lift", "{" + ALL + "}").status())
                .isEqualTo(403);
    }

    @Test
    void what_makes_no_sense_is_a_problem_and_freezes_nothing() {
        assertThat(status("{" + CLIENT + "}")).isEqualTo(400);
        assertThat(status("{" + CLIENT + ",\"reason\":\" \"}")).isEqualTo(400);
        assertThat(status("{\"kind\":\"client\",\"target\":\"nobody\",\"reason\":\"x\"}"))
                .isEqualTo(404);
        assertThat(status("{\"kind\":\"resource\",\"target\":\"https://no.example\",\"reason\":\"x\"}"))
                .isEqualTo(404);
        assertThat(status("{\"kind\":\"world\",\"reason\":\"x\"}")).isEqualTo(400);
        assertThat(status("{\"kind\":\"client\",\"reason\":\"x\"}")).isEqualTo(400);
        assertThat(status("{" + ALL + ",\"reason\":\"x\",\"until\":\"never\"}")).isEqualTo(400);
        assertThat(gate.tell(admin, "/freezes/lift", "{" + ALL + "}").status()).isEqualTo(409);
        freeze(ALL);
        assertThat(status("{" + ALL + ",\"reason\":\"again\"}")).isEqualTo(409);
        assertThat(gate.entries("freeze.set")).hasSize(1);
    }

    private int status(String json) {
        return gate.tell(admin, "/freezes", json).status();
    }

    private void freeze(String what) {
        var answer = gate.tell(admin, "/freezes", "{" + what + ",\"reason\":\"a key has leaked\"}");
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(answer.body().path("items").size()).isEqualTo(1);
    }
}
