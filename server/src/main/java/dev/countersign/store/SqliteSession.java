package dev.countersign.store;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/// One connection to a SQLite file and what is prepared on it. Belongs to one thread.
final class SqliteSession implements Session, AutoCloseable {
    private static final int STATEMENTS = 256;

    private final SQLiteConnection connection;
    private final LinkedHashMap<String, PreparedStatement> prepared = new LinkedHashMap<>(64, 0.75f, true);
    private final Set<PreparedStatement> used = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean rolledBack;

    SqliteSession(SQLiteConnection connection) {
        this.connection = connection;
    }

    /// From here on, [#isRolledBack] is known.
    void watchRollbacks() {
        connection.addCommitListener(new SQLiteCommitListener() {
            @Override
            public void onCommit() {
                // who commits knows
            }

            @Override
            public void onRollback() {
                rolledBack = true;
            }
        });
    }

    /// Begins a transaction that writes.
    void begin() throws SQLException {
        run("BEGIN IMMEDIATE");
        rolledBack = false;
    }

    /// True when the transaction is gone, be it that SQLite took it back by itself, as it does after some errors: what
    /// is written then is in no transaction.
    boolean isRolledBack() {
        return rolledBack;
    }

    /// Runs a statement that takes and gives nothing.
    void run(String sql) throws SQLException {
        prepare(sql).execute();
    }

    /// How long the write-ahead log is, and how much of it is in the database already; both -1 when another is at it.
    record Wal(int pages, int taken) {}

    /// Takes the write-ahead log into the database, as far as nobody reads what was before, and waits for nobody.
    Wal checkpoint() throws SQLException {
        try (var row = prepare("PRAGMA wal_checkpoint(PASSIVE)").executeQuery()) {
            row.next();
            return new Wal(row.getInt(2), row.getInt(3));
        }
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

    /// Writes a copy of the database, as of one moment, into a file that is empty.
    void copyInto(Path file) throws SQLException {
        try (var statement = connection.prepareStatement("VACUUM INTO ?")) {
            statement.setString(1, file.toString());
            statement.execute();
        }
    }

    /// The first column of all rows.
    List<String> texts(String sql) throws SQLException {
        var texts = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(String.valueOf(rows.getString(1)));
            }
        }
        return texts;
    }

    PreparedStatement prepare(String sql) throws SQLException {
        var known = prepared.get(sql);
        if (known != null && isOpen(known)) {
            return known;
        }
        var statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
        if (prepared.size() > STATEMENTS) {
            prepared.pollFirstEntry().getValue().close();
        }
        return statement;
    }

    /// The driver finalizes a statement that fails, and goes on calling it open: kept, it would fail for ever.
    private static boolean isOpen(PreparedStatement statement) throws SQLException {
        return !statement.isClosed() && !(statement instanceof CoreStatement core && core.pointer.isClosed());
    }

    @Override
    public PreparedStatement prepareFresh(String sql) throws SQLException {
        var statement = prepare(sql);
        statement.clearParameters();
        used.add(statement);
        return statement;
    }

    /// Ends what works left open. A result set that nobody closed would keep an old snapshot alive, and the
    /// write-ahead log growing behind it.
    void endStatements() throws SQLException {
        for (var statement : used) {
            if (statement instanceof CoreStatement core && !core.pointer.isClosed()) {
                core.pointer.safeRunInt(DB::reset);
            }
        }
        used.clear();
    }

    /// Nothing: whoever writes is alone.
    @Override
    public String forUpdate() {
        return "";
    }

    @Override
    public Handle handle() {
        return Jdbis.on(connection);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
