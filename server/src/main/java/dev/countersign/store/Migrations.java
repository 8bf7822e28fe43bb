package dev.countersign.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/// Brings the schema up to date. Flyway costs most of a second, so it is asked only when the digest that the last
/// run left in the store is not that of the migrations in this program.
///
/// A schema that a newer program made is left as it is, and worked with when it says that it may be.
final class Migrations {
    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    static final String SQLITE = "sqlite";
    static final String POSTGRESQL = "postgresql";

    private static final String OLDEST = "SELECT oldest FROM schema_compatible";
    private static final String FOLDER = "db/migration/";
    private static final String COMMON = "common";

    private static final Pattern GUARD = Pattern.compile("CREATE (?:TRIGGER|UNIQUE INDEX) (\\w+)");

    /// One file of each folder, to find the others by.
    private static final Map<String, String> FIRST = Map.of(
            COMMON, "V1__store.sql",
            SQLITE, "V2__ledger.sql",
            POSTGRESQL, "V2__ledger.sql");

    private static final Map<String, Migrations> READ = new ConcurrentHashMap<>();

    private final List<String> names;
    private final String fingerprint;

    private final String dialect;

    /// Those of a kind of store, which are read once.
    ///
    /// @param dialect the folder with what the databases do not share
    static Migrations of(String dialect) {
        return READ.computeIfAbsent(dialect, Migrations::new);
    }

    private Migrations(String dialect) {
        this.dialect = dialect;
        try {
            names = Stream.concat(names(COMMON).stream(), names(dialect).stream())
                    .sorted(Comparator.comparingInt(Migrations::version))
                    .toList();
            fingerprint = fingerprint(names);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the migrations in this program cannot be read", e);
        }
    }

    private int newest() {
        return names.stream().mapToInt(Migrations::version).max().orElseThrow();
    }

    /// Whether the schema is one that this program works with as it is.
    ///
    /// @throws StoreRefused when a newer program wrote it, and this one may not work with it
    boolean current(SqliteSession session, Path file) throws SQLException {
        int found = refuseNewer(session, file);
        return found > newest()
                || (found > 0
                        && session.text("SELECT fingerprint FROM schema_fingerprint")
                                .equals(fingerprint));
    }

    /// The same of a PostgreSQL database.
    boolean current(Connection connection, StoreAddress.Postgres address) throws SQLException {
        try (var statement = connection.createStatement()) {
            refuseNewer(statement, address);
            return found(statement).equals(fingerprint);
        }
    }

    static StoreRefused otherVersion(Object store) {
        return new StoreRefused(
                store + " is no store yet, or one of another version of Countersign: start the server of"
                        + " this version on it, or ask the version that wrote it");
    }

    /// The names of what refuses a wrong row by itself: triggers, and unique indexes that have names.
    List<String> guards() {
        var guards = new ArrayList<String>();
        for (var name : names) {
            try (var text = Objects.requireNonNull(loader().getResourceAsStream(name), name)) {
                var guard = GUARD.matcher(new String(text.readAllBytes(), StandardCharsets.UTF_8));
                while (guard.find()) {
                    guards.add(guard.group(1));
                }
            } catch (IOException e) {
                throw new IllegalStateException("the migrations in this program cannot be read", e);
            }
        }
        return guards;
    }

    /// Brings the schema of a store that nobody has open up to date.
    void bringUpToDate(Path file) throws SQLException {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        ByFlyway.migrate(source, file, dialect);
        try (var session = Connections.plain(file)) {
            session.run("BEGIN IMMEDIATE");
            session.run("DELETE FROM schema_fingerprint");
            session.run("INSERT INTO schema_fingerprint (fingerprint) VALUES ('" + fingerprint + "')");
            session.run("PRAGMA user_version = " + newest());
            session.run("COMMIT");
        }
        log.info("brought the schema of {} to version {}", file, newest());
    }

    /// Brings the schema of a PostgreSQL database up to date, while other nodes may work on it.
    void bringUpToDate(Connection connection, StoreAddress.Postgres address) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (found(statement).equals(fingerprint)) {
                return;
            }
            if (refuseNewer(statement, address) > newest()) {
                return;
            }
            ByFlyway.migrate(PostgresPools.source(address), address, dialect);
            statement.execute("DELETE FROM schema_fingerprint");
            statement.execute("INSERT INTO schema_fingerprint (fingerprint) VALUES ('" + fingerprint + "')");
        }
        log.info("brought the schema of {} to version {}", address, newest());
    }

    private static String found(Statement statement) throws SQLException {
        if (!has(statement, "schema_fingerprint")) {
            return "";
        }
        try (var row = statement.executeQuery("SELECT fingerprint FROM schema_fingerprint")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private int refuseNewer(Statement statement, StoreAddress address) throws SQLException {
        if (!has(statement, "flyway_schema_history")) {
            return 0;
        }
        int found = number(statement, "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history");
        if (found > newest()) {
            boolean says = has(statement, "schema_compatible");
            refuseNewer(found, says ? number(statement, OLDEST) : found, address);
        }
        return found;
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (var row = statement.executeQuery(query)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static boolean has(Statement statement, String table) throws SQLException {
        try (var row = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /// The version found, unless this program may not work with it.
    int refuseNewer(SqliteSession session, Path file) throws SQLException {
        int found = Integer.parseInt(session.pragma("user_version"));
        if (found > newest()) {
            boolean says = !session.text("SELECT 1 FROM sqlite_schema WHERE name = 'schema_compatible'")
                    .isEmpty();
            refuseNewer(found, says ? Integer.parseInt(session.text(OLDEST)) : found, file);
        }
        return found;
    }

    private void refuseNewer(int found, int oldest, Object store) {
        if (newest() < oldest) {
            throw new StoreRefused(store + " has schema " + found + " and this Countersign knows " + newest()
                    + " at most: start the newer version that wrote it, or take a backup from before");
        }
        log.info("{} has schema {}, of a newer version, which works with {} as well", store, found, newest());
    }

    private static List<String> names(String part) throws IOException, URISyntaxException {
        var path = FOLDER + part + "/";
        var name = path + FIRST.get(part);
        var first = Objects.requireNonNull(loader().getResource(name), name);
        if (first.openConnection() instanceof JarURLConnection jar) {
            try (var entries = jar.getJarFile().stream()) {
                return migrations(path, entries.map(entry -> entry.getName()));
            }
        }
        var folder = Objects.requireNonNull(Path.of(first.toURI()).getParent());
        try (var files = Files.list(folder)) {
            return migrations(path, files.map(it -> path + it.getFileName()));
        }
    }

    private static List<String> migrations(String path, Stream<String> names) {
        return names.filter(name -> name.startsWith(path + "V") && name.endsWith(".sql"))
                .toList();
    }

    private static int version(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf("/V") + 2, name.indexOf("__")));
    }

    private static String fingerprint(List<String> names) throws IOException {
        var digest = sha256();
        for (var name : names) {
            digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream text = Objects.requireNonNull(loader().getResourceAsStream(name), name)) {
                digest.update(sha256().digest(text.readAllBytes()));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClassLoader loader() {
        return Migrations.class.getClassLoader();
    }

    /// Apart, so that a warm start does not even load the classes of Flyway.
    private static final class ByFlyway {
        static void migrate(DataSource source, Object store, String dialect) {
            try {
                Flyway.configure(loader())
                        .dataSource(source)
                        .locations("classpath:" + FOLDER + COMMON, "classpath:" + FOLDER + dialect)
                        .failOnMissingLocations(true)
                        .load()
                        .migrate();
            } catch (FlywayException e) {
                throw new StoreRefused(
                        "the schema of " + store + " could not be brought up to date, and nothing was started: "
                                + String.valueOf(e.getMessage()).strip(),
                        e);
            }
        }
    }
}
