package dev.countersign.ledger;

import dev.countersign.ledger.Verification.Bad;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All entries of a ledger as one moment of its store has them, read through once in a bounded memory: in their order
/// by [#inOrder], or request by request by [#byRequest]. What is durable and has no place yet comes last.
///
/// It believes no column that could be made again from the leaves.
public final class WholeLedger {
    private static final int AT_ONCE = 1_000;
    private static final String IN_ORDER =
            "SELECT leaf_index, hash, request, jti, leaf FROM ledger_entry ORDER BY leaf_index";
    private static final String BY_REQUEST =
            "SELECT request, leaf_index AS n, hash, leaf, disclosures FROM ledger_entry WHERE request IS NOT NULL";

    /// Where entries begin that wait for their places, when there are any among others.
    private static final long WAITING = 1L << 62;

    private final Tx tx;
    private final boolean staged;
    private final Opener opener;

    /// @param staged whether entries may be durable and have no place yet
    public WholeLedger(Tx tx, MasterKey master, boolean staged) {
        this.tx = tx;
        this.staged = staged;
        this.opener = new Opener(tx, master);
    }

    /// Hears of what goes by.
    public interface Reader {
        /// An entry that is one.
        void entry(EntryView entry);

        /// What is wrong with the ledger itself.
        ///
        /// @param index of the entry to blame; -1 when none is
        void wrong(long index, String said);
    }

    /// Reads the ledger from its first leaf, and looks whether its order, tiles, and signed heads follow from them.
    /// How many entries have their place.
    public long inOrder(Reader reader) throws SQLException {
        var auditor = new Auditor();
        var tree = new TreeLook(tx, reader);
        Consumer<EntryView> each = entry -> {
            auditor.readAlone(entry).map(Bad::toString).ifPresent(said -> reader.wrong(entry.index(), said));
            reader.entry(entry);
        };
        try (var rows = stream(IN_ORDER)) {
            while (rows.next()) {
                long index = rows.getLong(1);
                var hash = rows.getBytes(2);
                var entry = read(index, hash, rows.getBytes(5), reader);
                var request = rows.getString(3);
                var jti = rows.getString(4);
                entry.filter(it -> !isOf(it, request, jti))
                        .ifPresent(_ -> reader.wrong(index, "its row names another request or token than its leaf"));
                entry.ifPresent(each);
                tree.add(index, hash, entry);
            }
        }
        tree.end();
        if (staged) {
            staged(tree.size(), reader, each);
        }
        return tree.size();
    }

    private void staged(long size, Reader reader, Consumer<EntryView> each) throws SQLException {
        try (var head = stream("SELECT size FROM ledger_head")) {
            if (!head.next() || head.getLong(1) != size) {
                reader.wrong(-1, "its head is not at the " + size + " entries that there are");
            }
        }
        try (var taken = stream(
                "SELECT s.jti FROM ledger_staged s WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.jti = s.jti)")) {
            while (taken.next()) {
                reader.wrong(-1, "the mint of token " + taken.getString(1) + " waits for a place and has one already");
            }
        }
        long next = size;
        try (var rows = stream("SELECT n, hash, request, jti, leaf FROM ledger_staged ORDER BY n")) {
            while (rows.next()) {
                long index = next++;
                read(index, rows.getBytes(2), rows.getBytes(5), reader).ifPresent(each);
            }
        }
    }

    private static Optional<EntryView> read(long index, byte[] hash, byte[] leaf, Reader reader) {
        if (!Arrays.equals(Merkle.leafHash(leaf), hash)) {
            reader.wrong(index, "its leaf is not what its hash says");
            return Optional.empty();
        }
        try {
            return Optional.of(EntryView.parse(index, LeafHash.of(hash), leaf));
        } catch (IllegalArgumentException e) {
            reader.wrong(index, "it is no entry of ours: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isOf(EntryView entry, @Nullable String request, @Nullable String jti) {
        var minted = entry.code() == Code.TOKEN_MINTED ? entry.text(Member.JTI) : null;
        return Objects.equals(entry.request().orElse(null), request) && Objects.equals(minted, jti);
    }

    /// Hears of each request.
    @FunctionalInterface
    public interface Lives {
        /// All its entries, in their order.
        void life(List<Told> entries) throws SQLException;
    }

    /// Reads the entries of each request together, in their order. Requests with an entry that is none are left out:
    /// [#inOrder] names it.
    public void byRequest(Lives each) throws SQLException {
        var all = staged
                ? BY_REQUEST + " UNION ALL SELECT request, " + WAITING
                        + " + n, hash, leaf, disclosures FROM ledger_staged WHERE request IS NOT NULL"
                : BY_REQUEST;
        try (var rows = stream(all + " ORDER BY request, n")) {
            var entries = new ArrayList<Told>();
            var request = "";
            boolean whole = true;
            while (rows.next()) {
                if (!rows.getString(1).equals(request)) {
                    give(entries, whole, each);
                    entries.clear();
                    whole = true;
                    request = rows.getString(1);
                }
                var told = told(request, rows);
                whole &= told.isPresent();
                told.ifPresent(entries::add);
            }
            give(entries, whole, each);
        }
    }

    private static void give(List<Told> entries, boolean whole, Lives each) throws SQLException {
        if (whole && !entries.isEmpty()) {
            each.life(List.copyOf(entries));
        }
    }

    private Optional<Told> told(String request, ResultSet rows) throws SQLException {
        var leaf = rows.getBytes(4);
        var hash = rows.getBytes(3);
        try {
            var entry = EntryView.parse(rows.getLong(2), LeafHash.of(Merkle.leafHash(leaf)), leaf);
            return Arrays.equals(entry.hash().bytes(), hash)
                            && entry.request().filter(request::equals).isPresent()
                    ? Optional.of(new Told(entry, rows.getBytes(5), opener))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // said where the entries are read in order
        }
    }

    /// How an entry is called: one that waits for its place has no index yet.
    public static String name(EntryView entry) {
        return entry.index() < WAITING ? "entry " + entry.index() : "the waiting entry " + entry.hash();
    }

    private ResultSet stream(String sql) throws SQLException {
        PreparedStatement statement = tx.prepare(sql);
        statement.setFetchSize(AT_ONCE);
        return statement.executeQuery();
    }
}
