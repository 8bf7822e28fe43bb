package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.TestStores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes from a SQLite store to a PostgreSQL one, by the schemas as they stand.
final class MovedTablesTest {
    @TempDir
    Path folder;

    private Path file;
    private StoreAddress.Postgres address;
    private SqliteSession from;
    private Connection to;

    @BeforeEach
    void open() throws SQLException {
        assumeTrue(TestStores.onPostgres(), "runs with the others that need PostgreSQL");
        file = folder.resolve("store.db");
        SqliteStore.open(file, InstantSource.system()).close();
        address = new StoreAddress.Postgres(TestStores.ofItsOwn(folder.resolve("target")));
        from = Connections.plain(file);
        to = PostgresPools.source(address).getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        if (to != null) {
            from.close();
            to.close();
        }
    }

    /// A table that is new here has to be thought of: does it go along, and if not, why not?
    @Test
    void every_table_goes_along_or_is_named_here() throws SQLException {
        var moved = new HashSet<>(
                new MovedTables(from, to).list().stream().map(MovedTable::name).toList());
        var ofSqlite = new HashSet<>(from.texts("SELECT name FROM sqlite_schema WHERE type = 'table'"));
        ofSqlite.removeIf(it -> it.startsWith("sqlite_"));
        ofSqlite.removeAll(moved);
        assertThat(ofSqlite)
                .containsExactlyInAnyOrder("flyway_schema_history", "schema_fingerprint", "schema_compatible");

        var ofPostgres = new HashSet<>(here("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
                + " AND relnamespace = current_schema()::regnamespace"));
        assertThat(ofPostgres).containsAll(moved);
        ofPostgres.removeAll(moved);
        assertThat(ofPostgres)
                .containsExactlyInAnyOrder(
                        "flyway_schema_history",
                        "schema_fingerprint",
                        "schema_compatible",
                        "ledger_staged",
                        "ledger_head",
                        "client_turn",
                        "passage");
    }

    @Test
    void a_table_that_only_one_of_them_has_stops_the_move() throws SQLException {
        from.run("CREATE TABLE later (n BIGINT)");
        refused("table later is not the same in both stores");
        run("CREATE TABLE later (n BIGINT, more TEXT)");
        refused("table later is not the same in both stores");
        from.run("DROP TABLE later");
        refused("tables that no SQLite store has, [later]");
    }

    private void refused(String why) {
        assertThatThrownBy(() -> new MovedTables(from, to).list())
                .isInstanceOf(StoreRefused.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_table_goes_after_those_that_it_refers_to() throws SQLException {
        for (var sql : List.of(
                "CREATE TABLE child (of TEXT REFERENCES parent (id))", "CREATE TABLE parent (id TEXT PRIMARY KEY)")) {
            from.run(sql);
        }
        run("CREATE TABLE parent (id TEXT PRIMARY KEY)");
        run("CREATE TABLE child (of TEXT REFERENCES parent (id))");
        var names =
                new MovedTables(from, to).list().stream().map(MovedTable::name).toList();
        assertThat(names).containsSubsequence("parent", "child").containsSubsequence("approval", "vote");
    }

    @Test
    void values_arrive_as_they_were_and_numbers_go_on_after_them() throws SQLException {
        from.run("CREATE TABLE later (n INTEGER PRIMARY KEY, words TEXT, bytes BYTEA, number BIGINT)");
        run(
                "CREATE TABLE later (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words TEXT, bytes BYTEA, number BIGINT)");
        from.run(
                "INSERT INTO later VALUES (1, 'a\\b' || char(10, 9) || '\"''ü\uD83D\uDE00', x'00ff0a5c', -9223372036854775808)");
        from.run("INSERT INTO later VALUES (5, NULL, NULL, NULL), (9, '', x'', 0)");
        move();
        assertThat(here("SELECT n || '|' || coalesce(words, '-') || '|' || coalesce(encode(bytes, 'hex'), '-') || '|'"
                        + " || coalesce(number::text, '-') FROM later ORDER BY n"))
                .containsExactly("1|a\\b\n\t\"'ü\uD83D\uDE00|00ff0a5c|-9223372036854775808", "5|-|-|-", "9|||0");
        run("INSERT INTO later (words) VALUES ('next')");
        assertThat(here("SELECT n FROM later WHERE words = 'next'")).containsExactly("10");
    }

    @Test
    void what_only_locks_or_waits_in_the_database_means_that_it_is_in_use() throws SQLException {
        run("INSERT INTO client_turn (client, turns) VALUES ('bot', 1)");
        assertThatThrownBy(this::move).isInstanceOf(StoreRefused.class).hasMessageContaining("is not empty");
    }

    private void move() throws SQLException {
        new Moving<>(file, address, _ -> Set.of(), _ -> Set.of(), new Silent(), InstantSource.system()).run();
    }

    private static final class Silent implements Moving.Told {
        @Override
        public void copied(String table, long rows, long of) {}

        @Override
        public void stage(Moving.Stage stage) {}
    }

    private void run(String sql) throws SQLException {
        try (var statement = to.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> here(String sql) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = to.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
