package dev.countersign.store;

import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// The mark on a SQLite file whose store went to PostgreSQL: another application id, so that no Countersign of whatever
/// version starts on it by accident, and a table that says where it went.
///
/// Two stores that went on from one state would be two ledgers of one name and key.
final class Moved {
    /// "CSGM".
    static final int APPLICATION_ID = 0x4353474D;

    /// Not made by a migration: only a file that was moved has it.
    static final String TABLE = "moved";

    private Moved() {}

    /// Marks the file in the transaction that is open.
    static void mark(SqliteSession session, StoreAddress.Postgres to, Instant at) throws SQLException {
        session.run("CREATE TABLE " + TABLE + " (address TEXT NOT NULL, at BIGINT NOT NULL)");
        var insert = session.prepare("INSERT INTO " + TABLE + " (address, at) VALUES (?, ?)");
        insert.setString(1, to.toString());
        insert.setLong(2, Micros.of(at));
        insert.executeUpdate();
        session.pragma("application_id = " + APPLICATION_ID);
    }

    /// Makes the file a store again.
    static void clear(SqliteSession session) throws SQLException {
        session.run("BEGIN IMMEDIATE");
        session.run("DROP TABLE IF EXISTS " + TABLE);
        session.pragma("application_id = " + Connections.APPLICATION_ID);
        session.run("COMMIT");
    }

    /// Where the store of this file went; empty when it is there.
    static Optional<StoreAddress.Postgres> to(SqliteSession session) throws SQLException {
        return session.pragma("application_id").equals(String.valueOf(APPLICATION_ID))
                ? Optional.of(new StoreAddress.Postgres(URI.create(session.text("SELECT address FROM " + TABLE))))
                : Optional.empty();
    }

    /// Whoever opens a file that was moved hears where the store is.
    static StoreRefused refusal(Path file, StoreAddress.Postgres to) {
        return new StoreRefused(
                file + " was moved to " + to + ": write `store: " + to + "` in the configuration; if the"
                        + " move was cut off, say `countersign store move` once more, and to go back see"
                        + " docs/how-to/run-on-postgresql.md");
    }
}
