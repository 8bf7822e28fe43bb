package dev.countersign.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/// Brings the schema up to date. Flyway costs most of a second, so it is asked only when the digest that the last
/// run left in the store is not that of the migrations in this program.
final class Migrations {
    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    private static final String FOLDER = "db/migration";
    private static final String FIRST = FOLDER + "/V1__store.sql";

    private final List<String> names;
    private final String fingerprint;

    Migrations() {
        try {
            names = names(Objects.requireNonNull(loader().getResource(FIRST), FIRST));
            fingerprint = fingerprint(names);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the migrations in this program cannot be read", e);
        }
    }

    private int newest() {
        return names.stream().mapToInt(Migrations::version).max().orElseThrow();
    }

    /// Whether the schema is what this program works with.
    ///
    /// @throws StoreRefused when a newer program wrote it
    boolean current(Session session, Path file) throws SQLException {
        return refuseNewer(session, file) > 0
                && session.text("SELECT fingerprint FROM schema_fingerprint").equals(fingerprint);
    }

    /// Brings the schema of a store that nobody has open up to date.
    void bringUpToDate(Path file) throws SQLException {
        ByFlyway.migrate(file);
        try (var session = Connections.plain(file)) {
            session.run("BEGIN IMMEDIATE");
            session.run("DELETE FROM schema_fingerprint");
            session.run("INSERT INTO schema_fingerprint (fingerprint) VALUES ('" + fingerprint + "')");
            session.run("PRAGMA user_version = " + newest());
            session.run("COMMIT");
        }
        log.info("brought the schema of {} to version {}", file, newest());
    }

    /// The version found, unless it is newer than what this program knows.
    int refuseNewer(Session session, Path file) throws SQLException {
        int found = Integer.parseInt(session.pragma("user_version"));
        if (found > newest()) {
            throw new StoreRefused(file + " has schema " + found + " and this Countersign knows " + newest()
                    + " at most: start the newer version that wrote it, or take a backup from before");
        }
        return found;
    }

    private static List<String> names(URL first) throws IOException, URISyntaxException {
        if (first.openConnection() instanceof JarURLConnection jar) {
            try (var entries = jar.getJarFile().stream()) {
                return migrations(entries.map(entry -> entry.getName()));
            }
        }
        var folder = Objects.requireNonNull(Path.of(first.toURI()).getParent());
        try (var files = Files.list(folder)) {
            return migrations(files.map(it -> FOLDER + "/" + it.getFileName()));
        }
    }

    private static List<String> migrations(Stream<String> names) {
        return names.filter(name -> name.startsWith(FOLDER + "/V") && name.endsWith(".sql"))
                .sorted()
                .toList();
    }

    private static int version(String name) {
        return Integer.parseInt(name.substring(FOLDER.length() + 2, name.indexOf("__")));
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
        static void migrate(Path file) {
            var source = new SQLiteDataSource();
            source.setUrl("jdbc:sqlite:" + file);
            try {
                Flyway.configure(loader())
                        .dataSource(source)
                        .locations("classpath:" + FOLDER)
                        .failOnMissingLocations(true)
                        .load()
                        .migrate();
            } catch (FlywayException e) {
                throw new StoreRefused(
                        "the schema of " + file + " could not be brought up to date, and nothing was started: "
                                + String.valueOf(e.getMessage()).strip(),
                        e);
            }
        }
    }
}
