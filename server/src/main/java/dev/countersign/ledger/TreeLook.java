package dev.countersign.ledger;

import dev.countersign.store.Tx;
import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Makes the tree again from the leaf hashes as they go by, and compares it with tiles and checkpoints. The first that
/// differs is told; what is made of it differs too, and is not.
final class TreeLook {
    private static final int AT_ONCE = 1_000;

    private final Tx tx;
    private final WholeLedger.Reader reader;
    private final ResultSet checkpoints;
    private final List<ByteArrayOutputStream> open = new ArrayList<>();
    private Frontier tree = Frontier.EMPTY;
    private long tiles;
    private boolean differs;
    private boolean more;
    private String origin = "";
    private List<NoteKey> keys = List.of();

    TreeLook(Tx tx, WholeLedger.Reader reader) throws SQLException {
        this.tx = tx;
        this.reader = reader;
        var statement = tx.prepare("SELECT size, note FROM ledger_checkpoint ORDER BY size");
        statement.setFetchSize(AT_ONCE);
        this.checkpoints = statement.executeQuery();
        this.more = checkpoints.next();
    }

    long size() {
        return tree.size();
    }

    void add(long index, byte[] hash, Optional<EntryView> entry) throws SQLException {
        if (index != tree.size() && !differs) {
            differ(tree.size(), index > tree.size() ? "it is missing" : "it stands twice");
        }
        entry.ifPresent(this::learn);
        tree = tree.append(hash);
        put(0, hash);
        while (more && checkpoints.getLong(1) <= tree.size()) {
            check(checkpoints.getLong(1), checkpoints.getString(2));
            more = checkpoints.next();
        }
    }

    void end() throws SQLException {
        try (checkpoints) {
            if (more) {
                reader.wrong(
                        -1,
                        "a checkpoint is over " + checkpoints.getLong(1) + " entries, and there are only "
                                + tree.size());
            }
        }
        try (var row = tx.prepare("SELECT count(*) FROM ledger_tile").executeQuery()) {
            row.next();
            if (row.getLong(1) != tiles && !differs) {
                reader.wrong(-1, row.getLong(1) + " tiles are there, and its leaves make " + tiles);
            }
        }
    }

    /// A ledger's name and keys are those that its first entry names, and after a restore that one's.
    private void learn(EntryView entry) {
        if (entry.code() != Code.LEDGER_OPENED && entry.code() != Code.BACKUP_RESTORED) {
            return;
        }
        origin = entry.text(Member.ORIGIN);
        try {
            keys = entry.texts(Member.VKEY).stream().map(NoteKey::parse).toList();
        } catch (IllegalArgumentException e) {
            keys = List.of();
            reader.wrong(entry.index(), "it names no key: " + e.getMessage());
        }
    }

    private void put(int level, byte[] hash) throws SQLException {
        if (open.size() == level) {
            open.add(new ByteArrayOutputStream(TilePath.FULL * Merkle.HASH_BYTES));
        }
        var tile = open.get(level);
        tile.writeBytes(hash);
        if (tile.size() < TilePath.FULL * Merkle.HASH_BYTES) {
            return;
        }
        var hashes = tile.toByteArray();
        tile.reset();
        var root = Tiles.subtree(hashes, 0, TilePath.FULL);
        compare(level, (tree.size() >> (8 * (level + 1))) - 1, hashes, root);
        tiles++;
        put(level + 1, root);
    }

    private void compare(int level, long number, byte[] hashes, byte[] root) throws SQLException {
        if (differs) {
            return;
        }
        var select = tx.prepare("SELECT hashes, root FROM ledger_tile WHERE level = ? AND number = ?");
        select.setInt(1, level);
        select.setLong(2, number);
        try (var row = select.executeQuery()) {
            if (!row.next()) {
                differ(-1, "tile " + number + " of level " + level + " is missing");
                return;
            }
            int at = Arrays.mismatch(row.getBytes(1), hashes);
            if (at >= 0) {
                long first = (number * TilePath.FULL + at / Merkle.HASH_BYTES) << (8 * level);
                differ(first, "it is not what tile " + number + " of level " + level + " is made of");
            } else if (!Arrays.equals(row.getBytes(2), root)) {
                differ(-1, "the root of tile " + number + " of level " + level + " is not that of its hashes");
            }
        }
    }

    private void check(long size, String note) {
        try {
            var checkpoint = Checkpoint.parse(note);
            var over = "the checkpoint over " + size + " entries ";
            if (checkpoint.size() != size || !checkpoint.origin().equals(origin)) {
                reader.wrong(-1, over + "is one over " + checkpoint.size() + " of " + checkpoint.origin());
            } else if (!checkpoint.isSignedBy(keys)) {
                reader.wrong(-1, over + "is not signed by the key that the ledger names");
            } else if (!differs && !(size == tree.size() && Arrays.equals(checkpoint.root(), tree.root()))) {
                differ(-1, over + "is over others than these");
            }
        } catch (IllegalArgumentException e) {
            reader.wrong(-1, "a checkpoint over " + size + " entries cannot be read: " + e.getMessage());
        }
    }

    private void differ(long index, String said) {
        differs = true;
        reader.wrong(index, said + "; nothing after it was compared with the tree");
    }
}
