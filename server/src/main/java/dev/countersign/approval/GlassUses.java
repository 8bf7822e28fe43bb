package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.ledger.LeafHash;
import dev.countersign.people.PersonId;
import dev.countersign.policy.BreakGlass;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The table of broken glass: how often which rule let which client through, and whether people have looked.
///
/// Whoever asks [#against] and then inserts does that alone for its client: SQLite has one writer, and elsewhere the
/// requests of a client take turns.
final class GlassUses {
    /// A use as it stands.
    ///
    /// @param lastLeaf the request's latest ledger entry
    record Row(GlassUse use, GlassUse.State state, LeafHash lastLeaf) {}

    /// What stands against one more.
    ///
    /// @param about the request that has to be looked at first; empty when it is the number
    record Against(Because because, String about) {}

    /// Empty when nothing does.
    Optional<Against> against(Tx tx, String client, List<BreakGlass.Limit> limits, Instant now) throws SQLException {
        for (var limit : limits) {
            var against = against(tx, client, limit, now);
            if (against.isPresent()) {
                return against;
            }
        }
        return Optional.empty();
    }

    private static Optional<Against> against(Tx tx, String client, BreakGlass.Limit limit, Instant now)
            throws SQLException {
        var objected = first(tx, client, limit.rule(), "state = 'objected' AND review_by > ?", Long.MIN_VALUE);
        if (objected.isPresent()) {
            return Optional.of(new Against(Because.BREAK_GLASS_OBJECTED, objected.get()));
        }
        var overdue = first(tx, client, limit.rule(), "state = 'due' AND review_by <= ?", Micros.of(now));
        if (overdue.isPresent()) {
            return Optional.of(new Against(Because.BREAK_GLASS_OVERDUE, overdue.get()));
        }
        var count = tx.prepare("SELECT COUNT(*) FROM break_glass WHERE client = ? AND rule = ? AND used_at > ?");
        count.setString(1, client);
        count.setString(2, limit.rule());
        count.setLong(3, Micros.of(now.minus(limit.per())));
        try (var found = count.executeQuery()) {
            return found.next() && found.getLong(1) >= limit.times()
                    ? Optional.of(new Against(Because.BREAK_GLASS_USED_UP, ""))
                    : Optional.empty();
        }
    }

    private static Optional<String> first(Tx tx, String client, String rule, String where, long value)
            throws SQLException {
        var query = tx.prepare("SELECT request FROM break_glass WHERE client = ? AND rule = ? AND " + where
                + " ORDER BY review_by LIMIT 1");
        query.setString(1, client);
        query.setString(2, rule);
        query.setLong(3, value);
        try (var found = query.executeQuery()) {
            return found.next() ? Optional.of(found.getString(1)) : Optional.empty();
        }
    }

    void insert(Tx tx, GlassUse use, LeafHash lastLeaf) throws SQLException {
        for (var rule : use.rules()) {
            var insert = tx.prepare("""
                    INSERT INTO break_glass (request, rule, client, state, used_at, review_by, last_leaf, body)
                    VALUES (?, ?, ?, 'due', ?, ?, ?, ?)""");
            insert.setString(1, use.request());
            insert.setString(2, rule);
            insert.setString(3, use.client());
            insert.setLong(4, Micros.of(use.at()));
            insert.setLong(5, Micros.of(use.reviewBy()));
            insert.setString(6, lastLeaf.text());
            insert.setString(7, Json.write(use));
            insert.executeUpdate();
        }
    }

    /// One use.
    Optional<Row> find(Tx tx, String request) throws SQLException {
        return find(tx, request, "");
    }

    /// One use, for a work that is about to change it: until it is done nobody else does.
    Optional<Row> hold(Tx tx, String request) throws SQLException {
        return find(tx, request, tx.forUpdate());
    }

    private static Optional<Row> find(Tx tx, String request, String lock) throws SQLException {
        var query = tx.prepare("SELECT state, last_leaf, body FROM break_glass WHERE request = ? ORDER BY rule" + lock);
        query.setString(1, request);
        try (var found = query.executeQuery()) {
            return found.next()
                    ? Optional.of(row(found.getString(1), found.getString(2), found.getString(3)))
                    : Optional.empty();
        }
    }

    /// Those in any of these states, the newest first.
    ///
    /// @param after the request of the last one of the page before; empty for the first page
    List<Row> list(Tx tx, List<GlassUse.State> states, String after, int limit) {
        return tx.sql()
                .createQuery("""
                        SELECT DISTINCT request, state, last_leaf, body FROM break_glass
                        WHERE state IN (<states>) AND (:after = '' OR request < :after)
                        ORDER BY request DESC LIMIT :limit""")
                .bindList("states", states.stream().map(GlassUse.State::word).toList())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, _) -> row(row.getString(2), row.getString(3), row.getString(4)))
                .list();
    }

    /// What people owe at the time of the transaction. A rule's name has no space in it, so that no two ways
    /// are counted for one.
    Afterwards.Owed owed(Tx tx) throws SQLException {
        var query = tx.prepare("""
                SELECT COUNT(DISTINCT CASE WHEN state = 'due' THEN request END), COUNT(DISTINCT rule || ' ' || client)
                FROM break_glass WHERE state = 'objected' OR (state = 'due' AND review_by <= ?)""");
        query.setLong(1, Micros.of(tx.now()));
        try (var found = query.executeQuery()) {
            return found.next() ? new Afterwards.Owed(found.getLong(1), found.getLong(2)) : Afterwards.Owed.NOTHING;
        }
    }

    void step(Tx tx, String request, GlassUse.State to, LeafHash lastLeaf) throws SQLException {
        var update = tx.prepare("UPDATE break_glass SET state = ?, last_leaf = ? WHERE request = ?");
        update.setString(1, to.word());
        update.setString(2, lastLeaf.text());
        update.setString(3, request);
        update.executeUpdate();
    }

    /// Those of any client since a time, the newest first, at most `limit`.
    List<GlassUse> since(Tx tx, Instant from, int limit) {
        return tx.sql()
                .createQuery("""
                        SELECT DISTINCT request, body FROM break_glass WHERE used_at >= :from
                        ORDER BY request DESC LIMIT :limit""")
                .bind("from", Micros.of(from))
                .bind("limit", limit)
                .map((row, _) -> Json.as(row.getString(2), GlassUse.class))
                .list();
    }

    List<GlassUse.Said> said(Tx tx, String request) {
        return tx.sql()
                .createQuery("""
                        SELECT person, word, comment, said_at, signed FROM break_glass_word WHERE request = :request
                        ORDER BY said_at, person""")
                .bind("request", request)
                .map((row, _) -> new GlassUse.Said(
                        new PersonId(row.getString(1)),
                        GlassUse.Word.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                        row.getString(3),
                        Micros.instant(row.getLong(4)),
                        row.getLong(5) == 1))
                .list();
    }

    void say(Tx tx, String request, GlassUse.Said said) throws SQLException {
        var insert = tx.prepare("""
                INSERT INTO break_glass_word (request, person, word, said_at, comment, signed)
                VALUES (?, ?, ?, ?, ?, ?)""");
        insert.setString(1, request);
        insert.setString(2, said.person().value());
        insert.setString(3, said.word().word());
        insert.setLong(4, Micros.of(said.at()));
        insert.setString(5, said.comment());
        insert.setLong(6, said.signed() ? 1 : 0);
        insert.executeUpdate();
    }

    private static Row row(String state, String lastLeaf, String body) {
        return new Row(
                Json.as(body, GlassUse.class),
                GlassUse.State.valueOf(state.toUpperCase(Locale.ROOT)),
                new LeafHash(lastLeaf));
    }
}
