package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.ledger.LeafHash;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/// The approval table, with the votes and mints that hang on it. Every write is one step from a version that was read;
/// its ledger entry goes in the same transaction.
public final class Approvals {
    private static final String ROW = "SELECT version, last_leaf, body FROM approval ";

    /// A row: the state, the version it was read at, and the request's latest ledger entry.
    public record Row(Approval approval, long version, LeafHash lastLeaf) {}

    /// Which rows a list shows.
    ///
    /// @param states any of these; empty for all
    /// @param client empty for all
    /// @param risk empty for all, otherwise the least risk shown, as the level of [dev.countersign.oauth.Risk]
    /// @param text found in the client, the resource, the scopes, the reason or the ticket; empty for all
    /// @param after the id of the last row of the page before; empty for the first page
    public record Filter(List<String> states, String client, Optional<Integer> risk, String text, String after) {
        public static final Filter ALL = new Filter(List.of(), "", Optional.empty(), "", "");

        /// Those of these that are pending.
        Filter pending() {
            return new Filter(List.of("pending"), client, risk, text, after);
        }

        /// The page after the row with this id.
        public Filter after(String id) {
            return new Filter(states, client, risk, text, id);
        }
    }

    public Optional<Row> find(Tx tx, String id) {
        return tx.sql()
                .createQuery(ROW + "WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .findOne();
    }

    /// The request that a retry with this join key joins: an open one, or else the latest that was redeemed since
    /// `since`. On the path of every token, so each is one search of an index; asked for in one statement, SQLite
    /// makes a table to sort them in, whether there are any or not.
    Optional<Row> joinable(Tx tx, String joinKey, Instant since) throws SQLException {
        var open = tx.prepare("""
                SELECT version, last_leaf, body FROM approval
                WHERE join_key = ? AND state IN ('pending', 'approved')""");
        open.setString(1, joinKey);
        var joined = first(open);
        if (joined.isPresent()) {
            return joined;
        }
        var redeemed = tx.prepare("""
                SELECT version, last_leaf, body FROM approval
                WHERE join_key = ? AND state = 'redeemed' AND ended_at >= ? ORDER BY ended_at DESC LIMIT 1""");
        redeemed.setString(1, joinKey);
        redeemed.setLong(2, Micros.of(since));
        return first(redeemed);
    }

    private static Optional<Row> first(PreparedStatement query) throws SQLException {
        try (var found = query.executeQuery()) {
            return found.next()
                    ? Optional.of(read(found.getLong(1), found.getString(2), found.getString(3)))
                    : Optional.empty();
        }
    }

    /// True when the same client asked the same, from wherever, and was denied or let expire since `since`. On
    /// the path of every token, so it is one prepared statement.
    boolean denied(Tx tx, AccessRequest request, Instant since) throws SQLException {
        var query = tx.prepare("""
                SELECT 1 FROM approval
                WHERE client = ? AND snapshot = ? AND ended_at >= ? AND state IN ('denied', 'expired')
                LIMIT 1""");
        query.setString(1, request.client());
        query.setString(2, request.snapshot());
        query.setLong(3, Micros.of(since));
        try (var found = query.executeQuery()) {
            return found.next();
        }
    }

    /// True when the same request of the same client is open, but from another key, credential or network.
    public boolean openElsewhere(Tx tx, AccessRequest request) {
        return tx.sql()
                .createQuery("""
                        SELECT 1 FROM approval
                        WHERE client = :client AND snapshot = :snapshot AND ended_at IS NULL AND join_key <> :key
                        LIMIT 1""")
                .bind("client", request.client())
                .bind("snapshot", request.snapshot())
                .bind("key", request.joinKey())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /// How many requests of each client are open.
    public Map<String, Integer> openByClient(Tx tx) {
        return tx.sql()
                .createQuery("SELECT client, COUNT(*) AS n FROM approval WHERE ended_at IS NULL GROUP BY client")
                .reduceRows(new HashMap<>(), (counts, row) -> {
                    counts.put(row.getColumn("client", String.class), row.getColumn("n", Integer.class));
                    return counts;
                });
    }

    /// How many requests of a client wait for votes.
    int pending(Tx tx, String client) {
        return tx.sql()
                .createQuery("SELECT COUNT(*) FROM approval WHERE state = 'pending' AND client = :client")
                .bind("client", client)
                .mapTo(Integer.class)
                .one();
    }

    /// The open requests whose deadline has come, the oldest first, at most `limit`.
    List<Row> due(Tx tx, Instant now, int limit) {
        return tx.sql()
                .createQuery(ROW + "WHERE deadline <= :now ORDER BY deadline LIMIT :limit")
                .bind("now", Micros.of(now))
                .bind("limit", limit)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    /// One page of requests, the newest first.
    public List<Row> list(Tx tx, Filter filter, int limit) {
        var where = new ArrayList<String>();
        var binds = new HashMap<String, Object>();
        if (!filter.client().isEmpty()) {
            where.add("client = :client");
            binds.put("client", filter.client());
        }
        filter.risk().ifPresent(risk -> {
            where.add("risk >= :risk");
            binds.put("risk", risk);
        });
        if (!filter.text().isEmpty()) {
            where.add("words LIKE :text ESCAPE '!'");
            binds.put("text", "%" + filter.text().toLowerCase(Locale.ROOT).replaceAll("([!%_])", "!$1") + "%");
        }
        if (!filter.after().isEmpty()) {
            where.add("id < :after");
            binds.put("after", filter.after());
        }
        if (!filter.states().isEmpty()) {
            where.add("state IN (<states>)");
        }
        var condition = where.isEmpty() ? "" : "WHERE " + String.join(" AND ", where) + " ";
        Query query = tx.sql().createQuery(ROW + condition + "ORDER BY id DESC LIMIT :limit");
        if (!filter.states().isEmpty()) {
            query.bindList("states", filter.states());
        }
        return query.bindMap(binds)
                .bind("limit", limit)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    /// How many requests stand in each state.
    public Map<String, Long> counts(Tx tx) {
        return tx.sql()
                .createQuery("SELECT state, COUNT(*) AS n FROM approval GROUP BY state")
                .reduceRows(new HashMap<>(), (counts, row) -> {
                    counts.put(row.getColumn("state", String.class), row.getColumn("n", Long.class));
                    return counts;
                });
    }

    void insert(Tx tx, Approval.Pending approval, LeafHash lastLeaf) {
        var request = approval.question().request();
        tx.sql()
                .createUpdate("""
                        INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, made_at,
                                              deadline, last_leaf, words, body)
                        VALUES (:id, 1, :state, :client, :resource, :risk, :snapshot, :joinKey, :madeAt,
                                :deadline, :leaf, :words, :body)""")
                .bind("id", request.id())
                .bind("state", approval.state())
                .bind("client", request.client())
                .bind("resource", request.resource())
                .bind("risk", approval.question().risk().level)
                .bind("snapshot", request.snapshot())
                .bind("joinKey", request.joinKey())
                .bind("madeAt", Micros.of(request.madeAt()))
                .bind("deadline", approval.deadline().map(Micros::of).orElse(null))
                .bind("leaf", lastLeaf.text())
                .bind("words", words(request))
                .bind("body", write(approval))
                .execute();
    }

    /// What a search looks through.
    private static String words(AccessRequest request) {
        return String.join(
                        "\n",
                        request.client(),
                        request.resource(),
                        request.scopes().toString(),
                        request.reason(),
                        request.ticket())
                .toLowerCase(Locale.ROOT);
    }

    /// Takes a row one step on. False when it was moved since it was read: whoever asked takes the step again from
    /// where
    /// the row then stands.
    boolean step(Tx tx, Row from, Approval to, LeafHash lastLeaf, Instant now) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE approval SET version = version + 1, state = :state, deadline = :deadline,
                                                    ended_at = COALESCE(ended_at, :endedAt), last_leaf = :leaf, body = :body
                                WHERE id = :id AND version = :version""")
                        .bind("state", to.state())
                        .bind("deadline", to.deadline().map(Micros::of).orElse(null))
                        .bind("endedAt", to.deadline().isPresent() ? null : Micros.of(now))
                        .bind("leaf", lastLeaf.text())
                        .bind("body", write(to))
                        .bind("id", to.id())
                        .bind("version", from.version())
                        .execute()
                == 1;
    }

    /// Records that a person has spoken; the table refuses a second word.
    void vote(Tx tx, String id, Vote vote) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO vote (approval_id, person, word, cast_at)
                        VALUES (:id, :person, :word, :at)""")
                .bind("id", id)
                .bind("person", vote.reviewer().value())
                .bind("word", vote.word().name())
                .bind("at", Micros.of(vote.at()))
                .execute();
    }

    /// Records the one token of an approval; the table refuses a second.
    void mint(Tx tx, String id, MintedToken token) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO mint (approval_id, token_id, minted_at, expires_at)
                        VALUES (:id, :token, :at, :expires)""")
                .bind("id", id)
                .bind("token", token.id())
                .bind("at", Micros.of(token.at()))
                .bind("expires", Micros.of(token.expiresAt()))
                .execute();
    }

    private static String write(Approval approval) {
        return Json.write(StoredApproval.of(approval));
    }

    private static Row read(long version, String lastLeaf, String body) {
        return new Row(Json.as(body, StoredApproval.class).approval(), version, new LeafHash(lastLeaf));
    }
}
