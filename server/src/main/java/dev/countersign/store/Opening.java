package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;

/// From a file to a connection that may write: is it ours, is it whole, is it current?
final class Opening {
    private static final long LOOKED_THROUGH = 16 << 20;

    private Opening() {}

    static SqliteSession of(Path file) {
        try {
            look(file);
            var session = Connections.plain(file);
            try {
                Connections.prepareToWrite(session);
                session.pragma("optimize = 0x10002");
                return session;
            } catch (SQLException | RuntimeException failure) {
                session.close();
                throw failure;
            }
        } catch (SQLException e) {
            throw refused(file, e);
        }
    }

    private static void look(Path file) throws SQLException {
        var migrations = Migrations.of(Migrations.SQLITE);
        try (var session = Connections.plain(file)) {
            checkOurs(session, file);
            checkWhole(session, file);
            if (migrations.current(session, file)) {
                return;
            }
        }
        // An older program that runs on the store would meet tables it does not know.
        Connections.refuseInUse(file, " by a Countersign of another version: stop that first");
        migrations.bringUpToDate(file);
    }

    /// Looks before anything is changed: a database of somebody else stays as it was.
    private static void checkOurs(SqliteSession session, Path file) throws SQLException {
        int id = Integer.parseInt(session.pragma("application_id"));
        if (id == Connections.APPLICATION_ID) {
            return;
        }
        var moved = Moved.to(session);
        if (moved.isPresent()) {
            throw Moved.refusal(file, moved.get());
        }
        if (id != 0 || !session.text("SELECT name FROM sqlite_schema LIMIT 1").isEmpty()) {
            throw new StoreRefused(
                    file + " is a database of another program: give the path of a Countersign store, or of no file");
        }
        session.pragma("application_id = " + Connections.APPLICATION_ID);
    }

    /// A small store is looked through at every start. A large one would take too long; that is what [Store#check] is
    /// for.
    private static void checkWhole(SqliteSession session, Path file) throws SQLException {
        long bytes = Long.parseLong(session.pragma("page_count")) * Long.parseLong(session.pragma("page_size"));
        if (bytes > LOOKED_THROUGH) {
            return;
        }
        var found = session.pragma("quick_check(1)");
        if (!found.equals("ok")) {
            throw new StoreRefused(file + " is damaged (" + found + "): restore a backup");
        }
    }

    private static StoreRefused refused(Path file, SQLException e) {
        return switch (Trouble.of(e)) {
            case LASTING ->
                new StoreRefused(file + " is damaged or cannot be read (" + e.getMessage() + "): restore a backup", e);
            case PASSING ->
                new StoreRefused(
                        file + " cannot be opened now (" + e.getMessage()
                                + "): see whether the disk is full or another process holds it, then start again",
                        e);
            case NONE -> new StoreRefused(file + " cannot be opened as a store: " + e.getMessage(), e);
        };
    }
}
