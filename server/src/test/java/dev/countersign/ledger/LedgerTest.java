package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import dev.countersign.store.MasterKey;
import dev.countersign.store.StoreFailed;
import dev.countersign.store.WrappedKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
    @TempDir
    Path folder;

    private final MasterKey master = MasterKey.of(MasterKey.generate());
    private TestLedger its;

    @BeforeEach
    void open() {
        its = TestLedger.open(folder, master);
    }

    @AfterEach
    void close() {
        its.close();
    }

    @Test
    void a_ledger_begins_with_its_own_name_and_key() {
        var first = its.ledger.entry(0).orElseThrow();
        assertThat(first.code()).isEqualTo(Code.LEDGER_OPENED);
        assertThat(first.text(Member.ORIGIN)).isEqualTo(TestLedger.ORIGIN);
        assertThat(first.texts(Member.VKEY))
                .containsExactly(its.ledger.keys().getFirst().toString());
        assertThat(its.ledger.size()).isEqualTo(1);
    }

    @Test
    void an_entry_comes_back_as_it_was_written() {
        var entry = its.autoApproval("r1", "jti-r1");
        var appended = its.append(entry);
        var view = its.ledger.entry(appended.index()).orElseThrow();
        assertThat(view.hash()).isEqualTo(appended.hash());
        assertThat(view.code()).isEqualTo(entry.code());
        assertThat(view.actor()).isEqualTo(entry.actor());
        assertThat(view.request()).contains("r1");
        assertThat(view.terms()).isEqualTo(entry.terms());
        assertThat(view.texts(Member.SCOPES)).containsExactly("refunds:read");
        assertThat(view.digests()).hasSize(2);
        assertThat(its.ledger.mintOf("jti-r1")).contains(view);
        assertThat(its.ledger.entriesOf("r1")).containsExactly(view);
    }

    /// An entry's place is that of its transaction: one that was sealed and then held up would tell of a time before
    /// what stands before it, and whoever verifies the ledger would have to object.
    @Test
    void what_was_held_up_for_too_long_before_its_transaction_is_not_told() {
        var sealed = its.ledger.seal(its.autoApproval("r1", "jti-r1"));
        its.clock.advance(Duration.ofMillis(5_001));
        assertThatThrownBy(() -> its.store.writeGuarded(tx -> its.ledger.append(tx, sealed)))
                .isInstanceOf(StoreFailed.class)
                .hasMessageContaining("took too long");
        assertThat(its.ledger.mintOf("jti-r1")).isEmpty();

        var fresh = its.ledger.seal(its.autoApproval("r2", "jti-r2"));
        its.clock.advance(Duration.ofSeconds(5));
        assertThat(its.store.<Boolean>writeGuarded(tx -> {
                    its.ledger.append(tx, fresh);
                    return tx.mayTellOf(fresh.time().plusSeconds(1))
                            && !tx.mayTellOf(fresh.time().plusMillis(999));
                }))
                .as("with others only when there is time to spare")
                .isTrue();
        its.ledger.settle();
        assertThat(its.ledger.mintOf("jti-r2")).isPresent();
    }

    @Test
    void personal_values_are_beside_the_leaf_and_not_in_it() {
        var at = its.autoApproved("r1").index();
        assertThat(its.ledger.entry(at).orElseThrow().toString()).doesNotContain("192.0.2.17");
        assertThat(its.ledger.disclosures(at))
                .containsExactly(
                        new Disclosed("refund-bot", Member.ADDRESS, Optional.of("192.0.2.17")),
                        new Disclosed("refund-bot", Member.REASON, Optional.of("Größe \"prüfen\"\n✓")));
    }

    @Test
    void an_erased_subject_is_withheld_and_every_proof_stands() {
        var before = its.autoApproved("r1");
        var receipt = its.ledger.receipt(before.index()).orElseThrow();
        var sealedBefore = its.ledger.seal(its.autoApproval("r2", "jti-r2"));

        var erased = its.appended(
                its.store.write(tx -> its.ledger.erase(tx, TestLedger.actor("operator", "host"), "refund-bot")));

        assertThat(its.ledger.disclosures(before.index()))
                .containsExactly(
                        new Disclosed("refund-bot", Member.ADDRESS, Optional.empty()),
                        new Disclosed("refund-bot", Member.REASON, Optional.empty()));
        assertThat(its.ledger.entry(erased.index()).orElseThrow().number(Member.KEYS))
                .isEqualTo(1);
        assertThat(receipt.verifies(its.ledger.keys())).isTrue();
        assertThat(its.ledger.receipt(before.index()).orElseThrow().verifies(its.ledger.keys()))
                .isTrue();

        // What was sealed before and is written after belongs to the time after, and revives nothing.
        var after = its.appended(its.store.write(tx -> its.ledger.append(tx, sealedBefore)));
        assertThat(its.ledger.disclosures(after.index()))
                .allMatch(it -> it.value().isPresent());
        assertThat(its.ledger.disclosures(before.index()))
                .allMatch(it -> it.value().isEmpty());
    }

    @Test
    void a_work_that_fails_leaves_no_gap_and_no_trace_in_the_tree() throws Exception {
        var refused = its.ledger.seal(its.autoApproval("no", "jti-no"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var works = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> {
                        var leaf = its.ledger.seal(its.autoApproval("r" + i, "jti-r" + i));
                        return its.store.write(tx -> {
                            var appended = its.ledger.append(tx, leaf);
                            if (i % 3 == 0) {
                                its.ledger.append(tx, refused);
                                throw new IllegalStateException("changed its mind");
                            }
                            return appended;
                        });
                    }))
                    .toList();
            for (int i = 0; i < works.size(); i++) {
                var work = works.get(i);
                if (i % 3 == 0) {
                    assertThatThrownBy(work::get).hasRootCauseMessage("changed its mind");
                } else {
                    assertThat(its.appended(work.get()).index()).isPositive();
                }
            }
        }
        assertDense(its);
    }

    @Test
    void listeners_hear_each_entry_once_in_order() throws Exception {
        var heard = new ArrayList<Long>();
        its.ledger.listen(entries -> entries.forEach(entry -> heard.add(entry.index())));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 300).forEach(i -> threads.execute(() -> its.autoApproved("r" + i)));
        }
        assertThat(heard)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 300).boxed().toList());
    }

    @Test
    void a_listener_that_fails_keeps_nothing_from_the_others() {
        var heard = new ArrayList<EntryView>();
        its.ledger.listen(_ -> {
            throw new IllegalStateException("broken listener");
        });
        its.ledger.listen(heard::addAll);
        its.autoApproved("r1");
        assertThat(heard).hasSize(1);
    }

    @Test
    void two_ledgers_on_one_store_keep_one_sequence_and_hear_of_each_other() {
        var heard = new ArrayList<Long>();
        its.ledger.listen(entries -> entries.forEach(entry -> heard.add(entry.index())));
        try (var other = TestLedger.open(folder, master, its.clock)) {
            for (int i = 0; i < 150; i++) {
                its.autoApproved("a" + i);
                other.autoApproved("b" + i);
                other.autoApproved("c" + i);
            }
        }
        its.autoApproved("last");
        assertDense(its);
        assertThat(heard)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 451).boxed().toList());
    }

    /// A node that starts settles first, and beside busy ones there is always something that waits.
    @Test
    void settling_ends_although_others_go_on_writing() throws Exception {
        assumeTrue(TestStores.onPostgres(), "elsewhere what is durable has its place");
        its.append(its.refusal("r1", "refund-bot"));
        its.store.write(tx -> {
            tx.sql().execute("""
                    CREATE FUNCTION one_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                        INSERT INTO ledger_staged (hash, leaf) SELECT hash, leaf FROM ledger_entry WHERE leaf_index = 1;
                        RETURN NULL; END $$""");
            return tx.sql().execute("""
                    CREATE TRIGGER one_more AFTER INSERT ON ledger_entry
                    FOR EACH STATEMENT EXECUTE FUNCTION one_more()""");
        });
        var leaf = its.ledger.seal(its.refusal("r2", "refund-bot"));
        its.store.write(tx -> its.ledger.append(tx, leaf));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                threads.submit(its.ledger::settle).get(20, TimeUnit.SECONDS);
            } finally {
                its.store.write(tx -> tx.sql().execute("DROP TRIGGER one_more ON ledger_entry"));
            }
        }
        assertThat(its.ledger.entriesOf("r2")).hasSize(1);
    }

    @Test
    void a_ledger_goes_on_where_it_was() {
        its.fill(300);
        var before = its.ledger.checkpoint();
        its.close();
        its = TestLedger.open(folder, master, its.clock);
        its.autoApproved("later");
        var after = its.ledger.checkpoint();
        assertThat(after.size()).isEqualTo(before.size() + 1);
        assertThat(after.isSignedBy(its.ledger.keys())).isTrue();
        assertThat(its.ledger.continues(before)).isTrue();
        assertDense(its);
    }

    @Test
    void receipts_prove_each_entry_to_whoever_has_the_key() {
        its.fill(270);
        var checkpoint = its.ledger.checkpoint();
        for (long index = 0; index < checkpoint.size(); index += 13) {
            var receipt = Receipt.parse(its.ledger.receipt(index).orElseThrow().toString());
            assertThat(receipt.verifies(its.ledger.keys())).isTrue();
            assertThat(receipt.entry()).isEqualTo(its.ledger.entry(index).orElseThrow());
        }
        var minted = its.autoApproved("fresh");
        var receipt = its.ledger.receiptOf("jti-fresh").orElseThrow();
        assertThat(receipt.hash()).isEqualTo(minted.hash());
        assertThat(receipt.verifies(its.ledger.keys())).isTrue();
        assertThat(its.ledger.receiptOf("never")).isEmpty();
        assertThat(its.ledger.receipt(10_000)).isEmpty();
    }

    @Test
    void no_byte_of_a_receipt_can_be_changed() {
        its.fill(40);
        var text = its.ledger.receipt(17).orElseThrow().toString();
        for (int i = 0; i < text.length(); i++) {
            var changed = text.substring(0, i) + (char) (text.charAt(i) ^ 1) + text.substring(i + 1);
            assertThat(verifies(changed)).as("byte %d", i).isFalse();
        }
    }

    private boolean verifies(String receipt) {
        try {
            return Receipt.parse(receipt).verifies(its.ledger.keys());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void the_database_refuses_to_change_or_delete_what_was_written() {
        its.autoApproved("r1");
        var everywhere = List.of(
                "UPDATE ledger_entry SET leaf = hash WHERE leaf_index = 1",
                "UPDATE ledger_entry SET leaf_index = 7 WHERE leaf_index = 1",
                "DELETE FROM ledger_entry WHERE leaf_index = 1",
                "INSERT INTO ledger_entry (leaf_index, hash, leaf) SELECT 3, hash, leaf FROM ledger_entry LIMIT 1");
        var onSqlite = List.of(
                "INSERT OR REPLACE INTO ledger_entry (leaf_index, hash, leaf) VALUES (1, x'00', x'00')",
                "INSERT OR REPLACE INTO ledger_entry (leaf_index, hash, leaf, jti) VALUES (2, x'00', x'00', 'jti-r1')");
        var onPostgres = List.of(
                "TRUNCATE ledger_entry",
                "INSERT INTO ledger_entry (leaf_index, hash, leaf) SELECT -1, hash, leaf FROM ledger_entry LIMIT 1");
        for (var sql : Stream.concat(everywhere.stream(), (TestStores.onPostgres() ? onPostgres : onSqlite).stream())
                .toList()) {
            assertThatThrownBy(() -> its.store.write(tx -> tx.sql().execute(sql)))
                    .as(sql)
                    .hasMessageContaining("ledger entries");
        }
        assertDense(its);
    }

    @Test
    void one_approval_at_once_is_one_row() {
        its.autoApproved("warm"); // brings the key of the subject
        long before = changes();
        its.autoApproved("r1");
        assertThat(changes()).isEqualTo(before + 1);
    }

    private long changes() {
        return its.store.read(tx -> tx.sql()
                .createQuery("SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM ledger_tile)"
                        + " + (SELECT count(*) FROM ledger_checkpoint) + (SELECT count(*) FROM disclosure_key)")
                .mapTo(Long.class)
                .one());
    }

    @Test
    void checkpoints_follow_the_traffic_and_are_signed_again_when_idle() {
        its.autoApproved("r1");
        Publisher.publish(its.ledger);
        assertThat(its.ledger.latestCheckpoint().orElseThrow().size()).isEqualTo(2);
        var signed = its.store.read(its.ledger.checkpoints()::latest).orElseThrow();

        its.clock.advance(Duration.ofMinutes(59));
        Publisher.publish(its.ledger);
        assertThat(its.store
                        .read(its.ledger.checkpoints()::latest)
                        .orElseThrow()
                        .at())
                .isEqualTo(signed.at());

        its.clock.advance(Duration.ofMinutes(1));
        Publisher.publish(its.ledger);
        var again = its.store.read(its.ledger.checkpoints()::latest).orElseThrow();
        assertThat(again.at()).isEqualTo(its.clock.instant());
        assertThat(again.checkpoint().note()).isEqualTo(signed.checkpoint().note());
    }

    @Test
    void a_ledger_that_contradicts_what_it_signed_stops() {
        its.autoApproved("r1");
        var honest = its.ledger.checkpoint();
        its.store.write(tx -> {
            var other = Checkpoint.sign(TestLedger.ORIGIN, honest.size(), Merkle.EMPTY_ROOT, List.of());
            its.ledger.checkpoints().keep(tx, other);
            return true;
        });
        assertThatThrownBy(its.ledger::checkpoint).isInstanceOf(IllegalArgumentException.class);

        its.store.write(tx -> tx.sql()
                .createUpdate("UPDATE ledger_checkpoint SET note = :note")
                .bind("note", honest.note().replace("\n2\n", "\n1\n"))
                .execute());
        assertThatThrownBy(its.ledger::checkpoint).isInstanceOf(LedgerForked.class);
        assertThatThrownBy(() -> its.autoApproved("r2")).isInstanceOf(LedgerForked.class);
    }

    @Test
    void a_node_that_runs_on_while_its_store_is_put_back_signs_and_writes_nothing_more() {
        its.autoApproved("r1");
        its.ledger.checkpoint();
        var wrapped = WrappedKeys.open(its.store, its.master);
        var operator = TestLedger.actor("operator", "command-line");
        Ledger.restored(
                its.store, its.master, wrapped, TestLedger.ORIGIN, "node-2", operator, Optional.empty(), its.clock);

        assertThatThrownBy(its.ledger::checkpoint)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining("was put back from a backup")
                .hasMessageContaining("start this node again");
        assertThatThrownBy(() -> its.autoApproved("r2")).isInstanceOf(LedgerForked.class);
        try (var after = Ledger.open(its.store, its.master, wrapped, TestLedger.ORIGIN, "node-2", its.clock)) {
            assertThat(after.checkpoint().origin()).startsWith(TestLedger.ORIGIN + "/restored-");
        }
    }

    @Test
    void an_entry_too_large_or_with_a_value_that_has_no_place_is_refused() {
        assertThatThrownBy(() -> its.append(its.entry(
                        Code.REQUEST_MADE,
                        TestLedger.actor("client", "c"),
                        "r",
                        null,
                        null,
                        Map.of("text", "x".repeat(Leaf.MOST_BYTES)),
                        List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> its.append(its.entry(
                        Code.REQUEST_MADE,
                        TestLedger.actor("client", "c"),
                        "r",
                        null,
                        null,
                        Map.of("number", 1.5),
                        List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_reference_leads_to_what_it_names() {
        its.fill(600);
        var minted = its.append(its.autoApproval("r-1", "jti-r-1"));
        var made = its.append(its.made("r-2"));
        var judged = its.append(its.judged("r-2", made));
        var first = its.ledger.entry(3).orElseThrow();

        assertThat(its.ledger.lookUp("3")).containsExactly(first);
        assertThat(its.ledger.lookUp(first.hash().text())).containsExactly(first); // in a full tile
        assertThat(its.ledger.lookUp(judged.hash().text())) // and in the one that fills
                .extracting(EntryView::index)
                .containsExactly(judged.index());
        assertThat(its.ledger.lookUp("jti-r-1")).extracting(EntryView::index).containsExactly(minted.index());
        assertThat(its.ledger.lookUp("r-2"))
                .extracting(EntryView::code)
                .containsExactly(Code.REQUEST_MADE, Code.REQUEST_JUDGED);
        for (var nothing : List.of("999999", "r-3", "A".repeat(43), "")) {
            assertThat(its.ledger.lookUp(nothing)).isEmpty();
        }
    }

    @Test
    void a_hash_is_looked_for_as_far_back_as_is_said_and_no_further() {
        its.fill(600);
        var hash = its.ledger.entry(3).orElseThrow().hash().bytes();
        long size = its.ledger.size();
        var tiles = new Tiles(new Entries());
        assertThat((long) its.store.read(tx -> tiles.find(tx, hash, size, size).orElse(-1)))
                .isEqualTo(3);
        assertThat((long) its.store.read(tx -> tiles.find(tx, hash, size, 256).orElse(-1)))
                .isEqualTo(-1);
    }

    @Test
    void refusals_are_found_among_the_rest_the_newest_first() {
        for (int i = 0; i < 6; i++) {
            its.fill(20);
            its.append(its.refusal("refused-" + i, i % 2 == 0 ? "refund-bot" : "other"));
        }
        var page = its.ledger.refusalsBefore("", Long.MAX_VALUE, 4);
        assertThat(page)
                .extracting(it -> it.request().orElseThrow())
                .containsExactly("refused-5", "refused-4", "refused-3", "refused-2");
        assertThat(its.ledger.refusalsBefore("", page.getLast().index(), 4))
                .extracting(it -> it.request().orElseThrow())
                .containsExactly("refused-1", "refused-0");
        assertThat(its.ledger.refusalsBefore("other", Long.MAX_VALUE, 2))
                .extracting(it -> it.request().orElseThrow())
                .containsExactly("refused-5", "refused-3");
        assertThat(its.ledger.refusalsBefore("nobody", Long.MAX_VALUE, 2)).isEmpty();
    }

    @Test
    void a_keyed_hash_recognizes_a_value_and_tells_purposes_apart() {
        var hash = its.ledger.keyedHash("network", "192.0.2.0/24");
        its.close();
        its = TestLedger.open(folder, master, its.clock);
        assertThat(its.ledger.keyedHash("network", "192.0.2.0/24")).isEqualTo(hash);
        assertThat(its.ledger.keyedHash("agent", "192.0.2.0/24")).isNotEqualTo(hash);
    }

    /// The entries are dense, their hashes those of their bytes, and the checkpoint's root the root over them all.
    private static void assertDense(TestLedger its) {
        var all = its.all();
        var tree = Frontier.EMPTY;
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).index()).isEqualTo(i);
            tree = tree.append(all.get(i).hash().bytes());
        }
        var checkpoint = its.ledger.checkpoint();
        assertThat(checkpoint.size()).isEqualTo(all.size());
        assertThat(HexFormat.of().formatHex(checkpoint.root()))
                .isEqualTo(HexFormat.of().formatHex(tree.root()));
    }
}
