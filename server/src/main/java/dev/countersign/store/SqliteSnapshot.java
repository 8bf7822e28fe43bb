package dev.countersign.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A SQLite store, or a backup of one, by a connection that cannot write.
final class SqliteSnapshot implements Snapshot {
    private final Path file;
    private final SqliteSession session;
    private final Tx tx;

    private SqliteSnapshot(Path file, SqliteSession session, InstantSource clock) throws SQLException {
        this.file = file;
        this.session = session;
        session.run("BEGIN");
        // The moment is that of the first read.
        session.text("SELECT fingerprint FROM schema_fingerprint");
        this.tx = new Tx(session, clock.instant().truncatedTo(ChronoUnit.MICROS), 0);
    }

    static Snapshot of(Path file, InstantSource clock) {
        if (!Files.exists(file)) {
            throw new StoreRefused("there is no store in " + file + ": see `store` in the configuration, or --data");
        }
        try {
            StoreFile.checkHeader(file);
            var session = Connections.looker(file);
            try {
                refuseOthers(session, file);
                return new SqliteSnapshot(file, session, clock);
            } catch (SQLException | RuntimeException failure) {
                session.close();
                throw failure;
            }
        } catch (SQLException | java.io.IOException e) {
            throw new StoreRefused(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void refuseOthers(SqliteSession session, Path file) throws SQLException {
        if (!session.pragma("application_id").equals(String.valueOf(Connections.APPLICATION_ID))) {
            throw new StoreRefused(file + " is a database of another program");
        }
        if (!Migrations.of(Migrations.SQLITE).current(session, file)) {
            throw Migrations.otherVersion(file);
        }
    }

    @Override
    public Tx tx() {
        return tx;
    }

    @Override
    public boolean isShared() {
        return false;
    }

    /// None is kept in the file: each connection has its own, which every one that writes reads back.
    @Override
    public List<String> careless() {
        return List.of();
    }

    @Override
    public List<String> damaged() {
        return ask(() -> {
            var found = new ArrayList<>(session.texts("PRAGMA integrity_check"));
            found.remove("ok");
            session.texts("PRAGMA foreign_key_check").forEach(it -> found.add("a row of " + it + " points nowhere"));
            return List.copyOf(found);
        });
    }

    @Override
    public List<String> unguarded() {
        return ask(() -> {
            var there = session.texts("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'index')");
            return Migrations.of(Migrations.SQLITE).guards().stream()
                    .filter(it -> !there.contains(it))
                    .toList();
        });
    }

    @Override
    public Optional<Duration> ahead() {
        return Optional.empty();
    }

    private interface Question {
        List<String> answer() throws SQLException;
    }

    private List<String> ask(Question question) {
        try {
            return question.answer();
        } catch (SQLException e) {
            throw new StoreFailed(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        tx.end();
        try {
            session.endStatements();
            session.close();
        } catch (SQLException e) {
            throw new StoreFailed(file + " could not be closed", e);
        }
    }
}
