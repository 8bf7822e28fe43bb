package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestClock;
import dev.countersign.TestStores;
import dev.countersign.approval.Freezes;
import dev.countersign.approval.Vote.Word;
import dev.countersign.doctor.Doctor;
import dev.countersign.doctor.Invariant;
import dev.countersign.doctor.Result;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.LeafHash;
import dev.countersign.ledger.Member;
import dev.countersign.store.Ids;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is planted in an installation that is well is found by the check it is for, and by no other.
final class DoctorTest {
    private static final String POLICIES = """
            policies:
              - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
            """;
    private static final String READ = "refunds:read";
    private static final String WRITE = "refunds:write";
    private static final Entry.Actor OPERATOR = new Entry.Actor("operator", "test");

    @TempDir
    Path folder;

    private TestGate gate;

    /// Requests that were collected, denied, and wait.
    private String collected;

    private String denied;
    private String waits;

    @BeforeEach
    void live() {
        gate = new TestGate(folder, POLICIES);
        gate.ask("refund-bot", "scope", READ);
        collected = collect("10");
        denied = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "20")
                .reference();
        gate.says("bo", Word.DENY, denied);
        gate.clock.advance(Duration.ofMinutes(11));
        waits = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", "30")
                .reference();
        gate.ask("refund-bot", "scope", "refunds:nothing");
    }

    private String collect(String lifetime) {
        var held = gate.defer("refund-bot", "scope", WRITE, "requested_lifetime", lifetime);
        gate.says("ana", Word.APPROVE, held.reference());
        gate.clock.advance(Duration.ofSeconds(5));
        assertThat(gate.poll("refund-bot", held.text("deferral_code")).status()).isEqualTo(200);
        return held.reference();
    }

    @AfterEach
    void close() {
        gate.close();
    }

    /// Nothing here is registered as observed only, whatever an entry says.
    @Test
    void a_token_that_claims_to_be_observed_is_found() {
        var request = mintAtOnce(Map.of(
                Member.BY,
                Member.BY_OBSERVATION,
                Member.VERDICT,
                Member.REVIEW,
                Member.OBSERVED,
                List.of(Member.CLIENT),
                Member.OBSERVED_UNTIL,
                gate.clock.instant().plus(Duration.ofDays(9)).toEpochMilli()));

        assertBroken(Invariant.DETERMINISM, request);
    }

    private void plant(String sql, Object... binds) {
        TestStores.plant(gate.store(), sql, binds);
    }

    private void assertBroken(Invariant invariant, String where) {
        var broken = gate.broken();
        assertThat(broken).extracting(Result.Broken::invariant).as("%s", broken).containsExactly(invariant);
        assertThat(broken.getFirst().faults())
                .as("%s", broken)
                .anySatisfy(it -> assertThat(it.where()).contains(where));
    }

    /// A server that lies: writes an entry like another.
    private EntryView append(EntryView like, String request, Optional<LeafHash> previous, Map<String, Object> changes) {
        var ledger = gate.parts().installation.ledger;
        var body = new HashMap<>(like.body());
        body.putAll(changes);
        var leaf = ledger.seal(new Entry(
                like.code(),
                gate.clock.instant(),
                like.actor(),
                Optional.of(request),
                previous,
                like.terms(),
                body,
                List.of()));
        gate.parts().installation.store.write(tx -> ledger.append(tx, leaf));
        ledger.settle();
        return ledger.entriesOf(request).getLast();
    }

    private EntryView last(String request) {
        var ledger = gate.parts().installation.ledger;
        ledger.settle();
        return ledger.entriesOf(request).getLast();
    }

    private EntryView atOnce() {
        return gate.entries("token.minted").getFirst();
    }

    /// A token that policy let through at once, as a bug would write it.
    private String mintAtOnce(Map<String, Object> changes) {
        var request = Ids.at(gate.clock.instant());
        long now = gate.clock.instant().getEpochSecond();
        var body = new HashMap<String, Object>(
                Map.of(Member.JTI, Ids.at(gate.clock.instant()), Member.IAT, now, Member.EXP, now + 60));
        body.putAll(changes);
        append(atOnce(), request, Optional.empty(), body);
        return request;
    }

    /// So many tokens more that policy let through at once.
    private void many(int tokens) {
        var ledger = gate.parts().installation.ledger;
        var like = atOnce();
        long now = gate.clock.instant().getEpochSecond();
        for (int done = 0; done < tokens; done += 500) {
            var leaves = new ArrayList<Leaf>();
            for (int i = done; i < Math.min(tokens, done + 500); i++) {
                var body = new HashMap<>(like.body());
                body.putAll(Map.of(Member.JTI, Ids.at(gate.clock.instant()), Member.IAT, now, Member.EXP, now + 60));
                leaves.add(ledger.seal(new Entry(
                        Code.TOKEN_MINTED,
                        gate.clock.instant(),
                        like.actor(),
                        Optional.of(Ids.at(gate.clock.instant())),
                        Optional.empty(),
                        like.terms(),
                        body,
                        List.of())));
            }
            gate.parts().installation.store.write(tx -> {
                ledger.appendAll(tx, leaves);
                return true;
            });
        }
        ledger.settle();
        ledger.checkpoint();
    }

    /// `-Dcountersign.entries=1000000` for the long form; it says how long it took.
    @Test
    void many_entries_are_looked_through_and_a_tile_of_other_leaves_is_found() {
        int tokens = Integer.getInteger("countersign.entries", 600);
        many(tokens);
        long begun = System.nanoTime();
        assertThat(gate.broken()).isEmpty();
        System.out.printf("looked through %,d entries in %,d ms%n", tokens, (System.nanoTime() - begun) / 1_000_000);
        plant("UPDATE ledger_tile SET hashes = root || substr(hashes, 33) WHERE level = 0 AND number = 1");
        assertBroken(Invariant.LEDGER, "entry 256");
    }

    @Test
    void nothing_is_found_in_an_installation_that_is_well() {
        var results = gate.examine();
        assertThat(results).hasSize(Invariant.values().length).noneMatch(Result.Broken.class::isInstance);
        assertThat(results.stream().filter(Result.Unseen.class::isInstance))
                .extracting(Result::invariant)
                .containsExactly(Invariant.ISOLATION);
        assertThat(results.stream().filter(Result.Holds.class::isInstance).map(Result.Holds.class::cast))
                .allSatisfy(it -> assertThat(it.looked()).as("%s", it).isPositive());
        mintAtOnce(Map.of());
        assertThat(gate.broken()).isEmpty(); // what tests write by a bug is otherwise as it should be
    }

    @Test
    void a_token_that_no_rule_let_through() {
        assertBroken(Invariant.LEAVE, mintAtOnce(Map.of(Member.RULES, List.of())));
    }

    @Test
    void a_second_decision() {
        var last = last(denied);
        var second = append(last, denied, Optional.of(last.hash()), Map.of());
        plant("UPDATE approval SET last_leaf = ? WHERE id = ?", second.hash().text(), denied);
        assertBroken(Invariant.ONE_DECISION, denied);
    }

    @Test
    void a_token_that_came_again_and_is_not_counted() {
        plant("UPDATE mint SET redelivered = 3 WHERE approval_id = ?", collected);
        assertBroken(Invariant.USES, collected);
    }

    @Test
    void a_second_token_of_one_approval() {
        var last = last(collected);
        append(last, collected, Optional.of(last.hash()), Map.of(Member.JTI, "another"));
        assertThat(gate.broken()).extracting(Result.Broken::invariant).contains(Invariant.USES);
    }

    @Test
    void a_token_that_lives_on() {
        long now = gate.clock.instant().getEpochSecond();
        assertBroken(Invariant.LIFETIME, mintAtOnce(Map.of(Member.EXP, now + 61)));
    }

    @Test
    void a_token_whose_row_is_gone() {
        plant("DELETE FROM mint WHERE approval_id = ?", collected);
        assertBroken(Invariant.EVERY_MINT, collected);
    }

    @Test
    void a_row_of_a_token_that_was_never_minted() {
        plant("INSERT INTO mint VALUES (?, 'invented', 1, 2, 0)", denied);
        assertBroken(Invariant.EVERY_MINT, denied);
    }

    @Test
    void a_voter_who_joined_too_late() {
        plant("UPDATE membership SET since = since + 1000000000000 WHERE group_name = 'payments-oncall'");
        assertBroken(Invariant.QUORUM, collected);
    }

    @Test
    void a_voter_of_those_who_asked() {
        plant("UPDATE membership SET group_name = 'payments-dev' WHERE group_name = 'administrators'");
        plant("UPDATE membership SET person = (SELECT id FROM person WHERE user_name = 'ana')"
                + " WHERE group_name = 'payments-dev'"
                + " AND person = (SELECT id FROM person WHERE user_name = 'cy')");
        assertBroken(Invariant.QUORUM, collected);
    }

    @Test
    void a_row_that_moved_without_an_entry() {
        plant("UPDATE approval SET state = 'approved' WHERE id = ?", waits);
        assertBroken(Invariant.FORWARD, waits);
    }

    @Test
    void a_row_that_no_entry_tells_of() {
        plant("UPDATE approval SET id = 'invented' WHERE id = ?", waits);
        plant("UPDATE handle SET approval_id = 'invented' WHERE approval_id = ?", waits);
        assertBroken(Invariant.FORWARD, "invented");
    }

    @Test
    void a_request_that_shows_other_scopes_than_it_asked() {
        plant("UPDATE approval SET body = replace(body, 'refunds:write', 'refunds:read') WHERE id = ?", waits);
        assertBroken(Invariant.TERMS, waits);
    }

    @Test
    void a_token_in_spite_of_a_freeze() {
        gate.parts().freezes.set(Freezes.Kind.CLIENT, "refund-bot", "odd", OPERATOR);
        gate.clock.advance(Duration.ofSeconds(11));
        assertBroken(Invariant.END, mintAtOnce(Map.of()));
    }

    @Test
    void a_freeze_that_is_forgotten() {
        gate.parts().freezes.set(Freezes.Kind.CLIENT, "refund-bot", "odd", OPERATOR);
        plant("DELETE FROM frozen");
        assertBroken(Invariant.END, "frozen");
    }

    @Test
    void a_token_that_was_taken_back_and_is_not_dead() {
        var late = collect("100");
        gate.parts().panel.revoke(late, new Entry.Actor("person", "bo"), "mistake");
        plant("DELETE FROM revocation");
        assertBroken(Invariant.END, late);
    }

    @Test
    void a_value_that_stands_twice() {
        if (TestStores.onPostgres()) {
            plant("ALTER TABLE revocation DROP CONSTRAINT revocation_pkey");
        } else {
            plant("DROP TABLE revocation");
            plant("CREATE TABLE revocation (token_id TEXT, revoked_at BIGINT, expires_at BIGINT)");
        }
        plant("INSERT INTO revocation VALUES ('twice', 1, 9000000000000000), ('twice', 2, 9000000000000000)");
        assertBroken(Invariant.SINGLE_USE, "revocation twice");
    }

    @Test
    void an_entry_that_was_changed() {
        var entry = gate.entries("node.started").getFirst();
        plant("UPDATE ledger_entry SET leaf = ? WHERE leaf_index = ?", new byte[] {1, 2, 3}, entry.index());
        assertBroken(Invariant.LEDGER, "entry " + entry.index());
    }

    @Test
    void an_entry_that_is_missing() {
        var entry = gate.entries("node.started").getFirst();
        plant("DELETE FROM ledger_entry WHERE leaf_index = ?", entry.index());
        assertBroken(Invariant.LEDGER, "entry " + entry.index());
    }

    @Test
    void an_entry_whose_row_names_another_token() {
        var entry = atOnce();
        plant("UPDATE ledger_entry SET jti = 'another' WHERE leaf_index = ?", entry.index());
        assertBroken(Invariant.LEDGER, "entry " + entry.index());
    }

    @Test
    void a_checkpoint_that_is_signed_by_nobody_known() {
        var checkpoint = gate.parts().installation.ledger.checkpoint();
        var note = checkpoint.note();
        plant(
                "UPDATE ledger_checkpoint SET note = ? WHERE size = ?",
                note.substring(0, note.length() - 12) + "AAAAAAAAAA=\n",
                checkpoint.size());
        assertThat(gate.broken()).extracting(Result.Broken::invariant).containsExactly(Invariant.LEDGER);
    }

    @Test
    void a_checkpoint_over_entries_that_are_gone() {
        var checkpoint = gate.parts().installation.ledger.checkpoint();
        gate.server().close();
        plant("DELETE FROM ledger_entry WHERE leaf_index = ?", checkpoint.size() - 1);
        if (TestStores.onPostgres()) {
            plant("UPDATE ledger_head SET size = size - 1");
        }
        assertThat(gate.broken()).extracting(Result.Broken::invariant).contains(Invariant.LEDGER);
    }

    @Test
    void a_request_that_waits_after_its_deadline_while_a_server_writes() {
        var configuration = gate.parts().live.get();
        var entry = atOnce();
        gate.server().close();
        gate.clock.advance(Duration.ofMinutes(20));
        try (var installation = Installation.open(configuration, TestStores.address(gate.store()), gate.clock)) {
            installation.store.write(tx -> installation.ledger.append(
                    tx,
                    new Entry(
                            Code.REQUEST_REFUSED,
                            tx.now(),
                            entry.actor(),
                            Optional.of(Ids.next()),
                            Optional.empty(),
                            Optional.empty(),
                            Map.of(Member.CLIENT, "refund-bot", Member.BECAUSE, "frozen"),
                            List.of())));
        }
        assertBroken(Invariant.LIVENESS, waits);
    }

    @Test
    void a_guard_of_the_schema_that_is_gone() {
        gate.server().close();
        TestStores.plant(
                gate.store(),
                TestStores.onPostgres()
                        ? "ALTER TABLE ledger_tile DISABLE TRIGGER ledger_tile_stays"
                        : "DROP INDEX frozen_standing");
        assertBroken(Invariant.SAFETY, TestStores.onPostgres() ? "ledger_tile_stays" : "frozen_standing");
    }

    @Test
    void an_entry_from_the_future() {
        var early = new TestClock(gate.clock.instant().minus(Duration.ofMinutes(1)));
        var results = Doctor.examine(gate.parts().live.get(), TestStores.address(gate.store()), early);
        assertThat(results.stream().filter(Result.Broken.class::isInstance))
                .extracting(Result::invariant)
                .containsExactly(Invariant.SAFETY);
    }

    @Test
    void a_verdict_that_does_not_come_out_again() {
        plant("UPDATE configuration_version SET content = replace(content, 'risk == LOW', 'risk == HIGH')");
        assertBroken(Invariant.DETERMINISM, "entry " + atOnce().index());
    }
}
