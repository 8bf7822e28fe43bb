package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.ledger.LeafHash;
import dev.countersign.oauth.Risk;
import dev.countersign.store.Columns;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// The approval table, with the votes and mints that hang on it. Every write is one step from a version that was read;
/// its ledger entry goes in the same transaction.
public final class Approvals {
    private static final int AT_ONCE = 1_000;

    private static final String ROW = "SELECT version, last_leaf, body FROM approval ";

    private static final List<String> STATES =
            List.of("pending", "approved", "denied", "expired", "cancelled", "redeemed", "revoked");

    /// Before and after an origin: an index finds one. Of those that are not of it, all that are would be read
    /// first. The default keeps the index of deadlines away, which has no rows while nothing waits: whoever
    /// counts them then takes it for the shortest way, and goes through all that waits later. `state || ''`
    /// keeps those of states away from where another finds one row: of those that are over there are ever more.
    static final String ELSEWHERE = "SELECT " + openElsewhere("?", "?", "?");

    static final String MANY_PENDING =
            "SELECT id FROM approval WHERE id = ANY (?) AND state || '' = 'pending' AND COALESCE(deadline, 0) > ?";

    static final String MANY_ELSEWHERE =
            "SELECT asked.n FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]))"
                    + " WITH ORDINALITY AS asked (client, snapshot, origin, n) WHERE "
                    + openElsewhere("asked.client", "asked.snapshot", "asked.origin");

    /// Of each request whether anything stands between it and policy's approval, as [#isFree] says of one; those with
    /// something.
    ///
    /// Each look is a value and not an `EXISTS`: for many of those a database may read all that waits, once, rather
    /// than search an index for each.
    static final String NOT_FREE = """
            SELECT asked.n FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
                                       CAST(? AS BIGINT[]))
                                WITH ORDINALITY AS asked (join_key, client, snapshot, resource, denied_since, n)
            WHERE (SELECT TRUE FROM approval WHERE join_key = asked.join_key
                                               AND state IN ('pending', 'approved') LIMIT 1)
               OR (SELECT TRUE FROM approval WHERE join_key = asked.join_key AND state || '' = 'redeemed'
                                               AND ended_at >= ? LIMIT 1)
               OR (SELECT TRUE FROM approval WHERE client = asked.client AND snapshot = asked.snapshot
                                               AND ended_at >= asked.denied_since
                                               AND state || '' IN ('denied', 'expired') LIMIT 1)
               OR (SELECT TRUE FROM frozen WHERE lifted_at IS NULL
                             AND (kind = 'all' OR (kind = 'client' AND target = asked.client)
                                               OR (kind = 'resource' AND target = asked.resource)) LIMIT 1)
               OR (SELECT TRUE FROM past_day_since LIMIT 1)""";

    /// Reads an index alone.
    static final String COUNT_BY_STATE = STATES.stream()
            .map(state -> "SELECT '" + state + "', COUNT(*) FROM (SELECT 1 FROM approval WHERE resource = :resource"
                    + " AND state = '" + state + "' AND id >= :from LIMIT :most) AS of_" + state)
            .collect(Collectors.joining(" UNION ALL "));

    /// A row: the state, the version it was read at, and the request's latest ledger entry.
    public record Row(Approval approval, long version, LeafHash lastLeaf) {}

    /// Which rows a list shows.
    ///
    /// @param states any of these; empty for all
    /// @param client empty for all
    /// @param risk empty for all, otherwise the least risk shown, as the level of [dev.countersign.oauth.Risk]
    /// @param text found in the client, the resource, the scopes, the reason or the ticket; empty for all
    /// @param after the id of the last row of the page before; empty for the first page
    /// @param besides what rows of the past are looked for by
    public record Filter(
            List<String> states, String client, Optional<Integer> risk, String text, String after, Besides besides) {
        public static final Filter ALL = new Filter(List.of(), "", Optional.empty(), "", "");

        /// One that looks for nothing besides.
        public Filter(List<String> states, String client, Optional<Integer> risk, String text, String after) {
            this(states, client, risk, text, after, Besides.NOTHING);
        }

        /// Those of these that are pending.
        Filter pending() {
            return new Filter(List.of("pending"), client, risk, text, after, besides);
        }

        /// The page after the row with this id.
        public Filter after(String id) {
            return new Filter(states, client, risk, text, id, besides);
        }

        /// Those of these whose ids are not below this one.
        Filter downTo(String id) {
            return id.compareTo(besides.from()) <= 0
                    ? this
                    : new Filter(states, client, risk, text, after, besides.from(id));
        }

        /// Whether rows are looked through for it one by one: no index has them in their order.
        boolean seeks() {
            return !text.isEmpty()
                    || risk.isPresent()
                    || !besides.rule().isEmpty()
                    || !besides.voter().isEmpty()
                    || (!client.isEmpty() && !besides.resource().isEmpty());
        }
    }

    /// What rows of the past are looked for by; empty strings find all.
    ///
    /// @param rule one that the verdict names
    /// @param voter who voted on it, as their pseudonym
    /// @param from the least id
    public record Besides(String resource, String rule, String voter, String from) {
        public static final Besides NOTHING = new Besides("", "", "", "");

        private Besides from(String id) {
            return new Besides(resource, rule, voter, id);
        }
    }

    public Optional<Row> find(Tx tx, String id) throws SQLException {
        var query = tx.prepare(ROW + "WHERE id = ?");
        query.setString(1, id);
        return first(query);
    }

    /// The same for a work that is about to change it: until it is done nobody else does.
    Optional<Row> hold(Tx tx, String id) throws SQLException {
        var query = tx.prepare(ROW + "WHERE id = ?" + tx.forUpdate());
        query.setString(1, id);
        return first(query);
    }

    /// Whether it waits for votes at that time: one search, and nothing of it is read.
    boolean isPending(Tx tx, String id, Instant at) throws SQLException {
        var query = tx.prepare(
                "SELECT 1 FROM approval WHERE id = ? AND state || '' = 'pending' AND COALESCE(deadline, 0) > ?");
        query.setString(1, id);
        query.setLong(2, Micros.of(at));
        try (var found = query.executeQuery()) {
            return found.next();
        }
    }

    /// The same of many, by their ids: those that wait.
    Set<String> pending(Tx tx, List<String> ids, Instant at) throws SQLException {
        var query = tx.prepare(MANY_PENDING);
        query.setArray(1, Columns.texts(query, ids, it -> it));
        query.setLong(2, Micros.of(at));
        try (var rows = query.executeQuery()) {
            var pending = new HashSet<String>();
            while (rows.next()) {
                pending.add(rows.getString(1));
            }
            return pending;
        }
    }

    /// Lets the requests of one client be asked one after the other, where several nodes write.
    static void takeTurn(Tx tx, String client) throws SQLException {
        var turn = tx.prepare("""
                INSERT INTO client_turn (client, turns) VALUES (?, 1)
                ON CONFLICT (client) DO UPDATE SET turns = client_turn.turns + 1""");
        turn.setString(1, client);
        turn.executeUpdate();
    }

    /// The same for many clients at once, as far as they had turns before and nobody has theirs: none waits for
    /// another.
    ///
    /// @param asking how many requests each asks with
    /// @return how many requests each has asked people with so far, these among them, for each that has its
    ///     turn now; those that were refused counted too
    static Map<String, Long> takeTurns(Tx tx, Map<String, Integer> asking) throws SQLException {
        var clients = List.copyOf(asking.keySet());
        var turns = tx.prepare("""
                WITH free AS (SELECT client FROM client_turn WHERE client = ANY (?) FOR UPDATE SKIP LOCKED)
                UPDATE client_turn SET turns = turns + asking.n
                  FROM free, unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[])) AS asking (client, n)
                 WHERE client_turn.client = free.client AND asking.client = free.client
                RETURNING client_turn.client, turns""");
        turns.setArray(1, Columns.texts(turns, clients, it -> it));
        turns.setArray(2, Columns.texts(turns, clients, it -> it));
        turns.setArray(3, Columns.numbers(turns, clients, it -> asking.getOrDefault(it, 0)));
        try (var rows = turns.executeQuery()) {
            var taken = new HashMap<String, Long>();
            while (rows.next()) {
                taken.put(rows.getString(1), rows.getLong(2));
            }
            return taken;
        }
    }

    /// Of each of these what [#isFree] says: one statement for many, where arrays can be asked with.
    List<Boolean> free(Tx tx, List<Sought> sought) throws SQLException {
        var query = tx.prepare(NOT_FREE);
        query.setArray(1, Columns.texts(query, sought, Sought::joinKey));
        query.setArray(2, Columns.texts(query, sought, Sought::client));
        query.setArray(3, Columns.texts(query, sought, Sought::snapshot));
        query.setArray(4, Columns.texts(query, sought, Sought::resource));
        query.setArray(5, Columns.numbers(query, sought, it -> Micros.of(it.deniedSince(tx.now()))));
        query.setLong(6, Micros.of(Sought.redeemedSince(tx.now())));
        return numbered(query, sought.size(), false);
    }

    /// The request that a retry with this join key joins: an open one, or else the latest that was redeemed not
    /// long ago. On the path of every token, so each is one search of an index; asked for in one statement, SQLite
    /// makes a table to sort them in, whether there are any or not.
    Optional<Row> joinable(Tx tx, Sought sought) throws SQLException {
        var open = tx.prepare(ROW + "WHERE join_key = ? AND state IN ('pending', 'approved')");
        open.setString(1, sought.joinKey());
        var joined = first(open);
        if (joined.isPresent()) {
            return joined;
        }
        var redeemed = tx.prepare(ROW
                + "WHERE join_key = ? AND state || '' = 'redeemed' AND ended_at >= ? ORDER BY ended_at DESC LIMIT 1");
        redeemed.setString(1, sought.joinKey());
        redeemed.setLong(2, Micros.of(Sought.redeemedSince(tx.now())));
        return first(redeemed);
    }

    /// True when nothing stands between this request and policy's approval: no request to join, no recent no,
    /// no freeze, and no count of tokens that this would be one of. On the path of every token, so it is one
    /// statement; whoever finds that something does asks what.
    boolean isFree(Tx tx, Sought sought) throws SQLException {
        var query = tx.prepare("""
                SELECT EXISTS (SELECT 1 FROM approval WHERE join_key = ? AND state IN ('pending', 'approved'))
                    OR EXISTS (SELECT 1 FROM approval WHERE join_key = ? AND state || '' = 'redeemed' AND ended_at >= ?)
                    OR EXISTS (SELECT 1 FROM approval WHERE client = ? AND snapshot = ? AND ended_at >= ?
                                                        AND state || '' IN ('denied', 'expired'))
                    OR EXISTS (SELECT 1 FROM past_day_since)
                    OR EXISTS (""" + Freezes.STOPPING + ")");
        query.setString(1, sought.joinKey());
        query.setString(2, sought.joinKey());
        query.setLong(3, Micros.of(Sought.redeemedSince(tx.now())));
        query.setString(4, sought.client());
        query.setString(5, sought.snapshot());
        query.setLong(6, Micros.of(sought.deniedSince(tx.now())));
        query.setString(7, sought.client());
        query.setString(8, sought.resource());
        try (var found = query.executeQuery()) {
            return found.next() && !found.getBoolean(1);
        }
    }

    private static Optional<Row> first(PreparedStatement query) throws SQLException {
        try (var found = query.executeQuery()) {
            return found.next()
                    ? Optional.of(read(found.getLong(1), found.getString(2), found.getString(3)))
                    : Optional.empty();
        }
    }

    /// True when the same client asked the same, from wherever, and was denied or let expire not long ago.
    boolean denied(Tx tx, Sought sought) throws SQLException {
        return ended(tx, sought, "state IN ('denied', 'expired')");
    }

    /// The same without those that nobody answered.
    boolean deniedByPeople(Tx tx, Sought sought) throws SQLException {
        return ended(tx, sought, "state = 'denied'");
    }

    private static boolean ended(Tx tx, Sought sought, String how) throws SQLException {
        var query = tx.prepare(
                "SELECT 1 FROM approval WHERE client = ? AND snapshot = ? AND ended_at >= ? AND " + how + " LIMIT 1");
        query.setString(1, sought.client());
        query.setString(2, sought.snapshot());
        query.setLong(3, Micros.of(sought.deniedSince(tx.now())));
        try (var found = query.executeQuery()) {
            return found.next();
        }
    }

    /// What the same request from elsewhere is looked for by.
    record Same(String client, String snapshot, String origin) {
        static Same of(AccessRequest request) {
            return new Same(request.client(), request.snapshot(), request.originKey());
        }
    }

    /// True when the same request of the same client is open, but from another key, or without one from another
    /// credential or network.
    boolean openElsewhere(Tx tx, Same same) throws SQLException {
        var query = tx.prepare(ELSEWHERE);
        for (int side = 0; side < 8; side += 4) {
            query.setString(side + 1, same.client());
            query.setString(side + 2, same.snapshot());
            query.setString(side + 3, same.origin());
            query.setLong(side + 4, Micros.of(tx.now()));
        }
        try (var found = query.executeQuery()) {
            return found.next() && found.getBoolean(1);
        }
    }

    /// The same of many, in their order: one statement, where arrays can be asked with.
    List<Boolean> openElsewhere(Tx tx, List<Same> same) throws SQLException {
        var query = tx.prepare(MANY_ELSEWHERE);
        query.setArray(1, Columns.texts(query, same, Same::client));
        query.setArray(2, Columns.texts(query, same, Same::snapshot));
        query.setArray(3, Columns.texts(query, same, Same::origin));
        query.setLong(4, Micros.of(tx.now()));
        query.setLong(5, Micros.of(tx.now()));
        return numbered(query, same.size(), true);
    }

    /// One answer for each that was asked about; those whose numbers the query gives have another than the rest.
    private static List<Boolean> numbered(PreparedStatement query, int size, boolean found) throws SQLException {
        var answers = new ArrayList<>(Collections.nCopies(size, !found));
        try (var rows = query.executeQuery()) {
            while (rows.next()) {
                answers.set(rows.getInt(1) - 1, found);
            }
        }
        return answers;
    }

    /// Which of these requests, by their ids, are open while the same is open from elsewhere.
    Set<String> elsewhere(Tx tx, List<String> ids) throws SQLException {
        if (ids.isEmpty()) {
            return Set.of();
        }
        var query = tx.prepare(elsewhere(ids.size()));
        for (int i = 0; i < ids.size(); i++) {
            query.setString(i + 1, ids.get(i));
        }
        query.setLong(ids.size() + 1, Micros.of(tx.now()));
        query.setLong(ids.size() + 2, Micros.of(tx.now()));
        try (var rows = query.executeQuery()) {
            var found = new HashSet<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    static String elsewhere(int ids) {
        return "SELECT one.id FROM approval one WHERE one.id IN (" + "?, ".repeat(ids - 1) + "?) AND ("
                + openElsewhere("one.client", "one.snapshot", "one.origin") + ")";
    }

    /// Each side is a value and not an `EXISTS`, as in [#NOT_FREE]: for many a database would read all that waits or
    /// waited.
    private static String openElsewhere(String client, String snapshot, String origin) {
        return Stream.of("<", ">")
                .map(side -> "(SELECT TRUE FROM approval other WHERE other.client = " + client
                        + " AND other.snapshot = " + snapshot + " AND other.ended_at IS NULL AND other.origin " + side
                        + " " + origin + " AND COALESCE(other.deadline, 0) > ? LIMIT 1)")
                .collect(Collectors.joining(" OR "));
    }

    /// The request of a client that is open and asks something of that resource; empty when none is.
    Optional<String> open(Tx tx, String client, String resource) {
        return tx.sql()
                .createQuery("""
                        SELECT id FROM approval
                        WHERE client = :client AND state IN ('pending', 'approved') AND resource = :resource
                          AND deadline > :now ORDER BY id LIMIT 1""")
                .bind("client", client)
                .bind("resource", resource)
                .bind("now", Micros.of(tx.now()))
                .mapTo(String.class)
                .findOne();
    }

    /// Whose requests are open: the client of each, by the request's id.
    public Map<String, String> open(Tx tx) throws SQLException {
        try (var rows = tx.prepare("SELECT id, client FROM approval WHERE state IN ('pending', 'approved')")
                .executeQuery()) {
            var open = new HashMap<String, String>();
            var clients = new HashMap<String, String>(); // each name once, for there may be very many of few
            while (rows.next()) {
                open.put(rows.getString(1), clients.computeIfAbsent(rows.getString(2), it -> it));
            }
            return open;
        }
    }

    /// How many requests of a client trouble people: those that wait for votes, and those that were made as lately as a
    /// denial counts, and cancelled.
    int pending(Tx tx, Sought sought) throws SQLException {
        var query = tx.prepare("""
                SELECT (SELECT COUNT(*) FROM approval WHERE state = 'pending' AND client = ?)
                     + (SELECT COUNT(*) FROM approval WHERE state = 'cancelled' AND client = ? AND made_at > ?)""");
        query.setString(1, sought.client());
        query.setString(2, sought.client());
        query.setLong(3, Micros.of(sought.deniedSince(tx.now())));
        try (var count = query.executeQuery()) {
            count.next();
            return count.getInt(1);
        }
    }

    /// How many may trouble people yet, for the clients of many requests, by the client: approved ones, too.
    Map<String, Integer> pending(Tx tx, List<Sought> sought) throws SQLException {
        if (sought.isEmpty()) {
            return Map.of();
        }
        var query = tx.prepare("""
                SELECT client, (SELECT COUNT(*) FROM approval WHERE state IN ('pending', 'approved')
                                                                AND client = asked.client)
                             + (SELECT COUNT(*) FROM approval WHERE state = 'cancelled' AND client = asked.client
                                                                AND made_at > asked.since)
                  FROM (SELECT client, MIN(since) AS since
                          FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[])) AS each (client, since)
                         GROUP BY client) AS asked""");
        query.setArray(1, Columns.texts(query, sought, Sought::client));
        query.setArray(2, Columns.numbers(query, sought, it -> Micros.of(it.deniedSince(tx.now()))));
        try (var counts = query.executeQuery()) {
            var pending = new HashMap<String, Integer>();
            while (counts.next()) {
                pending.put(counts.getString(1), counts.getInt(2));
            }
            return pending;
        }
    }

    /// The open requests whose deadline has come, the oldest first, at most `limit`.
    List<Row> due(Tx tx, Instant now, int limit) {
        return tx.sql()
                .createQuery(ROW + "WHERE deadline <= :now ORDER BY deadline LIMIT :limit" + tx.forUpdate())
                .bind("now", Micros.of(now))
                .bind("limit", limit)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    /// The pending requests that escalate by `now`, the oldest first, at most `limit`.
    List<Row> escalating(Tx tx, Instant now, int limit) {
        return tx.sql()
                .createQuery(ROW + "WHERE state = 'pending' AND escalates_at <= :now ORDER BY escalates_at LIMIT :limit"
                        + tx.forUpdate())
                .bind("now", Micros.of(now))
                .bind("limit", limit)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    /// When one escalates whose time for that has come, and nobody has written it down; empty for any other.
    Optional<Instant> escalates(Tx tx, String id) {
        return tx.sql()
                .createQuery("SELECT escalates_at FROM approval WHERE id = :id AND escalates_at <= :now")
                .bind("id", id)
                .bind("now", Micros.of(tx.now()))
                .map((row, _) -> Micros.instant(row.getLong(1)))
                .findOne();
    }

    /// Notes when it escalates next.
    void escalated(Tx tx, String id, Optional<Instant> next) throws SQLException {
        var update = tx.prepare("UPDATE approval SET escalates_at = ? WHERE id = ?");
        setInstant(update, 1, next);
        update.setString(2, id);
        update.executeUpdate();
    }

    /// One page of requests, the newest first.
    public List<Row> list(Tx tx, Filter filter, int limit) {
        var states = filter.states().isEmpty() ? STATES : filter.states();
        var query = tx.sql().createQuery(listing(filter, states.size()));
        for (int i = 0; i < states.size(); i++) {
            query.bind("state" + i, states.get(i));
        }
        bind(query, filter);
        return query.bind("limit", limit)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    /// Pending requests, the most urgent first. Of a filter it takes client, risk and text.
    ///
    /// Each risk is read by itself: an index is entered where the page begins, however much there is before it.
    ///
    /// @param after the last of the page before; empty for the first page
    List<Row> urgent(Tx tx, Filter filter, Optional<Urgency> after, int limit) {
        var rows = new ArrayList<Row>();
        int least = filter.risk().orElse(Risk.LOW.level);
        int most = after.map(Urgency::risk).orElse(Risk.CRITICAL.level);
        for (int level = Math.min(most, Risk.CRITICAL.level); level >= least && rows.size() < limit; level--) {
            rows.addAll(urgent(tx, filter, level, level == most ? after : Optional.empty(), limit - rows.size()));
        }
        return rows;
    }

    private List<Row> urgent(Tx tx, Filter filter, int level, Optional<Urgency> after, int limit) {
        var query = tx.sql().createQuery(urgently(filter, after.isPresent()));
        after.ifPresent(it -> query.bind("deadline", it.deadline()).bind("id", it.id()));
        bind(query, filter);
        return query.bind("level", level)
                .bind("limit", limit)
                .map((row, _) -> read(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }

    /// @param behind whether it begins behind one
    static String urgently(Filter filter, boolean behind) {
        return ROW + "WHERE state = 'pending' AND risk = :level" + narrowing(filter)
                + (behind ? " AND (deadline, id) > (:deadline, :id)" : "") + " ORDER BY deadline, id LIMIT :limit";
    }

    private static void bind(Query query, Filter filter) {
        filter.risk().ifPresent(risk -> query.bind("risk", risk));
        query.bindMap(Map.of(
                "client",
                filter.client(),
                "text",
                like(filter.text().toLowerCase(Locale.ROOT)),
                "after",
                filter.after(),
                "resource",
                filter.besides().resource(),
                "rule",
                like(Json.write(filter.besides().rule())),
                "voter",
                filter.besides().voter(),
                "from",
                filter.besides().from()));
    }

    private static String like(String text) {
        return "%" + text.replaceAll("([!%_])", "!$1") + "%";
    }

    /// How far down one look goes that looks rows through one by one: the id below which it does not read, or empty
    /// when it comes to the end.
    ///
    /// @param looked how many rows of each state, or that one person voted on, are looked through
    String floor(Tx tx, Filter filter, int looked) {
        var states = filter.states().isEmpty() ? STATES : filter.states();
        var query = tx.sql().createQuery(flooring(filter, states.size()));
        for (int i = 0; i < states.size(); i++) {
            query.bind("state" + i, states.get(i));
        }
        bind(query, filter);
        return query.bind("looked", looked).mapTo(String.class).findOne().orElse("");
    }

    /// Reads an index alone.
    static String flooring(Filter filter, int states) {
        if (!filter.besides().voter().isEmpty()) {
            return "SELECT approval_id FROM vote WHERE person = :voter" + span(filter, "approval_id")
                    + " ORDER BY approval_id DESC LIMIT 1 OFFSET :looked";
        }
        var where = (filter.client().isEmpty()
                        ? filter.besides().resource().isEmpty() ? "" : " AND resource = :resource"
                        : " AND client = :client")
                + span(filter, "id");
        return IntStream.range(0, states)
                .mapToObj(n -> "SELECT * FROM (SELECT id FROM approval WHERE state = :state" + n + where
                        + " ORDER BY id DESC LIMIT 1 OFFSET :looked) AS of" + n)
                .collect(Collectors.joining(" UNION ALL ", "SELECT MAX(id) FROM (", ") AS floors"));
    }

    private static String span(Filter filter, String id) {
        if (filter.after().isEmpty()) {
            return filter.besides().from().isEmpty() ? "" : " AND " + id + " >= :from";
        }
        // Of two bounds SQLite thinks so much that it would read a state in an order of all clients and resources.
        return filter.besides().from().isEmpty()
                ? " AND " + id + " < :after"
                : " AND " + id + " BETWEEN :from AND :after AND " + id + " <> :after";
    }

    private static String narrowing(Filter filter) {
        return (filter.client().isEmpty() ? "" : " AND client = :client")
                + (filter.risk().isEmpty() ? "" : " AND risk >= :risk")
                + (filter.text().isEmpty() ? "" : " AND words LIKE :text ESCAPE '!'");
    }

    /// Each state's newest by themselves, which an index has in their order, and of these the newest: however many rows
    /// there are of the past, so many are read as may be shown.
    static String listing(Filter filter, int states) {
        var where = new StringBuilder(narrowing(filter));
        var besides = filter.besides();
        if (!besides.resource().isEmpty()) {
            where.append(" AND resource = :resource");
        }
        if (!besides.rule().isEmpty()) {
            where.append(" AND body LIKE :rule ESCAPE '!'");
        }
        if (!besides.voter().isEmpty()) {
            return votedOn(states, where + span(filter, "approval_id"));
        }
        where.append(span(filter, "id"));
        return IntStream.range(0, states)
                .mapToObj(n -> "SELECT * FROM (SELECT version, last_leaf, body, id FROM approval WHERE state = :state"
                        + n + where + " ORDER BY id DESC LIMIT :limit) AS of" + n)
                .collect(Collectors.joining(" UNION ALL ", "", " ORDER BY id DESC LIMIT :limit"));
    }

    /// What one person voted on, the newest first, which an index has in its order. A cross join has SQLite begin
    /// there.
    private static String votedOn(int states, String where) {
        return IntStream.range(0, states)
                .mapToObj(n -> ":state" + n)
                .collect(Collectors.joining(
                        ", ",
                        "SELECT version, last_leaf, body, id FROM vote CROSS JOIN approval"
                                + " WHERE id = approval_id AND person = :voter AND state IN (",
                        ")" + where + " ORDER BY approval_id DESC LIMIT :limit"));
    }

    /// How many requests for a resource came to what, from an id on; of each state no more are counted than `most`.
    public Map<String, Integer> countByState(Tx tx, String resource, String from, int most) {
        return tx
                .sql()
                .createQuery(COUNT_BY_STATE)
                .bind("resource", resource)
                .bind("from", from)
                .bind("most", most)
                .map((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                .stream()
                .filter(it -> it.getValue() > 0)
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// Tells of each request that waits for votes: all of them, some at a time. Not from inside a transaction.
    public void eachPending(Store store, Consumer<Approval> each) {
        var filter = Filter.ALL.pending();
        while (true) {
            var of = filter;
            var rows = store.read(tx -> list(tx, of, AT_ONCE));
            rows.forEach(it -> each.accept(it.approval()));
            if (rows.size() < AT_ONCE) {
                return;
            }
            filter = filter.after(rows.getLast().approval().id());
        }
    }

    /// How many requests wait for votes. Whoever scrapes metrics asks, so it costs no more however many there were.
    public long pending(Tx tx) throws SQLException {
        try (var count = tx.prepare("SELECT COUNT(*) FROM approval WHERE state = 'pending'")
                .executeQuery()) {
            count.next();
            return count.getLong(1);
        }
    }

    /// A row that may be inserted, with all that takes time done before the transaction.
    record Draft(
            Approval.Pending approval,
            LeafHash lastLeaf,
            String snapshot,
            String joinKey,
            String origin,
            String searched,
            String body) {
        static Draft of(Approval.Pending approval, Sought sought, LeafHash lastLeaf) {
            var request = approval.question().request();
            return new Draft(
                    approval,
                    lastLeaf,
                    sought.snapshot(),
                    sought.joinKey(),
                    request.originKey(),
                    words(request),
                    write(approval));
        }

        AccessRequest request() {
            return approval.question().request();
        }

        /// When it does for the first time.
        Optional<Instant> escalates() {
            return approval.question().escalates(request().madeAt());
        }
    }

    void insert(Tx tx, Draft draft) throws SQLException {
        var request = draft.request();
        var insert = tx.prepare("""
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin,
                                      made_at, deadline, last_leaf, words, body, escalates_at)
                VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""");
        insert.setString(1, request.id());
        insert.setString(2, draft.approval().state());
        insert.setString(3, request.client());
        insert.setString(4, request.resource());
        insert.setInt(5, draft.approval().question().risk().level);
        insert.setString(6, draft.snapshot());
        insert.setString(7, draft.joinKey());
        insert.setString(8, draft.origin());
        insert.setLong(9, Micros.of(request.madeAt()));
        insert.setLong(10, Micros.of(draft.approval().question().decideBy()));
        insert.setString(11, draft.lastLeaf().text());
        insert.setString(12, draft.searched());
        insert.setString(13, draft.body());
        setInstant(insert, 14, draft.escalates());
        insert.executeUpdate();
    }

    /// The same for many in one statement, where arrays can be inserted from.
    void insertAll(Tx tx, List<Draft> drafts) throws SQLException {
        if (drafts.isEmpty()) {
            return;
        }
        var insert = tx.prepare("""
                INSERT INTO approval (id, version, state, client, resource, risk, snapshot, join_key, origin,
                                      made_at, deadline, last_leaf, words, body, escalates_at)
                SELECT id, 1, state, client, resource, risk, snapshot, join_key, origin, made_at, deadline, last_leaf,
                       words, body, NULLIF(escalates_at, 0)
                  FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
                              CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
                              CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
                              CAST(? AS TEXT[]), CAST(? AS BIGINT[]))
                       AS made (id, state, client, resource, risk, snapshot, join_key, origin, made_at, deadline,
                                last_leaf, words, body, escalates_at)""");
        insert.setArray(1, Columns.texts(insert, drafts, it -> it.request().id()));
        insert.setArray(2, Columns.texts(insert, drafts, it -> it.approval().state()));
        insert.setArray(3, Columns.texts(insert, drafts, it -> it.request().client()));
        insert.setArray(4, Columns.texts(insert, drafts, it -> it.request().resource()));
        insert.setArray(
                5,
                Columns.numbers(insert, drafts, it -> it.approval().question().risk().level));
        insert.setArray(6, Columns.texts(insert, drafts, Draft::snapshot));
        insert.setArray(7, Columns.texts(insert, drafts, Draft::joinKey));
        insert.setArray(8, Columns.texts(insert, drafts, Draft::origin));
        insert.setArray(
                9, Columns.numbers(insert, drafts, it -> Micros.of(it.request().madeAt())));
        insert.setArray(
                10,
                Columns.numbers(
                        insert, drafts, it -> Micros.of(it.approval().question().decideBy())));
        insert.setArray(11, Columns.texts(insert, drafts, it -> it.lastLeaf().text()));
        insert.setArray(12, Columns.texts(insert, drafts, Draft::searched));
        insert.setArray(13, Columns.texts(insert, drafts, Draft::body));
        insert.setArray(
                14,
                Columns.numbers(
                        insert, drafts, it -> it.escalates().map(Micros::of).orElse(0L)));
        insert.executeUpdate();
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
    /// where the row then stands.
    boolean step(Tx tx, Row from, Approval to, LeafHash lastLeaf, Instant now) throws SQLException {
        var update = tx.prepare("""
                UPDATE approval SET version = version + 1, state = ?, deadline = ?, ended_at = COALESCE(ended_at, ?),
                                    last_leaf = ?, body = ?
                WHERE id = ? AND version = ?""");
        update.setString(1, to.state());
        setInstant(update, 2, to.deadline());
        setInstant(update, 3, to.deadline().isPresent() ? Optional.empty() : Optional.of(now));
        update.setString(4, lastLeaf.text());
        update.setString(5, write(to));
        update.setString(6, to.id());
        update.setLong(7, from.version());
        return update.executeUpdate() == 1;
    }

    private static void setInstant(PreparedStatement statement, int parameter, Optional<Instant> at)
            throws SQLException {
        if (at.isPresent()) {
            statement.setLong(parameter, Micros.of(at.get()));
        } else {
            statement.setNull(parameter, Types.BIGINT);
        }
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

    /// Records that a vote did not count; false when that is recorded already.
    boolean voteRefused(Tx tx, String id, Ballot ballot, String because) {
        return tx.sql()
                        .createUpdate("""
                                INSERT INTO vote_refused (approval_id, person, word, because, tried_at)
                                VALUES (:id, :person, :word, :because, :at) ON CONFLICT DO NOTHING""")
                        .bind("id", id)
                        .bind("person", ballot.reviewer().value())
                        .bind("word", ballot.word().name())
                        .bind("because", because)
                        .bind("at", Micros.of(tx.now()))
                        .execute()
                == 1;
    }

    /// Records the one token of an approval; the table refuses a second.
    void mint(Tx tx, String id, MintedToken token) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO mint (approval_id, token_id, minted_at, expires_at, redelivered)
                        VALUES (:id, :token, :at, :expires, 0)""")
                .bind("id", id)
                .bind("token", token.id())
                .bind("at", Micros.of(token.at()))
                .bind("expires", Micros.of(token.expiresAt()))
                .execute();
    }

    /// Counts that the token of an approval is given out again; false when it was `most` times.
    boolean redeliver(Tx tx, String id, int most) {
        return tx.sql().createUpdate("""
                                UPDATE mint SET redelivered = redelivered + 1
                                WHERE approval_id = :id AND redelivered < :most""").bind("id", id).bind("most", most).execute() == 1;
    }

    private static String write(Approval approval) {
        return Json.write(StoredApproval.of(approval));
    }

    private static Row read(long version, String lastLeaf, String body) {
        return new Row(read(body), version, new LeafHash(lastLeaf));
    }

    static Approval read(String body) {
        return Json.as(body, StoredApproval.class).approval();
    }
}
