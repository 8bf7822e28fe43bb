package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupCommitTest {
    @TempDir
    Path folder;

    private TestStore test;
    private Store store;

    @BeforeEach
    void open() {
        test = new TestStore(folder.resolve("store.db"));
        store = test.store;
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void works_that_wait_together_are_one_group_in_the_order_they_came() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<String>());
        var answers = test.together(tx -> noted(tx, 1, order), tx -> noted(tx, 2, order), tx -> noted(tx, 3, order));
        var groups = answers.stream().map(it -> it.join()).distinct().toList();
        assertThat(groups).hasSize(1);
        assertThat(order).containsExactly("did 1", "did 2", "did 3", "kept 1", "kept 2", "kept 3");
        assertThat(test.numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_later_group_has_a_higher_number() {
        long first = store.write(Tx::group);
        long second = store.write(Tx::group);
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void a_work_that_throws_takes_back_itself_and_nothing_else() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<String>());
        var answers = test.together(
                tx -> noted(tx, 1, order),
                tx -> {
                    noted(tx, 2, order);
                    throw new IllegalArgumentException("no");
                },
                tx -> noted(tx, 3, order));
        assertThat(answers.get(0)).succeedsWithin(Duration.ofSeconds(10));
        assertThat(answers.get(2)).succeedsWithin(Duration.ofSeconds(10));
        assertThatThrownBy(answers.get(1)::join).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(test.numbers()).containsExactly(1L, 3L);
        // All went back, and then each was tried by itself.
        assertThat(order)
                .containsExactly(
                        "did 1",
                        "did 2",
                        "took back 2",
                        "took back 1",
                        "did 1",
                        "did 2",
                        "took back 2",
                        "did 3",
                        "kept 1",
                        "kept 3");
    }

    @Test
    void a_broken_constraint_is_the_works_own_fault_and_the_store_is_well() {
        store.write(tx -> TestStore.insert(tx, 1));
        assertThatThrownBy(() -> store.write(tx -> TestStore.insert(tx, 1)))
                .isInstanceOf(UnableToExecuteStatementException.class);
        assertThat(store.health()).isEqualTo(new Health.Good());
    }

    @Test
    void a_group_that_cannot_be_committed_fails_for_all() throws Exception {
        store.write(tx -> tx.sql().execute("CREATE TABLE child (n BIGINT REFERENCES number (n))"));
        var order = Collections.synchronizedList(new ArrayList<String>());
        var answers = test.together(
                tx -> noted(tx, 1, order),
                tx -> {
                    // Found out only by COMMIT.
                    tx.sql().execute("PRAGMA defer_foreign_keys = ON");
                    tx.sql().execute("INSERT INTO child (n) VALUES (99)");
                    return noted(tx, 2, order);
                },
                tx -> noted(tx, 3, order));
        for (var answer : answers) {
            assertThatThrownBy(answer::join).hasCauseInstanceOf(StoreFailed.class);
        }
        assertThat(test.numbers()).isEmpty();
        assertThat(order).containsExactly("did 1", "did 2", "did 3", "took back 3", "took back 2", "took back 1");
        assertThat(store.health()).isInstanceOf(Health.Ailing.class);

        store.write(tx -> TestStore.insert(tx, 4));
        assertThat(test.numbers()).containsExactly(4L);
        assertThat(store.health()).isEqualTo(new Health.Good());
    }

    @Test
    void a_group_that_sqlite_rolled_back_by_itself_fails_for_all() throws Exception {
        store.write(tx -> TestStore.insert(tx, 7));
        var answers = test.together(
                tx -> TestStore.insert(tx, 1),
                tx -> {
                    try {
                        return tx.sql().execute("INSERT OR ROLLBACK INTO number (n) VALUES (7)");
                    } catch (UnableToExecuteStatementException swallowed) {
                        return 0;
                    }
                },
                tx -> TestStore.insert(tx, 3));
        for (var answer : answers) {
            assertThatThrownBy(answer::join).hasCauseInstanceOf(StoreFailed.class);
        }
        assertThat(test.numbers()).containsExactly(7L);
    }

    @Test
    void a_full_disk_fails_the_write_and_is_survived() {
        store.write(tx -> tx.sql().execute("CREATE TABLE big (b BYTEA)"));
        long pages = pragma("page_count");
        pragma("max_page_count = " + (pages + 20));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        store.write(tx -> tx.sql().execute("INSERT INTO big (b) VALUES (?)", new byte[8_000]));
                    }
                })
                .isInstanceOf(StoreFailed.class);
        assertThat(store.health())
                .isInstanceOfSatisfying(
                        Health.Ailing.class, it -> assertThat(it.because()).contains("full"));
        pragma("max_page_count = 1000000");
        store.write(tx -> tx.sql().execute("INSERT INTO big (b) VALUES (?)", new byte[8_000]));
        assertThat(store.health()).isEqualTo(new Health.Good());
    }

    @Test
    void a_statement_that_failed_is_good_for_the_next_work() {
        Work<Boolean> insert = tx -> {
            var statement = tx.prepare("INSERT INTO single (n) VALUES (?)");
            statement.setLong(1, 1);
            return statement.execute();
        };
        store.write(tx -> tx.sql().execute("CREATE TABLE single (n BIGINT PRIMARY KEY)"));
        store.write(insert);
        assertThatThrownBy(() -> store.write(insert)).hasStackTraceContaining("UNIQUE");
        store.write(tx -> tx.sql().execute("DELETE FROM single"));

        store.write(insert);
        assertThatThrownBy(() -> store.write(insert)).hasStackTraceContaining("UNIQUE");
    }

    @Test
    void an_error_in_a_work_reaches_its_caller_and_the_writer_lives() {
        assertThatThrownBy(() -> store.write(tx -> {
                    throw new OutOfMemoryError("planted");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        store.write(tx -> TestStore.insert(tx, 1));
        assertThat(test.numbers()).containsExactly(1L);
    }

    @Test
    void a_hook_that_throws_hurts_nobody() {
        var ran = new ArrayList<String>();
        store.write(tx -> {
            tx.afterCommit(() -> {
                throw new IllegalStateException("planted");
            });
            tx.afterCommit(() -> ran.add("second"));
            return TestStore.insert(tx, 1);
        });
        assertThat(ran).containsExactly("second");
        assertThat(test.numbers()).containsExactly(1L);
    }

    @Test
    void a_work_that_asks_the_store_again_is_told_so_at_once() {
        assertThatThrownBy(() -> store.write(tx -> store.write(inner -> 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.write(tx -> store.read(inner -> 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.read(tx -> store.write(inner -> 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.read(tx -> store.read(inner -> 1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_transaction_is_of_no_use_once_it_is_over() {
        var kept = new AtomicReference<Tx>();
        store.write(tx -> {
            kept.set(tx);
            return 0;
        });
        assertThatThrownBy(() -> kept.get().sql()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> kept.get().prepare("SELECT 1")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void more_than_the_queue_holds_is_refused_at_once() throws Exception {
        try (var small = new TestStore(SqliteStore.open(folder.resolve("small.db"), InstantSource.system(), 2))) {
            var answers = small.together(
                    tx -> TestStore.insert(tx, 1), tx -> TestStore.insert(tx, 2), tx -> TestStore.insert(tx, 3));
            assertThatThrownBy(answers.get(2)::join).hasCauseInstanceOf(Overloaded.class);
            answers.get(0).join();
            answers.get(1).join();
            assertThat(small.numbers()).containsExactly(1L, 2L);
        }
    }

    @Test
    void a_caller_that_is_interrupted_still_learns_the_outcome() throws Exception {
        var seen = new AtomicReference<List<Object>>(List.of());
        var caller = Thread.ofVirtual().unstarted(() -> {
            Thread.currentThread().interrupt();
            seen.set(List.of(
                    store.write(tx -> TestStore.insert(tx, 1)),
                    Thread.currentThread().isInterrupted()));
        });
        caller.start();
        caller.join();
        assertThat(seen.get()).containsExactly(1, true);
    }

    @Test
    void a_read_cannot_write() {
        assertThatThrownBy(() -> store.read(tx -> TestStore.insert(tx, 1)))
                .isInstanceOf(UnableToExecuteStatementException.class);
        assertThatThrownBy(() -> store.read(Tx::group)).isInstanceOf(IllegalStateException.class);
        assertThat(store.health()).isEqualTo(new Health.Good());
    }

    @Test
    void a_result_set_left_open_keeps_no_snapshot() {
        for (long n = 0; n < 3; n++) {
            long number = n;
            store.write(tx -> TestStore.insert(tx, number));
        }
        store.write(tx -> leftOpen(tx));
        store.read(tx -> leftOpen(tx));
        // TRUNCATE succeeds, and answers 0, only where nobody still looks at the log.
        try (var other = Connections.plain(folder.resolve("store.db"))) {
            assertThat(other.pragma("wal_checkpoint(TRUNCATE)")).isEqualTo("0");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_closed_store_says_so() {
        store.close();
        assertThatThrownBy(() -> store.write(tx -> 1)).isInstanceOf(StoreFailed.class);
        assertThatThrownBy(() -> store.read(tx -> 1)).isInstanceOf(StoreFailed.class);
    }

    private static boolean leftOpen(Tx tx) throws SQLException {
        return tx.prepare("SELECT n FROM number").executeQuery().next();
    }

    private long pragma(String pragma) {
        return store.write(
                tx -> tx.sql().createQuery("PRAGMA " + pragma).mapTo(Long.class).one());
    }

    private static Object noted(Tx tx, long n, List<String> order) throws SQLException {
        TestStore.insert(tx, n);
        order.add("did " + n);
        tx.afterCommit(() -> order.add("kept " + n));
        tx.onRollback(() -> order.add("took back " + n));
        return tx.group();
    }
}
