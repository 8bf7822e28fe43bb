package dev.countersign.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/// One connection and what is prepared on it. Belongs to one thread.
final class Session implements AutoCloseable {
    private static final int STATEMENTS = 256;

    private final SQLiteConnection connection;
    private final LinkedHashMap<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);
    private @Nullable Jdbi jdbi;

    Session(SQLiteConnection connection) {
        this.connection = connection;
    }

    /// Runs a statement that takes and gives nothing.
    void run(String sql) throws SQLException {
        prepare(sql).execute();
    }

    /// Asks or sets one; empty when it answers nothing.
    String pragma(String pragma) throws SQLException {
        return text("PRAGMA " + pragma);
    }

    /// The first column of the first row; empty when there is none.
    String text(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (var rows = statement.getResultSet()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }
    }

    PreparedStatement prepare(String sql) throws SQLException {
        var known = prepared.get(sql);
        if (known != null && !known.isClosed()) {
            return known;
        }
        var statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
        if (prepared.size() > STATEMENTS) {
            prepared.pollFirstEntry().getValue().close();
        }
        return statement;
    }

    Handle handle() {
        if (jdbi == null) {
            jdbi = Jdbis.on(connection);
        }
        return jdbi.open();
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
