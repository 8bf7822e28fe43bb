package dev.countersign;

import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stores that tests run on: SQLite files, or with `-Dcountersign.test.store=postgresql` a database each in one
/// PostgreSQL that this starts, as an ordinary user even when the tests run as root.
public final class TestStores {
    private static final String TEMPLATE = "countersign_template";

    /// Databases that are dropped together: each drop of one by itself would write all that is in memory.
    private static final int LEFT = 32;

    private static final Map<Path, String> databases = new HashMap<>();
    private static int named;
    private static byte @Nullable [] emptySqlite;
    private static @Nullable Connection administrator;

    private TestStores() {}

    /// True when tests run on PostgreSQL.
    public static boolean onPostgres() {
        return "postgresql".equals(System.getProperty("countersign.test.store"));
    }

    /// The store that a test keeps in this file, or in a database of its own that this file stands for.
    public static Store open(Path file, InstantSource clock) {
        return Store.open(address(file), clock);
    }

    /// Where [#open] opens a store.
    public static StoreAddress address(Path file) {
        return onPostgres() ? new StoreAddress.Postgres(uri(database(file))) : new StoreAddress.Sqlite(sqlite(file));
    }

    /// The same as configurations write it.
    public static String written(Path file) {
        return onPostgres() ? uri(database(file)).toString() : "sqlite:" + sqlite(file);
    }

    /// A PostgreSQL database of a test's own, whatever the other tests run on.
    public static URI ofItsOwn(Path file) {
        return uri(database(file));
    }

    /// A PostgreSQL database without any table.
    public static URI empty(String name) {
        create(name, "template0");
        return uri(name);
    }

    private static synchronized String database(Path file) {
        var place = file.toAbsolutePath().normalize();
        var known = databases.get(place);
        if (known != null) {
            return known;
        }
        if (named == 0) {
            create(TEMPLATE, "template1");
            Store.open(new StoreAddress.Postgres(uri(TEMPLATE)), InstantSource.system())
                    .close();
        } else if (named % LEFT == 0) {
            dropLeft();
        }
        var name = "test_" + named;
        named += 1;
        create(name, TEMPLATE);
        databases.put(place, name);
        return name;
    }

    /// Those of tests that are over: their folders are no longer there.
    private static void dropLeft() {
        var left = databases.entrySet().stream()
                .filter(database -> Files.notExists(database.getKey().getParent()))
                .toList();
        for (var database : left) {
            sql("DROP DATABASE " + database.getValue() + " WITH (FORCE)");
        }
        databases.entrySet().removeAll(left);
    }

    /// The file, which has all tables when nothing was there: to make them takes longer than most tests.
    private static synchronized Path sqlite(Path file) {
        try {
            if (Files.notExists(file) && Files.isDirectory(file.toAbsolutePath().resolveSibling("."))) {
                if (emptySqlite == null) {
                    emptySqlite = emptySqlite(file);
                } else {
                    Files.createFile(
                            file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    Files.write(file, emptySqlite);
                }
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] emptySqlite(Path file) throws IOException {
        Store.open(new StoreAddress.Sqlite(file), InstantSource.system()).close();
        return Files.readAllBytes(file);
    }

    /// By copying files, where the version can choose: what it writes otherwise takes twice as long.
    private static synchronized void create(String name, String template) {
        sql("CREATE DATABASE " + name + " TEMPLATE " + template + (copiesFiles() ? " STRATEGY FILE_COPY" : ""));
    }

    private static boolean copiesFiles() {
        try {
            return administrator().getMetaData().getDatabaseMajorVersion() >= 15;
        } catch (IOException | SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// Changes a store behind its back, and behind what guards its tables.
    ///
    /// @param file what [#address] was asked
    /// @param binds for the parameters of the statement
    public static void plant(Path file, String sql, Object... binds) {
        if (!onPostgres()) {
            inSqlite(file, sql, binds);
            return;
        }
        var url = "jdbc:" + uri(database(file)).toString().replace("postgres@", "") + "?user=postgres";
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            execute(connection, sql, binds);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /// The same in a SQLite file, whatever the other tests run on.
    public static void inSqlite(Path file, String sql, Object... binds) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            statement.execute("BEGIN IMMEDIATE");
            var guards = new HashMap<String, String>();
            try (var rows = statement.executeQuery("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")) {
                while (rows.next()) {
                    guards.put(rows.getString(1), rows.getString(2));
                }
            }
            for (var name : guards.keySet()) {
                statement.execute("DROP TRIGGER " + name);
            }
            execute(connection, sql, binds);
            for (var guard : guards.values()) {
                statement.execute(guard);
            }
            statement.execute("COMMIT");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void execute(Connection connection, String sql, Object... binds) throws SQLException {
        try (var planted = connection.prepareStatement(sql)) {
            for (int i = 0; i < binds.length; i++) {
                planted.setObject(i + 1, binds[i]);
            }
            planted.execute();
        }
    }

    /// Copies a store that nobody has open, to be put back later.
    public static void keep(Path file, Path copy) {
        if (onPostgres()) {
            var from = database(file);
            synchronized (TestStores.class) {
                create(from + "_kept", from);
                databases.put(copy.toAbsolutePath().normalize(), from + "_kept");
            }
        } else {
            copy(file, copy);
        }
    }

    /// Puts such a copy in the place of the store, as somebody would who tells nobody.
    public static void putBack(Path copy, Path file) {
        if (onPostgres()) {
            sql("DROP DATABASE " + database(file));
            create(database(file), database(copy));
        } else {
            copy(copy, file);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// For whoever changes a database behind a store's back.
    public static synchronized void sql(String sql) {
        try (var statement = administrator().createStatement()) {
            statement.execute(sql);
        } catch (IOException | SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Connection administrator() throws IOException, SQLException {
        if (administrator == null) {
            administrator = TestPostgres.running().getPostgresDatabase().getConnection();
        }
        return administrator;
    }

    /// A connection to the database that this file stands for, beside the store's own.
    public static Connection connection(Path file) {
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://localhost:" + TestPostgres.running().getPort() + "/" + database(file),
                    "postgres",
                    "");
        } catch (IOException | SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static URI uri(String database) {
        try {
            return URI.create(
                    "postgresql://postgres@localhost:" + TestPostgres.running().getPort() + "/" + database);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
