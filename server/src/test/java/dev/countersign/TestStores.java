package dev.countersign;

import dev.countersign.store.Store;
import dev.countersign.store.StoreAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// The stores that tests run on: SQLite files, or with `-Dcountersign.test.store=postgresql` a database each in one
/// PostgreSQL that this starts, as an ordinary user even when the tests run as root.
public final class TestStores {
    private static final String TEMPLATE = "countersign_template";

    private static final Map<Path, String> databases = new HashMap<>();

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
        return onPostgres() ? new StoreAddress.Postgres(uri(database(file))) : new StoreAddress.Sqlite(file);
    }

    /// The same as configurations write it.
    public static String written(Path file) {
        return onPostgres() ? uri(database(file)).toString() : "sqlite:" + file;
    }

    /// A PostgreSQL database of a test's own, whatever the other tests run on.
    static URI ofItsOwn(Path file) {
        return uri(database(file));
    }

    private static synchronized String database(Path file) {
        return databases.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> {
            if (databases.isEmpty()) {
                create(TEMPLATE, "template1");
                Store.open(new StoreAddress.Postgres(uri(TEMPLATE)), InstantSource.system())
                        .close();
            }
            var name = "test_" + databases.size();
            create(name, TEMPLATE);
            return name;
        });
    }

    private static void create(String name, String template) {
        sql("CREATE DATABASE " + name + " TEMPLATE " + template);
    }

    /// For whoever changes a database behind a store's back.
    public static void sql(String sql) {
        try (var connection = TestPostgres.running().getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
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
