package dev.countersign.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The stores of servers that are measured: a SQLite file each, or a database each in one PostgreSQL that waits for the
/// disk and has the machine's memory in moderation.
final class Stores implements AutoCloseable {
    private final @Nullable EmbeddedPostgres postgres;
    private int made;

    Stores(String kind, Path folder) throws IOException {
        this.postgres = kind.equals("postgresql") ? start(Files.createDirectories(folder)) : null;
    }

    private static EmbeddedPostgres start(Path folder) throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.toFile())
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("max_wal_size", "4GB")
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Whether more than one server can work with a store.
    boolean areShared() {
        return postgres != null;
    }

    /// Does what a database does by itself in the hours after many rows came.
    void settle(String store) throws IOException {
        if (postgres == null) {
            return;
        }
        var name = store.substring(store.lastIndexOf('/') + 1);
        try (var connection = postgres.getDatabase("postgres", name).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE");
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /// A store that nobody has used, as a configuration writes it.
    String next() throws IOException {
        if (postgres == null) {
            return "sqlite:countersign.db";
        }
        var name = "bench_" + made++;
        try (var connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return "postgresql://postgres@localhost:" + postgres.getPort() + "/" + name;
    }

    @Override
    public void close() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
