package dev.countersign.usage;

import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Supplier;

/// The tables usage_kept and usage_fold: counters as they stood at one place of the ledger.
final class KeptProfiles {
    /// Raised whenever the fold counts differently: what an older version kept is then folded again from nothing.
    static final long FORM = 3;

    /// Puts what is kept into the fold.
    ///
    /// @param size how many entries the ledger has; what was kept of a longer one is not this ledger's
    /// @return the first entry that is not in it
    long load(Tx tx, long size, UsageFold fold) throws SQLException {
        long position = position(tx);
        if (position <= 0 || position > size) {
            return 0;
        }
        try (var rows = tx.prepare("SELECT kind, client, resource, name, body FROM usage_kept")
                .executeQuery()) {
            while (rows.next()) {
                var kind = UsageKey.Kind.of(rows.getString(1));
                fold.restore(
                        new UsageKey(kind, rows.getString(2), rows.getString(3), rows.getString(4)), rows.getString(5));
            }
        }
        return position;
    }

    /// Forgets everything.
    void clear(Tx tx) throws SQLException {
        tx.prepare("DELETE FROM usage_kept").executeUpdate();
        tx.prepare("DELETE FROM usage_fold WHERE name = 'habits'").executeUpdate();
    }

    /// Keeps what changed since `from`, and how far it goes. False, and nothing is kept, when what is kept does
    /// not go to `from`: another node keeps them.
    boolean keep(Tx tx, Map<UsageKey, Supplier<String>> bodies, long from, long position) throws SQLException {
        if (!mark(tx, from, position)) {
            return false;
        }
        var upsert = tx.prepare("""
                INSERT INTO usage_kept (kind, client, resource, name, body) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (kind, client, resource, name) DO UPDATE SET body = excluded.body
                """);
        for (var it : bodies.entrySet()) {
            var key = it.getKey();
            upsert.setString(1, key.kind().word());
            upsert.setString(2, key.client());
            upsert.setString(3, key.resource());
            upsert.setString(4, key.name());
            upsert.setString(5, it.getValue().get());
            upsert.executeUpdate();
        }
        return true;
    }

    private static boolean mark(Tx tx, long from, long position) throws SQLException {
        var first = tx.prepare("""
                INSERT INTO usage_fold (name, form, position) VALUES ('habits', ?, 0) ON CONFLICT (name) DO NOTHING""");
        first.setLong(1, FORM);
        first.executeUpdate();
        var move = tx.prepare("""
                UPDATE usage_fold SET form = ?, position = ? WHERE name = 'habits' AND position = ?""");
        move.setLong(1, FORM);
        move.setLong(2, position);
        move.setLong(3, from);
        return move.executeUpdate() == 1;
    }

    /// How far what is kept goes.
    static long position(Tx tx) throws SQLException {
        var select = tx.prepare("SELECT position FROM usage_fold WHERE name = 'habits' AND form = ?");
        select.setLong(1, FORM);
        try (var rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
