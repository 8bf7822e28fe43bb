package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table of entries. Appended to by [Sequencer] alone; the schema refuses any other change.
final class Entries {
    /// A leaf as the table holds it.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(long index, byte[] leaf) {
        EntryView view() {
            return EntryView.parse(index, leaf);
        }
    }

    void insert(Tx tx, long index, Leaf leaf, byte[] disclosures) throws SQLException {
        var insert = tx.prepare("""
                INSERT INTO ledger_entry (leaf_index, hash, request, jti, leaf, disclosures) VALUES (?, ?, ?, ?, ?, ?)
                """);
        insert.setLong(1, index);
        insert.setBytes(2, leaf.hash().bytes());
        insert.setString(3, leaf.request().orElse(null));
        insert.setString(4, leaf.minted().orElse(null));
        insert.setBytes(5, leaf.bytes());
        if (disclosures.length == 0) {
            insert.setNull(6, Types.BINARY);
        } else {
            insert.setBytes(6, disclosures);
        }
        insert.executeUpdate();
        if (leaf.refused().isPresent()) {
            var refusal = tx.prepare("INSERT INTO ledger_refusal (leaf_index, client) VALUES (?, ?)");
            refusal.setLong(1, index);
            refusal.setString(2, leaf.refused().get());
            refusal.executeUpdate();
        }
    }

    /// How many there are, which is the index of the next.
    long size(Tx tx) throws SQLException {
        try (var rows = tx.prepare("SELECT coalesce(max(leaf_index), -1) + 1 FROM ledger_entry")
                .executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /// The leaf hashes from one index up to another, in order.
    List<byte[]> hashes(Tx tx, long from, long to) {
        var hashes = tx.sql()
                .createQuery(
                        "SELECT hash FROM ledger_entry WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index")
                .bind(0, from)
                .bind(1, to)
                .map((rows, _) -> rows.getBytes(1))
                .list();
        if (hashes.size() != to - from) {
            throw new IllegalStateException("the ledger lacks entries between " + from + " and " + to);
        }
        return hashes;
    }

    /// At most `limit` entries from that index on.
    List<Row> rows(Tx tx, long from, long limit) {
        return tx.sql()
                .createQuery(
                        "SELECT leaf_index, leaf FROM ledger_entry WHERE leaf_index >= ? ORDER BY leaf_index LIMIT ?")
                .bind(0, from)
                .bind(1, limit)
                .map((rows, _) -> new Row(rows.getLong(1), rows.getBytes(2)))
                .list();
    }

    /// At most `limit` entries before that index, the newest first.
    List<Row> rowsBefore(Tx tx, long before, long limit) {
        return tx.sql()
                .createQuery(
                        "SELECT leaf_index, leaf FROM ledger_entry WHERE leaf_index < ? ORDER BY leaf_index DESC LIMIT ?")
                .bind(0, before)
                .bind(1, limit)
                .map((rows, _) -> new Row(rows.getLong(1), rows.getBytes(2)))
                .list();
    }

    List<Row> ofRequest(Tx tx, String request) {
        return tx.sql()
                .createQuery("SELECT leaf_index, leaf FROM ledger_entry WHERE request = ? ORDER BY leaf_index")
                .bind(0, request)
                .map((rows, _) -> new Row(rows.getLong(1), rows.getBytes(2)))
                .list();
    }

    /// The same with those that have no place yet, which come last.
    List<Row> alsoStaged(Tx tx, String request) {
        return tx.sql()
                .createQuery("""
                        SELECT leaf_index AS n, leaf FROM ledger_entry WHERE request = :request
                        UNION ALL SELECT 4611686018427387904 + n, leaf FROM ledger_staged WHERE request = :request
                        ORDER BY n""")
                .bind("request", request)
                .map((rows, _) -> new Row(rows.getLong(1), rows.getBytes(2)))
                .list();
    }

    /// At most `limit` refusals before that index, the newest first.
    ///
    /// @param client whose they are; empty for all clients'
    List<Row> refusalsBefore(Tx tx, String client, long before, long limit) {
        var which = client.isEmpty() ? "" : "client = :client AND ";
        return tx.sql()
                .createQuery("SELECT leaf_index, leaf FROM ledger_entry WHERE leaf_index IN (SELECT leaf_index FROM"
                        + " ledger_refusal WHERE " + which
                        + "leaf_index < :before ORDER BY leaf_index DESC LIMIT :limit)"
                        + " ORDER BY leaf_index DESC")
                .bindMap(Map.of("client", client, "before", before, "limit", limit))
                .map((rows, _) -> new Row(rows.getLong(1), rows.getBytes(2)))
                .list();
    }

    Optional<Row> mintOf(Tx tx, String jti) {
        return tx.sql()
                .createQuery("SELECT leaf_index, leaf FROM ledger_entry WHERE jti = ?")
                .bind(0, jti)
                .map((rows, _) -> new Row(rows.getLong(1), rows.getBytes(2)))
                .findOne();
    }

    /// What is disclosed beside a leaf, still encrypted.
    List<Sealed> disclosures(Tx tx, long index) {
        return tx.sql()
                .createQuery("SELECT disclosures FROM ledger_entry WHERE leaf_index = ? AND disclosures IS NOT NULL")
                .bind(0, index)
                .map((rows, _) -> rows.getBytes(1))
                .findOne()
                .map(Sealed::read)
                .orElse(List.of());
    }

    static byte[] concatenate(List<byte[]> hashes) {
        var all = new byte[hashes.size() * Merkle.HASH_BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, all, i * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
        }
        return all;
    }

    static byte[] hash(byte[] hashes, int at) {
        return Arrays.copyOfRange(hashes, at * Merkle.HASH_BYTES, (at + 1) * Merkle.HASH_BYTES);
    }
}
