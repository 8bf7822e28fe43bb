package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.countersign.TestStores;
import dev.countersign.config.Configuration;
import dev.countersign.ledger.Checkpoint;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.LedgerForked;
import dev.countersign.ledger.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that was put back from an old copy, and the file that lies elsewhere and knows.
final class RollbackGuardTest {
    private static final String POLICIES = """
            policies:
              - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
            """;

    private static final String REVIEWED = POLICIES + """
              - rule: money-moves
                when: '"refunds:write" in scopes'
                review: { stages: [ { group: payments-oncall, votes: 1 } ], within: 15m, lifetime: 2m }
            """;

    @TempDir
    Path folder;

    private TestGate gate;
    private Path anchor;
    private Path copy;

    @BeforeEach
    void start() throws IOException {
        anchor = Files.createDirectory(folder.resolve("elsewhere")).resolve("anchor");
        copy = folder.resolve("copy.db");
        gate = new TestGate(folder, POLICIES);
        token();
        gate.server().close();
        anchored(anchor);
        gate.startAgain();
    }

    private void anchored(Path file) {
        gate.write("anchor.yaml", "ledger: { anchor: " + file + " }\n");
    }

    @AfterEach
    void close() {
        gate.close();
    }

    private void token() {
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status()).isEqualTo(200);
    }

    private Checkpoint held() {
        try {
            return Checkpoint.parse(Files.readString(anchor));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private long size() {
        gate.parts().installation.ledger.settle();
        return gate.parts().installation.ledger.size();
    }

    /// Keeps a copy, lets more be written and seen by the anchor, and stops.
    private long rollBack() {
        gate.server().close();
        TestStores.keep(gate.store(), copy);
        gate.startAgain();
        for (int i = 0; i < 5; i++) {
            token();
        }
        long size = size();
        TestGate.until(() -> held().size() == size);
        gate.server().close();
        TestStores.putBack(copy, gate.store());
        return size;
    }

    private void withoutAnchor() {
        gate.write("anchor.yaml", "ledger: {}\n");
        gate.startAgain();
    }

    @Test
    void an_anchor_that_is_not_there_is_begun_and_follows() {
        token();
        long size = size();
        TestGate.until(() -> held().size() == size);
        assertThat(held().isSignedBy(gate.parts().installation.ledger.keys())).isTrue();
        gate.restart();
        token();
    }

    @Test
    void an_old_copy_is_refused_with_what_to_do() {
        long size = rollBack();
        assertThatThrownBy(gate::startAgain)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining(anchor + " has seen " + size + " of this ledger")
                .hasMessageContaining("countersign restore")
                .hasMessageContaining("countersign restored");
        assertThat(held().size()).isEqualTo(size);
        withoutAnchor();
    }

    @Test
    void an_old_copy_that_was_written_to_since_is_refused() {
        long size = rollBack();
        withoutAnchor();
        while (size() <= size) {
            token();
        }
        gate.server().close();
        anchored(anchor);
        assertThatThrownBy(gate::startAgain)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining("are not those that " + anchor + " has seen");
        withoutAnchor();
    }

    @Test
    void a_restore_that_is_said_begins_an_epoch_that_names_the_gap() {
        long size = rollBack();
        var old = held();
        restore();
        gate.startAgain();
        token();
        var restored = gate.entries("backup.restored").getLast();
        assertThat(restored.number(Member.GAP)).isEqualTo(size - restored.index());
        assertThat(restored.text(Member.ANCHORED)).isEqualTo(old.note());
        assertThat(held().origin()).isEqualTo(gate.parts().installation.ledger.origin());
        gate.restart();
    }

    @Test
    void another_nodes_anchor_follows_into_an_epoch_that_was_begun_elsewhere() throws IOException {
        rollBack();
        var others = anchor.resolveSibling("another-nodes");
        Files.copy(anchor, others);
        restore();
        anchored(others);
        gate.startAgain();
        var origin = gate.parts().installation.ledger.origin();
        TestGate.until(() -> {
            try {
                return Checkpoint.parse(Files.readString(others)).origin().equals(origin);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void what_was_open_is_taken_back_though_the_anchor_cannot_be_written() throws IOException {
        gate.configure("policies.yaml", REVIEWED);
        var held = gate.defer("refund-bot", "scope", "refunds:write");
        rollBack();
        Files.move(anchor.getParent(), folder.resolve("aside"));
        assertThatThrownBy(this::restore)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("all else is done");
        Files.move(folder.resolve("aside"), anchor.getParent());
        gate.startAgain();
        assertThat(gate.approval(held.reference()).state()).isEqualTo("cancelled");
        assertThat(held().origin())
                .isNotEqualTo(gate.parts().installation.ledger.origin()); // of the epoch before
        token();
        TestGate.until(
                () -> held().origin().equals(gate.parts().installation.ledger.origin()));
    }

    @Test
    void an_anchor_that_is_of_no_use_is_found_before_anything_is_put_back() throws IOException {
        rollBack();
        var whole = Files.readString(anchor);
        Files.writeString(anchor, "nothing");
        assertThatThrownBy(this::restore).isInstanceOf(LedgerForked.class).hasMessageContaining("holds no checkpoint");
        Files.writeString(anchor, whole);
        assertThatThrownBy(gate::startAgain).isInstanceOf(LedgerForked.class); // no epoch has begun
        withoutAnchor();
        assertThat(gate.entries("backup.restored")).isEmpty();
    }

    @Test
    void another_store_on_the_same_host_leaves_the_anchor_alone() throws IOException {
        assumeFalse(TestStores.onPostgres(), "another file is given for SQLite");
        var before = Files.readString(anchor);
        gate.server().close();
        TestStores.keep(gate.store(), copy);
        Operations.restore(configuration(), Optional.of(folder.resolve("tried.db")), copy, false, gate.clock);
        assertThat(Files.readString(anchor)).isEqualTo(before);
        gate.startAgain();
    }

    private int restore() {
        return TestStores.onPostgres()
                ? Operations.restored(configuration(), gate.clock)
                : Operations.restore(configuration(), Optional.empty(), copy, true, gate.clock);
    }

    private Configuration configuration() {
        return switch (Configuration.read(folder)) {
            case dev.countersign.config.Read.Good(var configuration, _, _) -> configuration;
            case dev.countersign.config.Read.Bad(var faults, _, _) -> throw new AssertionError(faults);
        };
    }

    @Test
    void a_store_that_is_new_is_not_taken_for_the_one_that_was_lost() throws IOException {
        gate.server().close();
        anchored(anchor);
        var elsewhere = gate.read("countersign.yaml");
        gate.write(
                "countersign.yaml",
                elsewhere.replace(TestStores.written(gate.store()), TestStores.written(folder.resolve("another.db"))));
        assertThatThrownBy(gate::startAgain)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining("signed by a key that this store does not know");
        gate.write("countersign.yaml", elsewhere);
        gate.startAgain();
    }

    @Test
    void an_anchor_that_is_none_is_refused() throws IOException {
        gate.server().close();
        var whole = Files.readString(anchor);
        Files.writeString(anchor, whole.substring(0, 20));
        assertThatThrownBy(gate::startAgain)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining(anchor + " holds no checkpoint")
                .hasMessageContaining("delete the file");
        var signature = whole.charAt(whole.length() - 8) == 'A' ? 'B' : 'A';
        Files.writeString(
                anchor, whole.substring(0, whole.length() - 8) + signature + whole.substring(whole.length() - 7));
        assertThatThrownBy(gate::startAgain).isInstanceOf(LedgerForked.class);
        Files.writeString(anchor, whole);
        gate.startAgain();
    }

    @Test
    void a_folder_that_is_not_there_is_no_place_to_begin() {
        gate.server().close();
        anchored(folder.resolve("not-mounted").resolve("anchor"));
        assertThatThrownBy(gate::startAgain)
                .isInstanceOf(LedgerForked.class)
                .hasMessageContaining("cannot be begun")
                .hasMessageContaining("see to it that its folder is there");
        withoutAnchor();
    }

    @Test
    void an_anchor_that_cannot_be_written_is_told_and_stops_nothing() throws IOException {
        var aside = folder.resolve("aside");
        Files.move(anchor.getParent(), aside);
        token();
        TestGate.until(() -> anchorSays().startsWith("cannot be written"));
        token();
        assertThat(gate.send(gate.request("/health/ready").build()).status()).isEqualTo(200);
        Files.move(aside, anchor.getParent());
        TestGate.until(() -> anchorSays().isEmpty());
        assertThat(held().size()).isEqualTo(size());
    }

    private String anchorSays() {
        return gate.send(gate.request("/health/ready").build()).text("anchor");
    }

    @Test
    void a_store_that_is_put_back_under_a_running_server_stops_it() {
        for (int i = 0; i < 3; i++) {
            token();
        }
        long size = size();
        TestGate.until(() -> held().size() == size);
        EntryView last = gate.entries("token.minted").getLast();
        TestStores.plant(gate.store(), "DELETE FROM ledger_entry WHERE leaf_index = ?", last.index());
        TestStores.plant(gate.store(), "DELETE FROM ledger_checkpoint WHERE size > ?", last.index());
        if (TestStores.onPostgres()) {
            TestStores.plant(gate.store(), "UPDATE ledger_head SET size = ?", last.index());
        }
        TestGate.until(() -> gate.send(gate.request("/health/ready").build()).status() == 503);
        assertThat(gate.ask("refund-bot", "scope", "refunds:read").status()).isNotEqualTo(200);
        gate.server().close();
        withoutAnchor();
    }
}
