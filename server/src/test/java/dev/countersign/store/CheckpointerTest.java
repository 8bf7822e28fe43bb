package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointerTest {
    private static final int WORKS = 16_000;
    private static final int BYTES = 3_500; // nearly a page, so that the log would have 64 MiB in the end

    @TempDir
    Path folder;

    @Test
    void the_log_begins_anew_while_others_write_and_read() throws Exception {
        try (var store = SqliteStore.open(folder.resolve("store.db"), InstantSource.system())) {
            fill(store);
            assertThat(logged()).isBetween(1L << 20, 40L << 20);
            assertThat(count(store)).isEqualTo(WORKS);
            assertThat(store.check()).isEmpty();
        }
        assertThat(folder.resolve("store.db-wal")).doesNotExist();
    }

    @Test
    void a_reader_that_stays_keeps_the_log_and_what_it_saw() throws Exception {
        try (var store = SqliteStore.open(folder.resolve("store.db"), InstantSource.system())) {
            store.write(tx -> tx.sql().execute("CREATE TABLE page (bytes BLOB NOT NULL)"));
            var looked = new CountDownLatch(1);
            var filled = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var seen = threads.submit(() -> store.read(tx -> {
                    int before = count(tx);
                    looked.countDown();
                    awaited(filled);
                    return count(tx) - before;
                }));
                looked.await();
                fill(store);
                assertThat(logged()).isGreaterThan(48L << 20);
                filled.countDown();
                assertThat(seen.get()).isZero();
            }
            fill(store);
            assertThat(count(store)).isEqualTo(2 * WORKS);
            assertThat(store.check()).isEmpty();
        }
    }

    private static void fill(Store store) {
        store.write(tx -> tx.sql().execute("CREATE TABLE IF NOT EXISTS page (bytes BLOB NOT NULL)"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 64)
                    .forEach(_ -> threads.execute(() -> {
                        for (int i = 0; i < WORKS / 64; i++) {
                            store.write(tx -> {
                                var insert = tx.prepare("INSERT INTO page (bytes) VALUES (?)");
                                insert.setBytes(1, new byte[BYTES]);
                                return insert.executeUpdate();
                            });
                            store.read(tx -> tx.sql()
                                    .select("SELECT 1 FROM page LIMIT 1")
                                    .mapTo(Integer.class)
                                    .findOne());
                        }
                    }));
        }
    }

    private static int count(Store store) {
        return store.read(CheckpointerTest::count);
    }

    private static int count(Tx tx) {
        return tx.sql()
                .createQuery("SELECT COUNT(*) FROM page")
                .mapTo(Integer.class)
                .one();
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long logged() throws IOException {
        return Files.size(folder.resolve("store.db-wal"));
    }
}
