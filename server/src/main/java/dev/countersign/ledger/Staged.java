package dev.countersign.ledger;

import dev.countersign.store.Columns;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table of entries that are durable and have no place yet, and the head that whoever gives them one holds.
final class Staged {
    /// How many get their places at once at most.
    static final int MOST = 4_096;

    private static final String MOVED = "the ledger's head moved under its lock";

    /// Writes leaves in one statement.
    void insertAll(Tx tx, List<Leaf> leaves, DisclosureKeys keys) throws SQLException {
        if (leaves.isEmpty()) {
            return;
        }
        var insert = tx.prepare("INSERT INTO ledger_staged (hash, request, jti, leaf, disclosures, refused)"
                + " SELECT hash, request, jti, leaf, disclosures, refused " + LEAVES + " ORDER BY n");
        bind(insert, 1, leaves, disclosures(tx, leaves, keys));
        insert.executeUpdate();
    }

    /// Writes leaves into the ledger itself, from `size` on, and takes the head to behind them. For who has taken it.
    void insertPlaced(Tx tx, long size, List<Leaf> leaves, DisclosureKeys keys) throws SQLException {
        var insert = tx.prepare("WITH head AS (UPDATE ledger_head SET size = ? WHERE one = 1 AND size = ? RETURNING 1),"
                + " added AS (SELECT ? + n - 1 AS leaf_index, hash, request, jti, leaf, disclosures, refused " + LEAVES
                + """
                 WHERE EXISTS (SELECT 1 FROM head)
                ), refusals AS (
                    INSERT INTO ledger_refusal (leaf_index, client)
                    SELECT leaf_index, refused FROM added WHERE refused IS NOT NULL)
                INSERT INTO ledger_entry (leaf_index, hash, request, jti, leaf, disclosures)
                SELECT leaf_index, hash, request, jti, leaf, disclosures FROM added""");
        insert.setLong(1, size + leaves.size());
        insert.setLong(2, size);
        insert.setLong(3, size);
        bind(insert, 4, leaves, disclosures(tx, leaves, keys));
        if (insert.executeUpdate() != leaves.size()) {
            throw new IllegalStateException(MOVED);
        }
    }

    private static final String LEAVES = """
            FROM unnest(CAST(? AS BYTEA[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS BYTEA[]), CAST(? AS BYTEA[]),
                        CAST(? AS TEXT[])) WITH ORDINALITY AS given (hash, request, jti, leaf, disclosures, refused, n)""";

    private static byte[] @Nullable [] disclosures(Tx tx, List<Leaf> leaves, DisclosureKeys keys) throws SQLException {
        var disclosures = new byte[leaves.size()] @Nullable [];
        for (int i = 0; i < disclosures.length; i++) {
            var kept = keys.keep(tx, leaves.get(i));
            disclosures[i] = kept.length == 0 ? null : kept;
        }
        return disclosures;
    }

    private static void bind(PreparedStatement statement, int from, List<Leaf> leaves, byte[] @Nullable [] disclosures)
            throws SQLException {
        var hashes = leaves.stream().map(it -> it.hash().bytes()).toArray(byte[][]::new);
        var bytes = leaves.stream().map(Leaf::bytes).toArray(byte[][]::new);
        int at = from;
        for (var column : List.of(
                Columns.bytes(statement, hashes),
                Columns.texts(statement, leaves, it -> it.request().orElse(null)),
                Columns.texts(statement, leaves, it -> it.minted().orElse(null)),
                Columns.bytes(statement, bytes),
                Columns.bytes(statement, disclosures),
                Columns.texts(statement, leaves, it -> it.refused().orElse(null)))) {
            statement.setArray(at++, column);
        }
    }

    boolean isEmpty(Tx tx) throws SQLException {
        try (var rows = tx.prepare("SELECT 1 FROM ledger_staged LIMIT 1").executeQuery()) {
            return !rows.next();
        }
    }

    /// Says how large the ledger is that came from another store.
    void beginAt(Tx tx, long size) throws SQLException {
        var head = tx.prepare("UPDATE ledger_head SET size = ? WHERE one = 1");
        head.setLong(1, size);
        if (head.executeUpdate() != 1) {
            throw new IllegalStateException("the ledger has no head");
        }
    }

    /// The number of the newest that is there; 0 when there is none.
    long last(Tx tx) throws SQLException {
        try (var row = tx.prepare("SELECT n FROM ledger_staged ORDER BY n DESC LIMIT 1")
                .executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /// Whether any waits that is as old as that one.
    boolean waits(Tx tx, long last) throws SQLException {
        var query = tx.prepare("SELECT 1 FROM ledger_staged WHERE n <= ? LIMIT 1");
        query.setLong(1, last);
        try (var rows = query.executeQuery()) {
            return rows.next();
        }
    }

    /// The head of the ledger as who has taken it finds it.
    ///
    /// @param size how large the ledger is
    /// @param waits whether entries wait for their places; of those that were committed before, none is overlooked
    record Head(long size, boolean waits) {}

    /// Takes the head: until the transaction ends nobody else gives places. Empty when another has it.
    Optional<Head> take(Tx tx) throws SQLException {
        try (var row = tx.prepare("SELECT size, EXISTS (SELECT 1 FROM ledger_staged) FROM ledger_head WHERE one = 1"
                        + " FOR UPDATE SKIP LOCKED")
                .executeQuery()) {
            return row.next() ? Optional.of(new Head(row.getLong(1), row.getBoolean(2))) : Optional.empty();
        }
    }

    /// Moves the oldest entries into the ledger, from `size` on. Leaves go from table to table and not over the wire.
    ///
    /// @return how many there were
    int place(Tx tx, long size) throws SQLException {
        var move = tx.prepare("""
                WITH moved AS (
                    DELETE FROM ledger_staged WHERE n IN (SELECT n FROM ledger_staged ORDER BY n LIMIT ?) RETURNING *),
                placed AS (SELECT ? + row_number() OVER (ORDER BY n) - 1 AS leaf_index, * FROM moved),
                refusals AS (
                    INSERT INTO ledger_refusal (leaf_index, client)
                    SELECT leaf_index, refused FROM placed WHERE refused IS NOT NULL)
                INSERT INTO ledger_entry (leaf_index, hash, request, jti, leaf, disclosures)
                SELECT leaf_index, hash, request, jti, leaf, disclosures FROM placed""");
        move.setInt(1, MOST);
        move.setLong(2, size);
        int moved = move.executeUpdate();
        if (moved > 0) {
            var head = tx.prepare("UPDATE ledger_head SET size = ? WHERE one = 1 AND size = ?");
            head.setLong(1, size + moved);
            head.setLong(2, size);
            if (head.executeUpdate() != 1) {
                throw new IllegalStateException(MOVED);
            }
        }
        return moved;
    }
}
