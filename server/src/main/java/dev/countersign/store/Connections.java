package dev.countersign.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// Opens connections, each with the settings that what we promise hangs on, and reads them back: a setting that did
/// not take is a reason not to start.
final class Connections {
    /// "CSGN": marks a database as ours, https://www.sqlite.org/fileformat.html#application_id
    static final int APPLICATION_ID = 0x4353474E;

    /// How long another process may hold the lock before a group of writes fails.
    private static final int BUSY_MILLIS = 5_000;

    /// 64 MiB of write-ahead log, then whoever commits takes it in: what is done where no [Checkpointer] is, or it does
    /// not keep up.
    private static final int CHECKPOINT_PAGES = 16_000;

    private static final int JOURNAL_BYTES = 64 << 20;

    private Connections() {}

    /// A connection with no promises yet, to look what the file is.
    static SqliteSession plain(Path file) throws SQLException {
        return open(file, new SQLiteConfig());
    }

    /// Refuses a store that anybody has open, in this process or another: then the lock is not to be had.
    static void refuseInUse(Path file, String why) throws SQLException {
        try (var session = plain(file)) {
            session.pragma("busy_timeout = 200");
            session.pragma("locking_mode = EXCLUSIVE");
            session.run("BEGIN EXCLUSIVE");
            session.run("COMMIT");
        } catch (SQLException e) {
            if (Trouble.of(e) == Trouble.PASSING) {
                throw new StoreRefused(file + " is in use" + why, e);
            }
            throw e;
        }
    }

    /// Makes a connection the one that writes.
    static void prepareToWrite(SqliteSession session) throws SQLException {
        expect(session, "journal_mode = WAL", "wal");
        session.pragma("wal_autocheckpoint = " + CHECKPOINT_PAGES);
        session.pragma("journal_size_limit = " + JOURNAL_BYTES);
        session.pragma("cache_size = -32000");
        makeSafe(session);
    }

    /// A connection for what is written already.
    static SqliteSession checkpointing(Path file) throws SQLException {
        var session = plain(file);
        try {
            makeSafe(session);
            expect(session, "journal_mode", "wal");
        } catch (SQLException | RuntimeException failure) {
            session.close();
            throw failure;
        }
        return session;
    }

    /// A connection that cannot write, to whatever the file is.
    static SqliteSession looker(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return open(file, config);
    }

    /// A connection that cannot write.
    static SqliteSession reader(Path file) throws SQLException {
        var session = looker(file);
        try {
            makeSafe(session);
            expect(session, "journal_mode", "wal");
        } catch (SQLException | RuntimeException failure) {
            session.close();
            throw failure;
        }
        return session;
    }

    private static void makeSafe(SqliteSession session) throws SQLException {
        session.pragma("synchronous = FULL");
        session.pragma("foreign_keys = ON");
        session.pragma("trusted_schema = OFF");
        session.pragma("temp_store = MEMORY");
        expect(session, "synchronous", "2");
        expect(session, "foreign_keys", "1");
        expect(session, "trusted_schema", "0");
        expect(session, "busy_timeout", String.valueOf(BUSY_MILLIS));
    }

    private static void expect(SqliteSession session, String pragma, String wanted) throws SQLException {
        var found = session.pragma(pragma);
        if (!found.equalsIgnoreCase(wanted)) {
            throw new StoreRefused("SQLite answers \"" + found + "\" to PRAGMA " + pragma + " where \"" + wanted
                    + "\" is needed: keep the store on a local disk, with the SQLite that comes with Countersign");
        }
    }

    private static SqliteSession open(Path file, SQLiteConfig config) throws SQLException {
        config.setBusyTimeout(BUSY_MILLIS);
        config.setGetGeneratedKeys(false);
        var connection = JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties());
        // Only the driver's opinion: no statement of its own before or after each of ours, which say themselves
        // where a transaction begins and ends.
        connection.getConnectionConfig().setAutoCommit(false);
        return new SqliteSession(connection);
    }
}
