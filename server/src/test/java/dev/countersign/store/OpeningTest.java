package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpeningTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("store.db");
    }

    @Test
    void a_new_store_is_for_its_owner_alone() throws IOException {
        try (var test = new TestStore(file)) {
            assertThat(test.store.check()).isEmpty();
            for (var part : new String[] {"store.db", "store.db-wal", "store.db-shm"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(part))))
                        .as(part)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void every_connection_has_the_safe_settings() {
        try (var test = new TestStore(file)) {
            Work<String> settings = tx -> {
                var found = new StringBuilder();
                for (var name :
                        new String[] {"journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout"
                        }) {
                    found.append(tx.sql()
                                    .createQuery("PRAGMA " + name)
                                    .mapTo(String.class)
                                    .one())
                            .append(' ');
                }
                return found.toString();
            };
            assertThat(test.store.write(settings)).isEqualTo("wal 2 1 0 5000 ");
            assertThat(test.store.read(settings)).isEqualTo("wal 2 1 0 5000 ");
        }
    }

    @Test
    void what_was_written_is_there_after_a_restart() {
        try (var test = new TestStore(file)) {
            test.store.write(tx -> TestStore.insert(tx, 1));
        }
        try (var test = new TestStore(file)) {
            assertThat(test.numbers()).containsExactly(1L);
        }
    }

    @Test
    void a_database_of_another_program_is_refused_and_left_as_it_was() throws Exception {
        sql("CREATE TABLE theirs (n)");
        var before = Files.readAllBytes(file);
        refused().hasMessageContaining("another program");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_as_it_was() throws Exception {
        Files.writeString(file, "Dear diary, this is more than sixteen bytes.");
        refused().hasMessageContaining("not a Countersign store");
        assertThat(file).hasContent("Dear diary, this is more than sixteen bytes.");
    }

    @Test
    void an_empty_file_where_a_store_should_be_is_refused() throws Exception {
        Files.createFile(file);
        refused().hasMessageContaining("is empty");
    }

    @Test
    void a_newer_schema_is_worked_with_when_it_says_so() throws Exception {
        new TestStore(file).close();
        sql(
                "PRAGMA user_version = 9999",
                "UPDATE schema_fingerprint SET fingerprint = 'newer'",
                "ALTER TABLE approval ADD COLUMN later TEXT");
        try (var test = new TestStore(file)) {
            test.store.write(tx -> TestStore.insert(tx, 1));
        }
        sql("UPDATE schema_compatible SET oldest = 9999");
        refused().hasMessageContaining("has schema 9999").hasMessageContaining("start the newer version");
        sql("DROP TABLE schema_compatible");
        refused().hasMessageContaining("has schema 9999");
    }

    @Test
    void a_schema_whose_history_was_changed_is_refused() throws Exception {
        new TestStore(file).close();
        sql("UPDATE flyway_schema_history SET checksum = 1", "UPDATE schema_fingerprint SET fingerprint = ''");
        refused().hasMessageContaining("could not be brought up to date");
    }

    @Test
    void a_schema_is_not_changed_under_a_program_that_runs() throws Exception {
        try (var running = new TestStore(file)) {
            running.store.write(tx -> tx.sql().execute("UPDATE schema_fingerprint SET fingerprint = ''"));
            refused().hasMessageContaining("in use").hasMessageContaining("stop that first");
            running.store.write(tx -> TestStore.insert(tx, 1));
        }
        try (var test = new TestStore(file)) {
            assertThat(test.numbers()).containsExactly(1L);
        }
    }

    @Test
    void damage_found_while_running_stops_all_writes_for_good() throws Exception {
        try (var test = new TestStore(file)) {
            test.store.write(tx -> tx.sql().execute("CREATE TABLE big (b TEXT)"));
            for (int i = 0; i < 50; i++) {
                test.store.write(tx -> tx.sql().execute("INSERT INTO big (b) VALUES (?)", "x".repeat(3_000)));
            }
            sql("PRAGMA wal_checkpoint(TRUNCATE)");
            damageTheEnd();
            assertThatThrownBy(() -> test.store.read(tx -> tx.sql()
                            .createQuery("SELECT sum(length(b)) FROM big")
                            .mapTo(Long.class)
                            .one()))
                    .isInstanceOf(StoreFailed.class);
            assertThat(test.store.health()).isInstanceOf(Health.Stopped.class);
            assertThat(test.store.health().writable()).isFalse();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> test.store.write(tx -> TestStore.insert(tx, 1)))
                        .isInstanceOf(StoreFailed.class)
                        .hasMessageContaining("until it is started again");
            }
        }
    }

    @Test
    void a_damaged_page_is_found() throws Exception {
        try (var test = new TestStore(file)) {
            for (int i = 0; i < 2_000; i++) {
                long n = i;
                test.store.write(tx -> TestStore.insert(tx, n));
            }
        }
        damageTheEnd();
        refused().hasMessageContaining("damaged").hasMessageContaining("restore a backup");
    }

    @Test
    void a_read_only_file_is_refused() throws Exception {
        new TestStore(file).close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        refused().hasMessageContaining("read-only");
    }

    @Test
    void a_place_where_no_file_can_be_is_refused() {
        file = folder.resolve("missing/store.db");
        refused().hasMessageContaining("give a path that can be written");
        file = folder;
        refused().hasMessageContaining("is not a file");
    }

    private void damageTheEnd() throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var garbage = ByteBuffer.wrap("damage".repeat(4_096).getBytes(StandardCharsets.UTF_8));
            channel.write(garbage, channel.size() - garbage.limit());
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused() {
        return assertThatThrownBy(
                        () -> SqliteStore.open(file, InstantSource.system()).close())
                .isInstanceOf(StoreRefused.class);
    }

    private void sql(String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
