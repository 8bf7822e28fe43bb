package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/// The table of entries that are durable and have no place yet, and the head that whoever gives them one holds.
final class Staged {
    private static final int MOST = 4_096;

    /// Writes leaves in one statement.
    void insertAll(Tx tx, List<Leaf> leaves, DisclosureKeys keys) throws SQLException {
        if (leaves.isEmpty()) {
            return;
        }
        var disclosures = new ArrayList<byte[]>(leaves.size());
        for (var leaf : leaves) {
            disclosures.add(keys.keep(tx, leaf));
        }
        var insert = tx.prepare("""
                INSERT INTO ledger_staged (hash, request, jti, leaf, disclosures, refused) VALUES (?, ?, ?, ?, ?, ?)""");
        for (int i = 0; i < leaves.size(); i++) {
            var leaf = leaves.get(i);
            insert.setBytes(1, leaf.hash().bytes());
            insert.setString(2, leaf.request().orElse(null));
            insert.setString(3, leaf.minted().orElse(null));
            insert.setBytes(4, leaf.bytes());
            if (disclosures.get(i).length == 0) {
                insert.setNull(5, Types.BINARY);
            } else {
                insert.setBytes(5, disclosures.get(i));
            }
            insert.setString(6, leaf.refused().orElse(null));
            insert.addBatch();
        }
        insert.executeBatch();
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

    /// Takes the head: until the transaction ends nobody else gives places. How large the ledger is; -1 when another
    /// has the head.
    long take(Tx tx) throws SQLException {
        try (var row = tx.prepare("SELECT size FROM ledger_head WHERE one = 1 FOR UPDATE SKIP LOCKED")
                .executeQuery()) {
            return row.next() ? row.getLong(1) : -1;
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
                throw new IllegalStateException("the ledger's head moved under its lock");
            }
        }
        return moved;
    }
}
