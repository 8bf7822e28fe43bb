package dev.countersign.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which tables go from a SQLite store to a PostgreSQL one: all that the two schemas have, but for those that are named
/// here. A table or column that only one of them has stops the move, so that none is forgotten in silence.
final class MovedTables {
    /// Of SQLite, and left there: each store has its own word on its schema.
    static final Set<String> LEFT =
            Set.of("flyway_schema_history", "schema_fingerprint", "schema_compatible", Moved.TABLE);

    /// Of PostgreSQL, and not filled by rows: its own word on its schema; entries that wait for a place, which those of
    /// SQLite never do; how large the ledger is, which the ledger says itself; and locks.
    static final Set<String> NOT_FILLED = Set.of(
            "flyway_schema_history",
            "schema_fingerprint",
            "schema_compatible",
            "ledger_staged",
            "ledger_head",
            "client_turn",
            "passage");

    /// What a store without anything in it has rows in all the same.
    private static final Set<String> NEVER_EMPTY =
            Set.of("flyway_schema_history", "schema_fingerprint", "schema_compatible", "ledger_head", "passage");

    private final SqliteSession from;
    private final Connection to;

    MovedTables(SqliteSession from, Connection to) {
        this.from = from;
        this.to = to;
    }

    /// All that go, each after those that its rows refer to.
    ///
    /// @throws StoreRefused when the schemas do not match
    List<MovedTable> list() throws SQLException {
        var there = here();
        var wanted = from.texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
                + " ESCAPE '\\' ORDER BY rowid");
        wanted.removeAll(LEFT);
        var unknown = new HashSet<>(there.keySet());
        unknown.removeAll(NOT_FILLED);
        unknown.removeAll(wanted);
        if (!unknown.isEmpty()) {
            throw new StoreRefused("the database has tables that no SQLite store has, " + unknown
                    + ": give an empty one, or the Countersign that made them");
        }
        var tables = new ArrayList<MovedTable>();
        for (var name : wanted) {
            var columns = there.get(name);
            var names = from.texts("SELECT name FROM pragma_table_info('" + name + "') ORDER BY cid");
            if (columns == null || !Set.copyOf(names).equals(columns.keySet())) {
                throw new StoreRefused("table " + name + " is not the same in both stores: this Countersign cannot move"
                        + " it, please report that");
            }
            tables.add(new MovedTable(
                    name, names.stream().map(it -> columns.get(it)).toList()));
        }
        return inOrder(tables);
    }

    /// The tables of the database, and their columns by name.
    private Map<String, Map<String, MovedTable.Column>> here() throws SQLException {
        var tables = new TreeMap<String, Map<String, MovedTable.Column>>();
        for (var name : names()) {
            tables.put(name, new LinkedHashMap<>());
        }
        try (var statement = to.createStatement();
                var rows = statement.executeQuery("""
                        SELECT table_name, column_name, data_type,
                               is_identity = 'YES' OR coalesce(column_default, '') LIKE 'nextval(%'
                        FROM information_schema.columns WHERE table_schema = current_schema()""")) {
            while (rows.next()) {
                var table = tables.get(rows.getString(1));
                if (table != null && !NOT_FILLED.contains(rows.getString(1))) {
                    var kind = MovedTable.Kind.of(rows.getString(3));
                    table.put(rows.getString(2), new MovedTable.Column(rows.getString(2), kind, rows.getBoolean(4)));
                }
            }
        }
        return tables;
    }

    private List<String> names() throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = to.createStatement();
                var rows = statement.executeQuery("SELECT table_name FROM information_schema.tables"
                        + " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private List<MovedTable> inOrder(List<MovedTable> tables) throws SQLException {
        var left = new ArrayList<>(tables);
        var order = new ArrayList<MovedTable>();
        var placed = new HashSet<String>();
        while (!left.isEmpty()) {
            int before = left.size();
            for (var it = left.iterator(); it.hasNext(); ) {
                var table = it.next();
                var parents = new HashSet<>(
                        from.texts("SELECT \"table\" FROM pragma_foreign_key_list('" + table.name() + "')"));
                parents.remove(table.name());
                if (placed.containsAll(parents)) {
                    order.add(table);
                    placed.add(table.name());
                    it.remove();
                }
            }
            if (left.size() == before) {
                throw new StoreRefused("tables refer to each other in a circle, "
                        + left.stream().map(MovedTable::name).toList()
                        + ": this Countersign cannot move them, please report that");
            }
        }
        return order;
    }

    /// Keeps every other program out until the transaction ends: no node starts on half a store.
    void lock() throws SQLException {
        var tables = names();
        tables.removeAll(Set.of("flyway_schema_history", "schema_fingerprint", "schema_compatible"));
        try (var statement = to.createStatement()) {
            statement.execute("LOCK TABLE "
                    + String.join(", ", tables.stream().map(MovedTable::quoted).toList())
                    + " IN ACCESS EXCLUSIVE MODE");
        }
    }

    /// Whether nobody has written anything to the database yet.
    boolean isTargetEmpty() throws SQLException {
        for (var table : names()) {
            if (!NEVER_EMPTY.contains(table)) {
                try (var statement = to.createStatement();
                        var row = statement.executeQuery("SELECT 1 FROM " + MovedTable.quoted(table) + " LIMIT 1")) {
                    if (row.next()) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /// Lets what gives numbers go on after those that came along.
    void continueNumbers(MovedTable table) throws SQLException {
        for (var column : table.columns()) {
            if (column.numbered()) {
                try (var statement = to.createStatement()) {
                    statement.execute("SELECT setval(pg_get_serial_sequence('" + table.quoted() + "', '" + column.name()
                            + "'), coalesce(max(" + MovedTable.quoted(column.name()) + "), 0) + 1, false) FROM "
                            + table.quoted());
                }
            }
        }
    }

    long rowsThere(MovedTable table) throws SQLException {
        return Long.parseLong(from.text("SELECT count(*) FROM " + table.quoted()));
    }

    long rowsHere(MovedTable table) throws SQLException {
        try (var statement = to.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM " + table.quoted())) {
            row.next();
            return row.getLong(1);
        }
    }
}
