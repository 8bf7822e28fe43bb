package dev.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.countersign.OneStore;
import dev.countersign.TestStores;
import dev.countersign.ledger.Verification.Bad;
import dev.countersign.ledger.Verification.Fault;
import dev.countersign.ledger.Verification.Good;
import dev.countersign.store.MasterKey;
import dev.countersign.store.SqliteStore;
import dev.countersign.store.WrappedKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An export whose bytes are changed: nothing passes.
@OneStore
final class VerifierTest {
    @TempDir
    Path folder;

    private TestLedger its;
    private Path export;
    private List<NoteKey> key = List.of();

    @BeforeEach
    void open() {
        its = TestLedger.open(folder, MasterKey.of(MasterKey.generate()));
        key = its.ledger.keys();
        export = folder.resolve("export");
    }

    @AfterEach
    void close() {
        its.close();
    }

    private void exported(int entries) {
        its.fill(entries);
        its.ledger.export(export, true);
    }

    @Test
    void an_untouched_export_is_good_and_stays_good_as_it_grows() {
        for (int entries : List.of(0, 3, 240, 1, 300, 500)) {
            exported(entries);
            assertThat(Verifier.verify(export, key)).isInstanceOfSatisfying(Good.class, good -> {
                assertThat(good.checkpoint().size()).isEqualTo(its.ledger.size());
                assertThat(good.keyFromFolder()).isFalse();
            });
        }
        assertThat(Verifier.verify(export, List.of()))
                .isInstanceOfSatisfying(
                        Good.class, good -> assertThat(good.keyFromFolder()).isTrue());
    }

    @Test
    void no_byte_of_a_small_export_can_be_changed() throws IOException {
        exported(3);
        sweep(1);
    }

    @Test
    void no_file_of_an_export_can_be_changed() throws IOException {
        exported(290);
        var files = filesOf(export);
        assertThat(files.stream().map(file -> export.relativize(file).toString()))
                .contains("checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000", "disclosures/000");
        sweep(1_999);
    }

    /// Flips a bit in each byte of each file, or in one byte of so many.
    private void sweep(int step) throws IOException {
        for (var file : filesOf(export)) {
            var trusted = file.endsWith("vkey") ? List.<NoteKey>of() : key;
            var bytes = Files.readAllBytes(file);
            for (int i = 0; i < bytes.length; i += step) {
                var changed = bytes.clone();
                changed[i] ^= (byte) (1 << (i % 8));
                Files.write(file, changed);
                assertThat(Verifier.verify(export, trusted))
                        .as("%s byte %d", file, i)
                        .isInstanceOf(Bad.class);
            }
            Files.write(file, bytes);
        }
        assertThat(Verifier.verify(export, key)).isInstanceOf(Good.class);
    }

    @Test
    void an_altered_entry_is_named() throws IOException {
        exported(290);
        var leaves = leaves();
        leaves.set(
                97,
                new String(leaves.get(97), StandardCharsets.UTF_8)
                        .replace("refunds:read", "refunds:rule")
                        .getBytes(StandardCharsets.UTF_8));
        write(leaves);
        assertBad(97, Fault.ALTERED);
    }

    @Test
    void an_altered_tile_is_named_and_its_entry_is_not_accused() throws IOException {
        exported(290);
        var tile = export.resolve("tile/0/000");
        var bytes = Files.readAllBytes(tile);
        bytes[32 * 50 + 3] ^= 1;
        Files.write(tile, bytes);
        assertBad(50, Fault.TILE);
    }

    @Test
    void deleted_swapped_doubled_inserted_and_cut_entries_are_found() throws IOException {
        exported(290);
        var leaves = leaves();

        var deleted = new ArrayList<>(leaves);
        deleted.remove(20);
        write(deleted);
        assertBad(255, Fault.MISSING);

        var swapped = new ArrayList<>(leaves);
        swapped.set(20, leaves.get(21));
        swapped.set(21, leaves.get(20));
        write(swapped);
        assertBad(20, Fault.ALTERED);

        var doubled = new ArrayList<>(leaves);
        doubled.set(21, leaves.get(20));
        write(doubled);
        assertThat(((Bad) Verifier.verify(export, key)).index()).isEqualTo(21);

        var inserted = new ArrayList<>(leaves);
        inserted.add(20, leaves.get(20));
        write(inserted);
        assertThat(((Bad) Verifier.verify(export, key)).fault()).isEqualTo(Fault.MISSING);

        write(leaves);
        assertThat(Verifier.verify(export, key)).isInstanceOf(Good.class);
        var bundle = export.resolve("tile/entries/000");
        Files.write(bundle, Arrays.copyOf(Files.readAllBytes(bundle), 9_000));
        assertThat(((Bad) Verifier.verify(export, key)).fault()).isEqualTo(Fault.MISSING);
        Files.delete(bundle);
        assertBad(0, Fault.MISSING);
    }

    @Test
    void a_ledger_rewritten_from_end_to_end_needs_the_key() throws Exception {
        exported(30);
        var leaves = leaves();
        leaves.set(5, leaves.get(6));
        rewrite(leaves, signer());
        assertThat(((Bad) Verifier.verify(export, key)).index()).isEqualTo(6); // a token minted twice

        leaves = new ArrayList<>(leaves().subList(0, 5));
        rewrite(leaves, signer());
        assertBad(-1, Fault.SIGNATURE);
    }

    @Test
    void a_restored_ledger_goes_on_under_another_name_and_key() {
        assumeFalse(TestStores.onPostgres(), "a PostgreSQL store is copied with PostgreSQL's tools");
        its.fill(3);
        var before = its.ledger.checkpoint();
        its.store.backup(folder.resolve("backup.db"));
        its.fill(2);
        var lost = its.ledger.checkpoint();
        var master = its.master;
        its.close();
        SqliteStore.restore(folder.resolve("backup.db"), folder.resolve("store.db"), true, its.clock);
        try (var store = SqliteStore.open(folder.resolve("store.db"), its.clock)) {
            Ledger.restored(
                    store,
                    master,
                    WrappedKeys.open(store, master),
                    TestLedger.ORIGIN,
                    "node-1",
                    new Entry.Actor("operator", "test"),
                    Optional.empty(),
                    its.clock);
        }
        its = TestLedger.open(folder, master, its.clock);
        for (int i = 0; i < 4; i++) {
            its.autoApproved("after-" + i);
        }
        its.ledger.export(export, true);

        assertThat(its.ledger.origin()).startsWith(TestLedger.ORIGIN + "/restored-");
        assertThat(its.ledger.keys()).doesNotContainAnyElementsOf(key);
        assertThat(Verifier.verify(export, its.ledger.keys(), Optional.of(before)))
                .isInstanceOf(Good.class);
        assertThat(Verifier.verify(export, its.ledger.keys(), Optional.of(lost)))
                .isInstanceOfSatisfying(
                        Bad.class, bad -> assertThat(bad.fault()).isEqualTo(Fault.FORKED));
        assertThat(Verifier.verify(export, key)).isInstanceOf(Bad.class);
    }

    @Test
    void an_auditor_who_kept_a_checkpoint_sees_a_cut_ledger() {
        its.fill(20);
        var kept = its.ledger.checkpoint();
        exported(20);
        assertThat(Verifier.verify(export, key, Optional.of(kept))).isInstanceOf(Good.class);
        var later = Checkpoint.sign(kept.origin(), 1_000, kept.root(), List.of());
        assertThat(((Bad) Verifier.verify(export, key, Optional.of(later))).fault())
                .isEqualTo(Fault.FORKED);
        var other = Checkpoint.sign(kept.origin(), kept.size(), Merkle.EMPTY_ROOT, List.of());
        assertThat(((Bad) Verifier.verify(export, key, Optional.of(other))).fault())
                .isEqualTo(Fault.FORKED);
    }

    @Test
    void a_file_that_belongs_to_nothing_is_found() throws IOException {
        exported(10);
        Files.writeString(export.resolve("tile/0/001"), "stray");
        assertBad(-1, Fault.STRAY);
    }

    @Test
    void a_disclosure_with_another_salt_is_found() throws IOException {
        exported(10);
        var file = export.resolve("disclosures/000");
        var lines = new ArrayList<>(Files.readAllLines(file));
        var parts = lines.getFirst().split(" ", -1);
        var value = Salted.parse(parts[1]);
        lines.set(0, parts[0] + " " + Salted.of(value.name(), value.value()).text());
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertBad(Long.parseLong(parts[0]), Fault.DISCLOSURE);
    }

    @Test
    void what_was_erased_leaves_the_next_export_and_the_rest_stays_good() throws IOException {
        exported(60);
        var before = Files.readString(export.resolve("disclosures/000"));
        its.store.write(tx -> its.ledger.erase(tx, TestLedger.actor("operator", "host"), "refund-bot"));
        its.ledger.export(export, true);
        var after = Files.readString(export.resolve("disclosures/000"));
        assertThat(after.lines().count()).isLessThan(before.lines().count()).isPositive();
        assertThat(Verifier.verify(export, key)).isInstanceOf(Good.class);
        its.ledger.export(export, false);
        assertThat(export.resolve("disclosures")).doesNotExist();
    }

    @Test
    void a_folder_of_another_ledger_is_refused() {
        exported(10);
        try (var other = TestLedger.open(folder.resolve("export/tile"), MasterKey.of(MasterKey.generate()))) {
            other.fill(40);
            assertThatThrownBy(() -> other.ledger.export(export, false)).isInstanceOf(ExportRefused.class);
        }
    }

    @Test
    void a_second_checker_of_other_make_agrees() throws Exception {
        assumeThat(python("--version").code()).as("python3 is here").isZero();
        exported(290);
        var checker =
                Path.of("../docs/verify_export.py").toAbsolutePath().normalize().toString();
        var vkey = key.getFirst().toString();
        assertThat(python(checker, export.toString(), "--key", vkey))
                .isEqualTo(new Ran(0, "good: " + its.ledger.size() + " entries of " + TestLedger.ORIGIN));
        assertThat(python(checker, export.toString(), "--key", signer().key().toString())
                        .code())
                .isEqualTo(1);
        for (var file : filesOf(export)) {
            if (file.toString().contains("disclosures") || file.endsWith("vkey")) {
                continue; // it does not read them
            }
            var bytes = Files.readAllBytes(file);
            var changed = bytes.clone();
            changed[bytes.length / 2] ^= 1;
            Files.write(file, changed);
            assertThat(python(checker, export.toString(), "--key", vkey).code())
                    .as("%s", file)
                    .isEqualTo(1);
            Files.write(file, bytes);
        }
    }

    private record Ran(int code, String said) {}

    private static Ran python(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return new Ran(127, "no python3: " + e.getMessage());
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the checker does not end");
        }
        return new Ran(process.exitValue(), said.strip());
    }

    private void assertBad(long index, Fault fault) {
        assertThat(Verifier.verify(export, key)).isInstanceOfSatisfying(Bad.class, bad -> {
            assertThat(bad.fault()).as(bad.said()).isEqualTo(fault);
            assertThat(bad.index()).isEqualTo(index);
        });
    }

    private static NoteSigner signer() throws Exception {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new NoteSigner(NoteKey.of(TestLedger.ORIGIN, pair.getPublic()), pair.getPrivate());
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private List<byte[]> leaves() throws IOException {
        var leaves = new ArrayList<byte[]>();
        for (var path : TilePath.ofLevel(TilePath.ENTRIES, 0, its.ledger.size())) {
            leaves.addAll(Bundle.parse(Files.readAllBytes(export.resolve(path.toString())))
                    .orElseThrow());
        }
        return leaves;
    }

    /// Puts these entries into the files of the whole export, the last file taking what is left.
    private void write(List<byte[]> leaves) throws IOException {
        int at = 0;
        for (var path : TilePath.ofLevel(TilePath.ENTRIES, 0, its.ledger.size())) {
            int to = at + path.width() == its.ledger.size() ? leaves.size() : at + path.width();
            // One entry too few or too many shows where it was taken out or put in.
            int shift = leaves.size() - (int) its.ledger.size();
            int end = path.number() == 0 && path.isFull() ? to + shift : to;
            Files.write(export.resolve(path.toString()), Bundle.of(leaves.subList(at, end)));
            at = end;
        }
    }

    /// Makes the whole export anew over other entries, signed by somebody else.
    private void rewrite(List<byte[]> leaves, NoteSigner signer) throws IOException {
        for (var file : filesOf(export)) {
            Files.delete(file);
        }
        var tree = Frontier.EMPTY;
        var hashes = new ArrayList<byte[]>();
        for (var leaf : leaves) {
            hashes.add(Merkle.leafHash(leaf));
            tree = tree.append(hashes.getLast());
        }
        var tile = new TilePath(0, 0, leaves.size());
        var bundle = new TilePath(TilePath.ENTRIES, 0, leaves.size());
        Files.createDirectories(export.resolve(tile.toString()).getParent());
        Files.createDirectories(export.resolve(bundle.toString()).getParent());
        Files.write(export.resolve(tile.toString()), Entries.concatenate(hashes));
        Files.write(export.resolve(bundle.toString()), Bundle.of(leaves));
        Files.writeString(
                export.resolve("checkpoint"),
                Checkpoint.sign(TestLedger.ORIGIN, tree.size(), tree.root(), List.of(signer))
                        .note());
    }
}
