package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// A store with one table of numbers, and ways to say which works share a group.
final class TestStore implements AutoCloseable {
    final Store store;

    TestStore(Path file) {
        this(SqliteStore.open(file, InstantSource.system()));
    }

    TestStore(Store store) {
        this.store = store;
        store.write(tx -> tx.sql().execute("CREATE TABLE IF NOT EXISTS number (n BIGINT NOT NULL PRIMARY KEY)"));
    }

    static int insert(Tx tx, long n) throws SQLException {
        var insert = tx.prepare("INSERT INTO number (n) VALUES (?)");
        insert.setLong(1, n);
        return insert.executeUpdate();
    }

    /// Reads before it writes, so that a transaction that was not begun to write could find itself overtaken.
    static int insertAfterLooking(Tx tx, long n) throws SQLException {
        try (var rows = tx.prepare("SELECT max(n) FROM number").executeQuery()) {
            rows.next();
        }
        return insert(tx, n);
    }

    List<Long> numbers() {
        return store.read(tx -> tx.sql()
                .createQuery("SELECT n FROM number ORDER BY n")
                .mapTo(Long.class)
                .list());
    }

    /// Does the works as one group, in this order: they are handed over while the writer is held up by another.
    @SafeVarargs
    final List<CompletableFuture<Object>> together(Work<Object>... works) throws InterruptedException {
        var held = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var answers = new ArrayList<CompletableFuture<Object>>();
        Thread.ofVirtual()
                .start(() -> store.write(tx -> {
                    held.countDown();
                    await(go);
                    return 0;
                }));
        held.await();
        for (var work : works) {
            int before = store.waiting();
            var answer = new CompletableFuture<>();
            answers.add(answer);
            Thread.ofVirtual().start(() -> {
                try {
                    answer.complete(store.write(work));
                } catch (Throwable thrown) {
                    answer.completeExceptionally(thrown);
                }
            });
            while (store.waiting() == before && !answer.isDone()) {
                Thread.onSpinWait();
            }
        }
        go.countDown();
        return answers;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
