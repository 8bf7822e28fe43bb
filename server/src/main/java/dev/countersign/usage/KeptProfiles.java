package dev.countersign.usage;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables usage_profile and usage_fold: counters as they stood at one place of the ledger.
final class KeptProfiles {
    /// Raised whenever the fold counts differently: what an older version kept is then folded again from nothing.
    static final long FORM = 2;

    /// A counter, and where it is the client's own the time it entered the ledger, and its week.
    record Row(UsageKey key, Optional<Instant> since, Optional<Counter> counter, Optional<String> week) {}

    /// Puts what is kept into the fold.
    ///
    /// @param size how many entries the ledger has; what was kept of a longer one is not this ledger's
    /// @return the first entry that is not in it
    long load(Tx tx, long size, UsageFold fold) throws SQLException {
        long position = position(tx);
        if (position <= 0 || position > size) {
            return 0;
        }
        var select = tx.prepare(
                "SELECT client, resource, scope, since, uses, first_at, last_at, days, week FROM usage_profile");
        try (var rows = select.executeQuery()) {
            while (rows.next()) {
                var key = new UsageKey(rows.getString(1), rows.getString(2), rows.getString(3));
                fold.restore(new Row(
                        key,
                        Optional.ofNullable(instant(rows, 4)),
                        counter(rows),
                        Optional.ofNullable(rows.getString(9))));
            }
        }
        return position;
    }

    private static Optional<Counter> counter(ResultSet row) throws SQLException {
        var first = instant(row, 6);
        var last = instant(row, 7);
        return first == null || last == null
                ? Optional.empty()
                : Optional.of(new Counter(row.getLong(5), first, last, row.getLong(8)));
    }

    /// Forgets everything.
    void clear(Tx tx) throws SQLException {
        tx.prepare("DELETE FROM usage_profile").executeUpdate();
        tx.prepare("DELETE FROM usage_fold").executeUpdate();
    }

    /// Keeps counters that changed since `from`, and how far they go. False, and nothing is kept, when what is
    /// kept does not go to `from`: another node keeps them.
    boolean keep(Tx tx, Collection<Row> rows, long from, long position) throws SQLException {
        if (!mark(tx, from, position)) {
            return false;
        }
        var upsert = tx.prepare("""
                INSERT INTO usage_profile (client, resource, scope, since, uses, first_at, last_at, days, week)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (client, resource, scope) DO UPDATE SET since = excluded.since, uses = excluded.uses,
                    first_at = excluded.first_at, last_at = excluded.last_at, days = excluded.days, week = excluded.week
                """);
        for (var row : rows) {
            upsert.setString(1, row.key().client());
            upsert.setString(2, row.key().resource());
            upsert.setString(3, row.key().scope());
            set(upsert, 4, row.since());
            upsert.setLong(5, row.counter().map(Counter::uses).orElse(0L));
            set(upsert, 6, row.counter().map(Counter::first));
            set(upsert, 7, row.counter().map(Counter::last));
            upsert.setLong(8, row.counter().map(Counter::days).orElse(0L));
            upsert.setString(9, row.week().orElse(null));
            upsert.executeUpdate();
        }
        return true;
    }

    private static boolean mark(Tx tx, long from, long position) throws SQLException {
        var first = tx.prepare("""
                INSERT INTO usage_fold (name, form, position) VALUES ('profiles', ?, 0) ON CONFLICT (name) DO NOTHING""");
        first.setLong(1, FORM);
        first.executeUpdate();
        var move = tx.prepare("""
                UPDATE usage_fold SET form = ?, position = ? WHERE name = 'profiles' AND position = ?""");
        move.setLong(1, FORM);
        move.setLong(2, position);
        move.setLong(3, from);
        return move.executeUpdate() == 1;
    }

    /// How far what is kept goes.
    static long position(Tx tx) throws SQLException {
        var select = tx.prepare("SELECT position FROM usage_fold WHERE name = 'profiles' AND form = ?");
        select.setLong(1, FORM);
        try (var rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.instant(micros);
    }

    private static void set(PreparedStatement statement, int column, Optional<Instant> instant) throws SQLException {
        if (instant.isPresent()) {
            statement.setLong(column, Micros.of(instant.get()));
        } else {
            statement.setNull(column, Types.BIGINT);
        }
    }
}
