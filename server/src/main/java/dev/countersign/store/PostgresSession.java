package dev.countersign.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One transaction's use of a connection to PostgreSQL. The driver keeps the statements prepared behind it.
final class PostgresSession implements Session, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresSession.class);

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    PostgresSession(Connection connection) {
        this.connection = connection;
    }

    void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public PreparedStatement prepareFresh(String sql) throws SQLException {
        var known = prepared.get(sql);
        if (known != null) {
            known.clearParameters();
            return known;
        }
        var statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
        return statement;
    }

    @Override
    public String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    public Handle handle() {
        return Jdbis.on(connection);
    }

    @Override
    public void close() {
        for (var statement : prepared.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                log.debug("a statement did not close; its connection is gone, or will be", e);
            }
        }
    }
}
