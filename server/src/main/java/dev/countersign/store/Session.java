package dev.countersign.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

/// A connection as far as a work in its transaction sees it.
interface Session {
    /// A statement with nothing bound to it, which the session closes.
    PreparedStatement prepareFresh(String sql) throws SQLException;

    /// What a query ends with whose rows the work is about to change, so that nobody else changes them first.
    String forUpdate();

    /// Jdbi on this connection.
    Handle handle();
}
