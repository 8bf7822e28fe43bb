package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The table of full tiles, and the tree as tiles show it. A tile is written in the transaction of the leaf that
/// fills it.
final class Tiles {
    private final Entries entries;

    Tiles(Entries entries) {
        this.entries = entries;
    }

    /// Writes the tiles that a tree's last leaf has filled.
    void fill(Tx tx, long size) {
        int level = 0;
        for (long hashes = size; hashes > 0 && hashes % TilePath.FULL == 0; hashes /= TilePath.FULL) {
            var tile = new TilePath(level, hashes / TilePath.FULL - 1, TilePath.FULL);
            var below = derive(tx, tile);
            tx.sql()
                    .createUpdate("INSERT INTO ledger_tile (level, number, hashes, root) VALUES (?, ?, ?, ?)")
                    .bind(0, tile.level())
                    .bind(1, tile.number())
                    .bind(2, below)
                    .bind(3, subtree(below, 0, TilePath.FULL))
                    .execute();
            level++;
        }
    }

    /// The hashes of a tile of a tree that is at least that large.
    byte[] hashes(Tx tx, TilePath tile) {
        return tile.isFull()
                ? tx.sql()
                        .createQuery("SELECT hashes FROM ledger_tile WHERE level = ? AND number = ?")
                        .bind(0, tile.level())
                        .bind(1, tile.number())
                        .map((rows, _) -> rows.getBytes(1))
                        .one()
                : derive(tx, tile);
    }

    /// The tile from what it hashes: leaves, or the roots of full tiles.
    private byte[] derive(Tx tx, TilePath tile) {
        long from = tile.number() * TilePath.FULL;
        long to = from + tile.width();
        var hashes = tile.level() == 0 ? entries.hashes(tx, from, to) : roots(tx, tile.level() - 1, from, to);
        if (hashes.size() != tile.width()) {
            throw new IllegalStateException("the ledger lacks hashes for " + tile);
        }
        return Entries.concatenate(hashes);
    }

    private static List<byte[]> roots(Tx tx, int level, long from, long to) {
        return tx.sql()
                .createQuery(
                        "SELECT root FROM ledger_tile WHERE level = ? AND number >= ? AND number < ? ORDER BY number")
                .bind(0, level)
                .bind(1, from)
                .bind(2, to)
                .map((rows, _) -> rows.getBytes(1))
                .list();
    }

    /// Where a leaf hash stands among the last `most` leaves of a tree; empty when it does not. The last leaves are
    /// looked at first, and 256 of them cost one row.
    OptionalLong find(Tx tx, byte[] hash, long size, long most) {
        long last = (size - 1) / TilePath.FULL;
        long first = Math.max(0, last - most / TilePath.FULL);
        for (long number = last; number >= first && size > 0; number--) {
            var tile =
                    hashes(tx, new TilePath(0, number, (int) Math.min(TilePath.FULL, size - number * TilePath.FULL)));
            for (int at = tile.length / Merkle.HASH_BYTES - 1; at >= 0; at--) {
                int from = at * Merkle.HASH_BYTES;
                if (Arrays.equals(tile, from, from + Merkle.HASH_BYTES, hash, 0, Merkle.HASH_BYTES)) {
                    return OptionalLong.of(number * TilePath.FULL + at);
                }
            }
        }
        return OptionalLong.empty();
    }

    /// The tree of `size` leaves, for proofs; good as long as the transaction.
    Nodes nodes(Tx tx, long size) {
        Map<TilePath, byte[]> seen = new HashMap<>();
        return (level, index) -> inTile(level, index, size, tile -> seen.computeIfAbsent(tile, it -> hashes(tx, it)));
    }

    /// Gives the hashes of a tile.
    @FunctionalInterface
    interface Source {
        byte[] hashes(TilePath tile);
    }

    /// A node of a tree of `size` leaves, from the tile that has it or the hashes right under it.
    static byte[] inTile(int level, long index, long size, Source source) {
        int tileLevel = level / 8;
        long first = index << (level % 8); // of the hashes of that level, those under the node
        long number = first / TilePath.FULL;
        long hashes = (size >> (8 * tileLevel)) - number * TilePath.FULL;
        var tile = new TilePath(tileLevel, number, (int) Math.min(TilePath.FULL, hashes));
        int from = (int) (first % TilePath.FULL);
        return subtree(source.hashes(tile), from, from + (1 << (level % 8)));
    }

    /// The root over a power of two of hashes.
    static byte[] subtree(byte[] hashes, int from, int to) {
        if (to - from == 1) {
            return Entries.hash(hashes, from);
        }
        int middle = (from + to) >>> 1;
        return Merkle.nodeHash(subtree(hashes, from, middle), subtree(hashes, middle, to));
    }
}
