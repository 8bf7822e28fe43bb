package dev.countersign.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What migrations do to nodes that are older and run on.
final class MigrationsTest {
    /// Those before it are older than the rule.
    private static final int FIRST = 12;

    /// What an older node does not notice.
    /// An index may go by its name when it guards nothing and another does for its queries.
    private static final Pattern ADDS = Pattern.compile("""
            CREATE TABLE .*|CREATE INDEX .*|INSERT INTO .*|DROP INDEX (approval_same|approval_pending)\
            |ALTER TABLE \\w+ ADD COLUMN (?!.*(NOT NULL(?!.* DEFAULT)|UNIQUE|CHECK|REFERENCES)).*""", Pattern.DOTALL);

    private static final Pattern NEEDS = Pattern.compile("UPDATE schema_compatible SET oldest = (\\d+)");

    private static final Pattern NEW = Pattern.compile("CREATE TABLE (\\w+) ");
    private static final Pattern GUARDS = Pattern.compile("CREATE UNIQUE INDEX \\w+ ON (\\w+) ");

    static Stream<Path> migrations() throws Exception {
        var folder = Path.of(Objects.requireNonNull(Migrations.class.getResource("/db/migration"))
                .toURI());
        try (var files = Files.walk(folder)) {
            return files
                    .filter(it -> it.toString().endsWith(".sql"))
                    .filter(it -> version(it) >= FIRST)
                    .toList()
                    .stream();
        }
    }

    private static int version(Path file) {
        return Integer.parseInt(file.getFileName().toString().replaceAll("^V|__.*$", ""));
    }

    @ParameterizedTest
    @MethodSource("migrations")
    void a_migration_adds_or_says_that_older_nodes_must_be_gone(Path file) throws IOException {
        var statements = statements(Files.readString(file));
        var needs = statements.stream()
                .map(NEEDS::matcher)
                .filter(it -> it.matches())
                .findFirst();
        if (needs.isPresent()) {
            assertThat(needs.get().group(1)).isEqualTo(Integer.toString(version(file)));
        } else {
            assertThat(notAdded(statements)).isEmpty();
        }
    }

    /// A table that an older node does not know may be guarded from its beginning.
    private static List<String> notAdded(List<String> statements) {
        var tables = statements.stream()
                .map(NEW::matcher)
                .filter(Matcher::lookingAt)
                .map(it -> it.group(1))
                .toList();
        return statements.stream()
                .filter(it -> !adds(it))
                .filter(it -> {
                    var guard = GUARDS.matcher(it);
                    return !guard.lookingAt() || !tables.contains(guard.group(1));
                })
                .toList();
    }

    private static boolean adds(String statement) {
        return ADDS.matcher(statement).matches();
    }

    private static List<String> statements(String sql) {
        return Stream.of(sql.replaceAll("(?m)--.*$", "").split(";"))
                .map(String::strip)
                .filter(it -> !it.isEmpty())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE approval",
                "ALTER TABLE approval DROP COLUMN words",
                "ALTER TABLE approval RENAME COLUMN words TO text",
                "ALTER TABLE approval ADD COLUMN later TEXT NOT NULL",
                "ALTER TABLE approval ADD COLUMN later TEXT UNIQUE",
                "DROP INDEX approval_open",
                "CREATE UNIQUE INDEX later ON approval (client)",
                "CREATE TRIGGER later BEFORE INSERT ON approval FOR EACH ROW EXECUTE FUNCTION ledger_refuses('no')",
                "UPDATE approval SET words = ''"
            })
    void what_an_older_node_would_notice_is_not_taken_for_an_addition(String statement) {
        assertThat(adds(statement)).isFalse();
    }

    @Test
    void only_a_table_of_the_same_migration_is_guarded_by_it() {
        var table = "CREATE TABLE later (n BIGINT NOT NULL)";
        var other = "CREATE UNIQUE INDEX later_client ON approval (client)";
        assertThat(notAdded(List.of(table, "CREATE UNIQUE INDEX later_n ON later (n)", other)))
                .containsExactly(other);
    }

    @Test
    void what_only_adds_is_let_through() {
        assertThat(Stream.of(
                        "CREATE TABLE later (n BIGINT NOT NULL UNIQUE)",
                        "CREATE INDEX later ON approval (client)",
                        "ALTER TABLE approval ADD COLUMN later TEXT",
                        "ALTER TABLE approval ADD COLUMN later BIGINT NOT NULL DEFAULT 0"))
                .allMatch(MigrationsTest::adds);
    }
}
