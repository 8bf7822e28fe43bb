package dev.countersign.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Takes a store from a SQLite file to a PostgreSQL database that is empty.
///
/// All rows go in one transaction of the database, which has its tables to itself meanwhile; the file is locked against
/// every writer. What was copied is looked through on both sides before anything is kept. Then the file is marked as
/// moved, and only after that the database commits: at no moment two stores could be started. A move that was cut off
/// between the two is carried on by saying it again.
///
/// @param <T> what both sides are compared by
public final class Moving<T> {
    /// So much goes to the database at once: what a move needs of memory.
    private static final int ROWS_AT_ONCE = 1_000;

    private static final int BYTES_AT_ONCE = 4 << 20;

    /// Hears how far it is.
    public interface Told {
        /// So many rows of a table are there, of so many.
        void copied(String table, long rows, long of);

        /// This begins.
        void stage(Stage stage);
    }

    /// What comes after the copying.
    public enum Stage {
        /// All rows are there, and are looked through.
        CHECKING,
        /// All is well; the file is marked, and the database is told to keep what it has.
        KEEPING
    }

    /// What was done.
    ///
    /// @param rows how many the database has now
    /// @param resumed whether an earlier move had brought them
    public record Done(int tables, long rows, boolean resumed) {}

    private final Path file;
    private final StoreAddress.Postgres address;
    private final Work<T> looksThere;
    private final Work<T> looksHere;
    private final Told told;
    private final InstantSource clock;

    /// @param looksThere looks the store in the file through
    /// @param looksHere the same for the database, which it may put right first
    public Moving(
            Path file,
            StoreAddress.Postgres address,
            Work<T> looksThere,
            Work<T> looksHere,
            Told told,
            InstantSource clock) {
        this.file = file;
        this.address = address;
        this.looksThere = looksThere;
        this.looksHere = looksHere;
        this.told = told;
        this.clock = clock;
    }

    /// Where the store of a file went; empty when it is there, or there is no such file.
    public static Optional<StoreAddress.Postgres> to(Path file) {
        if (!file.toFile().isFile()) {
            return Optional.empty();
        }
        try (var session = Connections.plain(file)) {
            return Moved.to(session);
        } catch (SQLException e) {
            throw new StoreRefused(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Does it, or carries on what was cut off.
    ///
    /// @throws StoreRefused when the database is not empty, or what is there is not what is in the file
    /// @throws StoreFailed when it could not be done, or nobody can say whether it was
    public Done run() {
        new PostgresOpening(address).prepare();
        try (var from = Connections.plain(file);
                var to = PostgresPools.source(address).getConnection()) {
            lock(from);
            to.setAutoCommit(false);
            return run(from, to);
        } catch (SQLException e) {
            throw new StoreFailed("nothing was moved: " + e.getMessage(), e);
        }
    }

    private void lock(SqliteSession from) throws SQLException {
        try {
            Connections.prepareToWrite(from);
            from.run("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            if (Trouble.of(e) == Trouble.PASSING) {
                throw new StoreRefused(file + " is in use: stop what works on it, then say it again", e);
            }
            throw e;
        }
    }

    private Done run(SqliteSession from, Connection to) throws SQLException {
        // A large ledger takes its time, and what the database's administrator allows a request is too little.
        try (var statement = to.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = 0");
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
            statement.execute("SET LOCAL lock_timeout = '10s'");
        }
        var tables = new MovedTables(from, to);
        var list = tables.list();
        tables.lock();
        var marked = Moved.to(from);
        if (marked.isPresent() && !marked.get().equals(address)) {
            throw Moved.refusal(file, marked.get());
        }
        boolean resumed = !tables.isTargetEmpty();
        if (resumed && marked.isEmpty()) {
            throw new StoreRefused(address + " is not empty: a store moves to a database that nothing was written to");
        }
        if (!resumed) {
            for (var table : list) {
                copy(from, to, table, tables.rowsThere(table));
                tables.continueNumbers(table);
            }
        }
        told.stage(Stage.CHECKING);
        long rows = compare(tables, list, from, to);
        told.stage(Stage.KEEPING);
        if (marked.isEmpty()) {
            Moved.mark(from, address, clock.instant());
        }
        from.run("COMMIT");
        keep(from, to, marked.isEmpty());
        return new Done(list.size(), rows, resumed);
    }

    private void copy(SqliteSession from, Connection to, MovedTable table, long of) throws SQLException {
        try (var rows = from.prepareFresh(table.select()).executeQuery();
                var insert = to.prepareStatement(table.insert())) {
            long copied = 0;
            int waiting = 0;
            int bytes = 0;
            while (rows.next()) {
                bytes += table.bind(rows, insert);
                insert.addBatch();
                waiting++;
                if (waiting == ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) {
                    insert.executeBatch();
                    copied += waiting;
                    told.copied(table.name(), copied, of);
                    waiting = 0;
                    bytes = 0;
                }
            }
            insert.executeBatch();
            told.copied(table.name(), copied + waiting, of);
        }
    }

    /// How many rows there are, when both sides are the same.
    private long compare(MovedTables tables, List<MovedTable> list, SqliteSession from, Connection to)
            throws SQLException {
        long rows = 0;
        for (var table : list) {
            long there = tables.rowsThere(table);
            long here = tables.rowsHere(table);
            if (there != here) {
                throw differs("table " + table.name() + " has " + there + " rows in " + file + " and " + here);
            }
            rows += here;
        }
        var there = look(from, looksThere);
        T here;
        try (var session = new PostgresSession(to)) {
            here = look(session, looksHere);
        }
        if (!here.equals(there)) {
            throw differs("the ledger of " + file + " is " + there + " and it is " + here);
        }
        return rows;
    }

    private StoreRefused differs(String what) {
        return new StoreRefused(what + " in " + address + ": nothing was changed");
    }

    private T look(Session session, Work<T> work) throws SQLException {
        var tx = new Tx(session, clock.instant(), 1);
        try {
            return work.in(tx);
        } finally {
            tx.end();
        }
    }

    private void keep(SqliteSession from, Connection to, boolean unmark) throws SQLException {
        try {
            to.commit();
        } catch (SQLException e) {
            if (Trouble.isGone(e)) {
                throw new StoreFailed(
                        "the connection to " + address
                                + " went while it kept what was moved, and nobody can say whether"
                                + " it has: say the same command again, which finds out (" + e.getMessage() + ")",
                        e);
            }
            if (unmark) {
                Moved.clear(from);
            }
            throw e;
        }
    }

    /// Makes a file that was moved a store again.
    ///
    /// @param gone whether it is known without asking that the database is no more
    /// @throws StoreRefused when the database still holds the store, or cannot be asked
    public static void reopen(Path file, boolean gone) {
        try (var session = Connections.plain(file)) {
            var to = Moved.to(session)
                    .orElseThrow(() -> new StoreRefused(file + " was not moved: there is nothing to take back"));
            if (!gone) {
                refuseWhileThere(file, to);
            }
            Connections.prepareToWrite(session);
            Moved.clear(session);
        } catch (SQLException e) {
            throw new StoreFailed(file + " was not reopened: " + e.getMessage(), e);
        }
    }

    private static void refuseWhileThere(Path file, StoreAddress.Postgres to) {
        try (var connection = PostgresPools.source(to).getConnection();
                var statement = connection.createStatement()) {
            try (var row = statement.executeQuery("SELECT to_regclass('wrapped_key') IS NOT NULL")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return;
                }
            }
            try (var row = statement.executeQuery("SELECT 1 FROM wrapped_key LIMIT 1")) {
                if (row.next()) {
                    throw new StoreRefused(
                            to + " holds the store that was in " + file + ", and two must not go on from one"
                                    + " state. When no server has run on it, drop that database and say this again. When one"
                                    + " has, what it wrote would be lost: restore a copy of this file as a backup, which"
                                    + " begins a new epoch of the ledger");
                }
            }
        } catch (SQLException e) {
            if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
                throw new StoreRefused(
                        to + " cannot be asked whether it still holds the store (" + e.getMessage()
                                + "): say --gone when that database is no more, and only then",
                        e);
            }
        }
    }

    private static final String NO_SUCH_DATABASE = "3D000";
}
