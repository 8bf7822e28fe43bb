package dev.countersign.approval;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The table of approvals that give several tokens: how many they gave, and which. The first is the approved request's
/// own, each of the others one of a request that asked for the same later.
final class Uses {
    /// One that may give more.
    ///
    /// @param id of the approved request
    /// @param used how many tokens it gave
    record Open(String id, int uses, int used) {}

    /// One of its tokens after the first.
    record Given(String tokenId, Instant expiresAt) {}

    /// Begins with the first token.
    ///
    /// @param until when it gives no more
    void begin(Tx tx, String id, String joinKey, int uses, Instant until) throws SQLException {
        var insert = tx.prepare("""
                INSERT INTO approval_uses (approval_id, join_key, uses, used, until) VALUES (?, ?, ?, 1, ?)""");
        insert.setString(1, id);
        insert.setString(2, joinKey);
        insert.setLong(3, uses);
        insert.setLong(4, Micros.of(until));
        insert.executeUpdate();
    }

    /// Those that may give a token for what has this join key, the one that ends first before the others; until the
    /// work
    /// is done nobody else uses them.
    List<Open> hold(Tx tx, String joinKey, Instant now) throws SQLException {
        var query = tx.prepare("""
                SELECT approval_id, uses, used FROM approval_uses
                WHERE join_key = ? AND until > ? AND ended_at IS NULL AND used < uses
                ORDER BY until, approval_id LIMIT 20""" + tx.forUpdate());
        query.setString(1, joinKey);
        query.setLong(2, Micros.of(now));
        try (var found = query.executeQuery()) {
            var open = new ArrayList<Open>();
            while (found.next()) {
                open.add(new Open(
                        found.getString(1), Math.toIntExact(found.getLong(2)), Math.toIntExact(found.getLong(3))));
            }
            return open;
        }
    }

    /// Uses it once more. False when it has nothing left to give.
    boolean use(Tx tx, Open open, String request, MintedToken token) throws SQLException {
        var update = tx.prepare("""
                UPDATE approval_uses SET used = used + 1
                WHERE approval_id = ? AND used = ? AND used < uses AND ended_at IS NULL""");
        update.setString(1, open.id());
        update.setLong(2, open.used());
        if (update.executeUpdate() != 1) {
            return false;
        }
        var insert = tx.prepare("""
                INSERT INTO approval_use (approval_id, use_number, request, token_id, expires_at)
                VALUES (?, ?, ?, ?, ?)""");
        insert.setString(1, open.id());
        insert.setLong(2, open.used() + 1L);
        insert.setString(3, request);
        insert.setString(4, token.id());
        insert.setLong(5, Micros.of(token.expiresAt()));
        insert.executeUpdate();
        return true;
    }

    /// Ends it, if it is one: it gives no more. Those of its tokens after the first that live yet.
    List<Given> end(Tx tx, String id) throws SQLException {
        var end = tx.prepare("UPDATE approval_uses SET ended_at = ? WHERE approval_id = ? AND ended_at IS NULL");
        end.setLong(1, Micros.of(tx.now()));
        end.setString(2, id);
        end.executeUpdate();
        var query =
                tx.prepare("SELECT token_id, expires_at FROM approval_use WHERE approval_id = ? AND expires_at > ?");
        query.setString(1, id);
        query.setLong(2, Micros.of(tx.now()));
        try (var rows = query.executeQuery()) {
            var given = new ArrayList<Given>();
            while (rows.next()) {
                given.add(new Given(rows.getString(1), Micros.instant(rows.getLong(2))));
            }
            return given;
        }
    }

    /// Whether it may give more, now.
    boolean isOpen(Tx tx, String id) throws SQLException {
        var query = tx.prepare("""
                SELECT 1 FROM approval_uses
                WHERE approval_id = ? AND until > ? AND ended_at IS NULL AND used < uses""");
        query.setString(1, id);
        query.setLong(2, Micros.of(tx.now()));
        try (var found = query.executeQuery()) {
            return found.next();
        }
    }

    /// How many tokens it gave, of how many; empty when it gives one.
    Optional<Open> find(Tx tx, String id) throws SQLException {
        var query = tx.prepare("SELECT uses, used FROM approval_uses WHERE approval_id = ?");
        query.setString(1, id);
        try (var found = query.executeQuery()) {
            return found.next()
                    ? Optional.of(new Open(id, Math.toIntExact(found.getLong(1)), Math.toIntExact(found.getLong(2))))
                    : Optional.empty();
        }
    }
}
