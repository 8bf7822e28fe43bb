package dev.countersign.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.stream.Collectors;

/// A table that goes from a SQLite store to a PostgreSQL one, with the columns that it has in both.
record MovedTable(String name, List<Column> columns) {
    /// @param numbered whether PostgreSQL has a sequence for it
    record Column(String name, Kind kind, boolean numbered) {}

    enum Kind {
        NUMBER,
        TEXT,
        BYTES;

        static Kind of(String type) {
            return switch (type) {
                case "bigint", "integer" -> NUMBER;
                case "text" -> TEXT;
                case "bytea" -> BYTES;
                default -> throw new StoreRefused("this Countersign cannot move a column of type " + type);
            };
        }
    }

    MovedTable {
        columns = List.copyOf(columns);
    }

    String quoted() {
        return quoted(name);
    }

    static String quoted(String name) {
        return '"' + name + '"';
    }

    /// All rows of the SQLite table, in the order in which they were written.
    String select() {
        return "SELECT " + names() + " FROM " + quoted() + " ORDER BY rowid";
    }

    String insert() {
        boolean numbered = columns.stream().anyMatch(Column::numbered);
        return "INSERT INTO " + quoted() + " (" + names() + ")" + (numbered ? " OVERRIDING SYSTEM VALUE" : "")
                + " VALUES (" + columns.stream().map(_ -> "?").collect(Collectors.joining(", ")) + ")";
    }

    private String names() {
        return columns.stream().map(it -> quoted(it.name())).collect(Collectors.joining(", "));
    }

    /// Takes the row over; about how many bytes that is.
    int bind(ResultSet row, PreparedStatement insert) throws SQLException {
        int bytes = 0;
        for (int i = 1; i <= columns.size(); i++) {
            switch (columns.get(i - 1).kind()) {
                case NUMBER -> {
                    long number = row.getLong(i);
                    if (row.wasNull()) {
                        insert.setNull(i, Types.BIGINT);
                    } else {
                        insert.setLong(i, number);
                    }
                    bytes += Long.BYTES;
                }
                case TEXT -> {
                    var text = row.getString(i);
                    insert.setString(i, text);
                    bytes += text == null ? 0 : text.length();
                }
                case BYTES -> {
                    var content = row.getBytes(i);
                    insert.setBytes(i, content);
                    bytes += content == null ? 0 : content.length;
                }
            }
        }
        return bytes;
    }
}
