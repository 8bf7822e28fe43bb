package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Looks a whole ledger through from its leaves up: each leaf's hash, each full tile, and each root that was signed. It
/// takes as long as there are leaves, and no more memory for many.
final class TreeCheck {
    private static final int READ_AT_ONCE = 1_000;

    private final Tx tx;

    /// For each level the hashes of the tile that is not full yet.
    private final List<List<byte[]>> open = new ArrayList<>();

    private Frontier tree = Frontier.EMPTY;
    private long tiles;

    private TreeCheck(Tx tx) {
        this.tx = tx;
    }

    /// @throws LedgerForked when something in it is not what its leaves make
    static TreeHead of(Tx tx) throws SQLException {
        return new TreeCheck(tx).check();
    }

    private TreeHead check() throws SQLException {
        var leaves = tx.prepare("SELECT leaf_index, hash, leaf FROM ledger_entry ORDER BY leaf_index");
        var checkpoints = tx.prepare("SELECT size, note FROM ledger_checkpoint ORDER BY size");
        leaves.setFetchSize(READ_AT_ONCE);
        checkpoints.setFetchSize(READ_AT_ONCE);
        try (var leaf = leaves.executeQuery();
                var signed = checkpoints.executeQuery()) {
            boolean more = signed.next();
            while (leaf.next()) {
                add(leaf);
                if (more && signed.getLong(1) == tree.size()) {
                    check(Checkpoint.parse(signed.getString(2)));
                    more = signed.next();
                }
            }
            if (more) {
                throw LedgerForked.damaged(
                        "a checkpoint over " + signed.getLong(1) + " entries, and there are only " + tree.size());
            }
        }
        checkNumberOfTiles();
        return new TreeHead(tree.size(), LeafHash.of(tree.root()).text());
    }

    private void add(ResultSet row) throws SQLException {
        var hash = Merkle.leafHash(row.getBytes(3));
        if (row.getLong(1) != tree.size() || !Arrays.equals(hash, row.getBytes(2))) {
            throw LedgerForked.damaged("entry " + tree.size() + " is missing or is not what its hash says");
        }
        tree = tree.append(hash);
        put(0, hash);
    }

    private void put(int level, byte[] hash) throws SQLException {
        if (open.size() == level) {
            open.add(new ArrayList<>(TilePath.FULL));
        }
        var tile = open.get(level);
        tile.add(hash);
        if (tile.size() < TilePath.FULL) {
            return;
        }
        var hashes = Entries.concatenate(tile);
        var root = Tiles.subtree(hashes, 0, TilePath.FULL);
        long number = (tree.size() >> (8 * (level + 1))) - 1;
        var select = tx.prepare("SELECT hashes, root FROM ledger_tile WHERE level = ? AND number = ?");
        select.setInt(1, level);
        select.setLong(2, number);
        try (var row = select.executeQuery()) {
            if (!row.next() || !Arrays.equals(row.getBytes(1), hashes) || !Arrays.equals(row.getBytes(2), root)) {
                throw LedgerForked.damaged(
                        "tile " + number + " of level " + level + " is missing or is not what its leaves make");
            }
        }
        tiles++;
        tile.clear();
        put(level + 1, root);
    }

    private void check(Checkpoint signed) {
        if (signed.size() != tree.size() || !Arrays.equals(signed.root(), tree.root())) {
            throw LedgerForked.damaged("the checkpoint over " + tree.size() + " entries is not of this tree");
        }
    }

    private void checkNumberOfTiles() throws SQLException {
        try (var row = tx.prepare("SELECT count(*) FROM ledger_tile").executeQuery()) {
            row.next();
            if (row.getLong(1) != tiles) {
                throw LedgerForked.damaged(row.getLong(1) + " tiles, and the leaves make " + tiles);
            }
        }
    }
}
