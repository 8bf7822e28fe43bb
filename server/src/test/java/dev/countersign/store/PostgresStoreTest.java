package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestClock;
import dev.countersign.TestPostgres;
import dev.countersign.TestStores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/// What only a PostgreSQL store does, on a PostgreSQL that these tests stop, start and set wrong.
final class PostgresStoreTest {
    @TempDir
    Path folder;

    private EmbeddedPostgres postgres;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(TestStores.onPostgres(), "runs with the others that need PostgreSQL");
        postgres = start(0, Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    private EmbeddedPostgres start(int port, Map<String, String> settings) throws IOException {
        var builder = TestPostgres.builder(folder, settings)
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private StoreAddress.Postgres address() {
        return address(postgres.getPort(), "");
    }

    /// @param driver what the driver is told besides; with `prepareThreshold=0` it says COMMIT in full each time
    private static StoreAddress.Postgres address(int port, String driver) {
        return new StoreAddress.Postgres(URI.create("postgresql://postgres@localhost:" + port + "/postgres" + driver));
    }

    private void restart(Map<String, String> settings) throws IOException {
        int port = postgres.getPort();
        postgres.close();
        postgres = start(port, settings);
    }

    private TestStore open() {
        return new TestStore(PostgresStore.open(address(), InstantSource.system()));
    }

    @Test
    void what_would_lose_an_answer_is_refused() throws IOException {
        for (var setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
            restart(Map.of(setting, "off"));
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreRefused.class)
                    .hasMessageContaining(setting + " = off")
                    .hasMessageContaining("set it to on");
        }
        restart(Map.of("default_transaction_read_only", "on"));
        assertThatThrownBy(this::open).isInstanceOf(StoreRefused.class).hasMessageContaining("only reads");
    }

    /// It is without a transaction, and so is not kept from writing by one.
    @Test
    void who_only_looks_cannot_write() {
        try (var test = open()) {
            test.store.write(tx -> TestStore.insert(tx, 1));
            long seen = test.store.look(tx -> tx.sql()
                    .createQuery("SELECT max(n) FROM number")
                    .mapTo(Long.class)
                    .one());
            assertThat(seen).isEqualTo(1);
            assertThatThrownBy(() -> test.store.look(tx -> TestStore.insert(tx, 2)))
                    .hasMessageContaining("read-only");
            assertThat(test.numbers()).containsExactly(1L);
        }
    }

    /// The pool looks when it was idle for half a second. Nobody would end what that began while it stays idle.
    @Test
    void a_look_whether_a_connection_is_still_there_begins_no_transaction() throws Exception {
        try (var source = PostgresPools.pooled(address());
                var pool = PostgresPools.readers(source);
                var other = PostgresPools.source(address()).getConnection();
                var asks = other.prepareStatement("SELECT state FROM pg_stat_activity WHERE pid = ?")) {
            pool.getConnection().close();
            Thread.sleep(700);
            try (var connection = pool.getConnection()) {
                asks.setInt(1, connection.unwrap(PGConnection.class).getBackendPID());
                try (var state = asks.executeQuery()) {
                    state.next();
                    assertThat(state.getString(1)).isEqualTo("idle");
                }
            }
        }
    }

    @Test
    void it_is_the_version_that_the_build_names() throws SQLException {
        var wanted = System.getProperty("countersign.test.postgresql", "");
        try (var connection = PostgresPools.source(address()).getConnection()) {
            assertThat(wanted).startsWith(connection.getMetaData().getDatabaseMajorVersion() + ".");
        }
    }

    @Test
    void a_version_that_is_too_old_is_refused() {
        PostgresOpening.refuseOld(address(), 140_000, "14.0");
        assertThatThrownBy(() -> PostgresOpening.refuseOld(address(), 130_023, "13.23"))
                .isInstanceOf(StoreRefused.class)
                .hasMessageEndingWith("is PostgreSQL 13.23: Countersign needs 14 or later");
    }

    @Test
    void a_schema_that_a_newer_program_wrote_is_worked_with_when_it_says_so_and_stays_as_it_is() {
        try (var test = open()) {
            newer(test, 12);
            test.store.write(tx -> TestStore.insert(tx, 1));
        }
        try (var test = open()) {
            test.store.write(tx -> TestStore.insert(tx, 2));
            assertThat(test.numbers()).containsExactly(1L, 2L);
            String found = test.store.read(tx -> tx.sql()
                    .createQuery("SELECT fingerprint FROM schema_fingerprint")
                    .mapTo(String.class)
                    .one());
            assertThat(found).isEqualTo("newer");
        }
    }

    @Test
    void a_schema_that_a_newer_program_wrote_is_refused_when_it_needs_that() {
        try (var test = open()) {
            newer(test, 99);
        }
        assertThatThrownBy(this::open).isInstanceOf(StoreRefused.class).hasMessageContaining("has schema 99");
    }

    private static void newer(TestStore test, int oldest) {
        for (var sql : List.of(
                "CREATE TABLE later (n BIGINT)",
                "ALTER TABLE approval ADD COLUMN later TEXT",
                "UPDATE flyway_schema_history SET version = '99' WHERE version = '1'",
                "UPDATE schema_fingerprint SET fingerprint = 'newer'",
                "UPDATE schema_compatible SET oldest = " + oldest)) {
            test.store.write(tx -> tx.sql().execute(sql));
        }
    }

    @Test
    void a_node_whose_clock_is_wrong_does_not_start_and_stops_writing() {
        var clock = new TestClock(Instant.now().plus(Duration.ofSeconds(60)));
        assertThatThrownBy(() -> PostgresStore.open(address(), clock, true).close())
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining("ahead of the store's");

        clock.advance(Duration.between(clock.instant(), Instant.now()));
        try (var test = new TestStore(PostgresStore.open(address(), clock, true))) {
            test.store.write(tx -> TestStore.insert(tx, 1));
            clock.advance(Duration.ofSeconds(60));
            until(() -> test.store.health() instanceof Health.Paused);
            assertThatThrownBy(() -> test.store.write(tx -> TestStore.insert(tx, 2)))
                    .isInstanceOf(StoreFailed.class)
                    .hasMessageContaining("ahead of the store's");
            assertThat(test.numbers()).containsExactly(1L);
        }
    }

    @Test
    void of_many_that_read_and_write_the_same_none_is_lost() {
        try (var test = open()) {
            test.store.write(tx -> TestStore.insert(tx, 0));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 60; i++) {
                    threads.execute(() -> test.store.write(tx -> TestStore.insertAfterLooking(
                            tx,
                            1
                                    + tx.sql()
                                            .createQuery("SELECT max(n) FROM number")
                                            .mapTo(Long.class)
                                            .one())));
                }
            }
            assertThat(test.numbers()).hasSize(61).endsWith(60L);
        }
    }

    @Test
    void hooks_run_once_however_often_the_work_did() throws Exception {
        try (var test = open()) {
            var kept = new AtomicInteger();
            var tried = new AtomicInteger();
            var looked = new CountDownLatch(2); // the first two write what neither has seen of the other
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 40; i++) {
                    threads.execute(() -> test.store.write(tx -> {
                        tx.afterCommit(kept::incrementAndGet);
                        long count = tx.sql()
                                .createQuery("SELECT count(*) FROM number")
                                .mapTo(Long.class)
                                .one();
                        if (tried.incrementAndGet() <= 2) {
                            looked.countDown();
                            until(looked);
                        }
                        return TestStore.insertAfterLooking(tx, count);
                    }));
                }
            }
            assertThat(kept).hasValue(40);
            assertThat(tried.get()).isGreaterThan(40);
        }
    }

    private static void until(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_write_that_was_stopped_in_its_midst_is_run_again_as_of_now() {
        var clock = new TestClock();
        try (var numbers = new TestStore(PostgresStore.open(address(), clock, false))) {
            var began = new ArrayList<Instant>();
            numbers.store.writeGuarded(tx -> {
                began.add(tx.now());
                if (began.size() == 1) {
                    clock.advance(Duration.ofSeconds(6));
                }
                return TestStore.insert(tx, 7);
            });
            assertThat(began).hasSize(2);
            assertThat(began.getLast()).isEqualTo(clock.instant());
            assertThat(numbers.numbers()).containsExactly(7L);
        }
    }

    /// What it tells of was made before it began, and is not made anew when it is run again.
    @Test
    void a_write_that_tells_of_what_is_too_old_by_its_commit_fails() {
        var clock = new TestClock();
        try (var numbers = new TestStore(PostgresStore.open(address(), clock, false))) {
            var sealed = clock.instant();
            clock.advance(Duration.ofSeconds(3));
            assertThatThrownBy(() -> numbers.store.writeGuarded(tx -> {
                        tx.tellsOf(sealed);
                        clock.advance(Duration.ofSeconds(3));
                        return TestStore.insert(tx, 7);
                    }))
                    .isInstanceOf(StoreFailed.class)
                    .hasMessageContaining("took too long");
            assertThat(numbers.numbers()).isEmpty();
        }
    }

    @Test
    void a_work_that_throws_leaves_nothing_and_says_why() {
        try (var test = open()) {
            assertThatThrownBy(() -> test.store.write(tx -> {
                        TestStore.insert(tx, 1);
                        throw new IllegalStateException("changed its mind");
                    }))
                    .hasMessage("changed its mind");
            test.store.write(tx -> TestStore.insert(tx, 2));
            assertThatThrownBy(() -> test.store.write(tx -> TestStore.insert(tx, 2)))
                    .hasMessageContaining("duplicate key");
            assertThat(test.numbers()).containsExactly(2L);
            assertThat(test.store.health()).isEqualTo(new Health.Good());
        }
    }

    @Test
    void a_work_asks_the_store_for_no_other() {
        try (var test = open()) {
            assertThatThrownBy(() -> test.store.write(tx -> test.store.write(other -> 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use the Tx it was given");
        }
    }

    @Test
    void while_the_database_is_away_nothing_is_told_done_and_all_goes_on_when_it_is_back() throws IOException {
        try (var test = open()) {
            test.store.write(tx -> TestStore.insert(tx, 1));
            int port = postgres.getPort();
            postgres.close();
            assertThatThrownBy(() -> test.store.write(tx -> TestStore.insert(tx, 2)))
                    .isInstanceOf(StoreFailed.class);
            until(() -> test.store.health() instanceof Health.Paused);

            postgres = start(port, Map.of());
            until(() -> test.store.health() instanceof Health.Good);
            test.store.write(tx -> TestStore.insert(tx, 3));
            assertThat(test.numbers()).containsExactly(1L, 3L);
        }
    }

    @Test
    void a_commit_whose_acknowledgement_is_lost_is_not_told_done_and_not_done_twice() throws IOException {
        try (var proxy = new LossyProxy(postgres.getPort());
                var test = new TestStore(
                        PostgresStore.open(address(proxy.port(), "?prepareThreshold=0"), InstantSource.system()))) {
            test.store.write(tx -> TestStore.insert(tx, 1));
            proxy.loseTheNextAcknowledgement();
            assertThatThrownBy(() -> test.store.write(tx -> TestStore.insert(tx, 2)))
                    .isInstanceOf(StoreFailed.class);
            assertThat(proxy.hasLost()).isTrue();
            until(() -> test.numbers().size() == 2);
            test.store.write(tx -> TestStore.insert(tx, 3));
            assertThat(test.numbers()).containsExactly(1L, 2L, 3L);
        }
    }

    @Test
    void a_connection_that_goes_before_the_commit_costs_nothing() {
        try (var test = open()) {
            var tries = new AtomicInteger();
            test.store.write(tx -> {
                TestStore.insert(tx, 1);
                if (tries.incrementAndGet() == 1) {
                    tx.sql().execute("SELECT pg_terminate_backend(pg_backend_pid())");
                }
                return TestStore.insert(tx, 2);
            });
            assertThat(tries).hasValue(2);
            assertThat(test.numbers()).containsExactly(1L, 2L);
        }
    }

    @Test
    void a_notice_is_heard_by_whoever_subscribed() {
        try (var test = open();
                var other = open()) {
            var heard = new AtomicInteger();
            try (var _ = other.store.subscribe("countersign_test", heard::incrementAndGet)) {
                until(() -> heard.get() > 0); // on subscribing, for what was said before
                int before = heard.get();
                test.store.write(tx -> tx.sql()
                        .createQuery("SELECT 1 FROM pg_notify('countersign_test', '')")
                        .mapTo(Integer.class)
                        .one());
                until(() -> heard.get() > before);
            }
        }
    }

    private static void until(BooleanSupplier done) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to pass");
            }
            LockSupport.parkNanos(100_000); // the other thread needs the processor
        }
    }
}
