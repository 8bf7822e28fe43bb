package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupsTest {
    @TempDir
    Path folder;

    private Path file;
    private Path copy;

    @BeforeEach
    void names() {
        file = folder.resolve("store.db");
        copy = folder.resolve("backup.db");
    }

    @Test
    void a_backup_made_under_load_is_one_moment_of_the_store() throws Exception {
        var next = new AtomicLong(1);
        var stop = new AtomicBoolean();
        try (var test = new TestStore(file)) {
            var writer = Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    // Two rows a work: whoever sees one sees both, and all before them.
                    long n = next.getAndAdd(2);
                    test.store.write(tx -> TestStore.insert(tx, n) + TestStore.insert(tx, n + 1));
                }
            });
            while (next.get() < 500) {
                Thread.onSpinWait();
            }
            long before = next.get() - 3;
            test.store.backup(copy);
            stop.set(true);
            writer.join();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
                    .isEqualTo("rw-------");

            var restored = folder.resolve("restored.db");
            SqliteStore.restore(copy, restored, false, InstantSource.system());
            try (var second = new TestStore(restored)) {
                var numbers = second.numbers();
                assertThat(numbers.size()).isEven().isGreaterThanOrEqualTo((int) before);
                assertThat(numbers)
                        .isEqualTo(LongStream.rangeClosed(1, numbers.size())
                                .boxed()
                                .toList());
                assertThat(second.store.check()).isEmpty();
            }
        }
        assertThat(namesIn()).isEqualTo(List.of("backup.db", "restored.db", "store.db"));
    }

    @Test
    void a_backup_overwrites_nothing() throws Exception {
        Files.writeString(copy, "mine");
        try (var test = new TestStore(file)) {
            assertThatThrownBy(() -> test.store.backup(copy))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("overwrites nothing");
        }
        assertThat(copy).hasContent("mine");
    }

    @Test
    void a_backup_that_fails_leaves_nothing_that_looks_like_one() {
        try (var test = new TestStore(file)) {
            assertThatThrownBy(() -> test.store.backup(folder.resolve("missing/backup.db")))
                    .isInstanceOf(StoreRefused.class);
        }
        assertThat(folder.resolve("missing")).doesNotExist();
    }

    @Test
    void a_store_is_replaced_only_when_that_was_said_and_is_kept() throws Exception {
        backedUpWith(1);
        try (var test = new TestStore(file)) {
            test.store.write(tx -> TestStore.insert(tx, 2));
        }
        assertThatThrownBy(() -> SqliteStore.restore(copy, file, false, InstantSource.system()))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("exists already")
                .hasMessageContaining("--replace");

        SqliteStore.restore(copy, file, true, InstantSource.system());
        try (var test = new TestStore(file)) {
            assertThat(test.numbers()).containsExactly(1L);
        }
        var aside = namesIn().stream().filter(it -> it.contains(".replaced-")).toList();
        assertThat(aside).hasSize(1);
        try (var test = new TestStore(folder.resolve(aside.getFirst()))) {
            assertThat(test.numbers()).containsExactly(1L, 2L);
        }
    }

    @Test
    void a_store_in_use_is_not_replaced() {
        backedUpWith(1);
        try (var test = new TestStore(file)) {
            assertThatThrownBy(() -> SqliteStore.restore(copy, file, true, InstantSource.system()))
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining("in use");
            test.store.write(tx -> TestStore.insert(tx, 2));
            assertThat(test.numbers()).containsExactly(1L, 2L);
        }
    }

    @Test
    void a_damaged_store_is_replaced_and_kept_as_it_was() throws Exception {
        backedUpWith(1);
        Files.writeString(file, "no database any more, alas");
        Files.writeString(folder.resolve("store.db-wal"), "nor its log");
        SqliteStore.restore(copy, file, true, InstantSource.system());
        try (var test = new TestStore(file)) {
            assertThat(test.numbers()).containsExactly(1L);
        }
        assertThat(namesIn().stream().filter(it -> it.contains(".replaced-"))).hasSize(2);
    }

    @Test
    void what_is_no_backup_of_ours_is_refused_and_changes_nothing() throws Exception {
        backedUpWith(1);
        var bytes = Files.readAllBytes(copy);
        for (int i = bytes.length - 8_192; i < bytes.length; i++) {
            bytes[i] ^= 0x5a;
        }
        Files.write(copy, bytes);
        assertThatThrownBy(() -> SqliteStore.restore(copy, file, true, InstantSource.system()))
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("damaged");
        Files.writeString(copy, "not even a database, this");
        assertThatThrownBy(() -> SqliteStore.restore(copy, file, true, InstantSource.system()))
                .isInstanceOf(StoreRefused.class);
        try (var test = new TestStore(file)) {
            assertThat(test.numbers()).containsExactly(1L);
        }
        assertThat(namesIn()).isEqualTo(List.of("backup.db", "store.db"));
    }

    private void backedUpWith(long n) {
        try (var test = new TestStore(file)) {
            test.store.write(tx -> TestStore.insert(tx, n));
            test.store.backup(copy);
        }
    }

    private List<String> namesIn() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }
}
