package dev.countersign.doctor;

import dev.countersign.approval.Approvals;
import dev.countersign.approval.Publications;
import dev.countersign.ledger.LeafHash;
import dev.countersign.people.Membership;
import dev.countersign.people.PersonId;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tables, as far as checks ask them: what hangs together is asked of one row, and what must not be is looked for.
final class Rows {
    private static final String NO_ENTRY = " NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.request = approval.id)";
    private static final String NO_STAGED =
            " AND NOT EXISTS (SELECT 1 FROM ledger_staged s WHERE s.request = approval.id)";

    private final Tx tx;
    private final boolean staged;
    private final Approvals approvals = new Approvals();
    private final Publications publications = new Publications();

    Rows(Tx tx, boolean staged) {
        this.tx = tx;
        this.staged = staged;
    }

    /// Does something with each text of an answer, however many there are.
    interface Each {
        void text(String text);
    }

    Optional<Life.Kept> kept(String request) throws SQLException {
        var found = approvals.find(tx, request);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var query = tx.prepare("""
                SELECT a.state, a.deadline, a.ended_at, m.token_id, m.minted_at, m.expires_at, m.redelivered
                FROM approval a LEFT JOIN mint m ON m.approval_id = a.id WHERE a.id = ?""");
        query.setString(1, request);
        try (var row = query.executeQuery()) {
            row.next();
            return Optional.of(new Life.Kept(
                    row.getString(1),
                    instant(row, 2),
                    instant(row, 3),
                    new LeafHash(found.get().lastLeaf().text()),
                    found.get().approval(),
                    mint(row),
                    uses(request),
                    votes(request)));
        }
    }

    private static Optional<Life.Mint> mint(ResultSet row) throws SQLException {
        var token = row.getString(4);
        return token == null
                ? Optional.empty()
                : Optional.of(new Life.Mint(
                        token, Micros.instant(row.getLong(5)), Micros.instant(row.getLong(6)), row.getLong(7)));
    }

    private Optional<Life.Uses> uses(String request) throws SQLException {
        var query = tx.prepare("SELECT uses, used, ended_at FROM approval_uses WHERE approval_id = ?");
        query.setString(1, request);
        try (var row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(new Life.Uses(
                            row.getLong(1), row.getLong(2), instant(row, 3).isPresent(), given(request)))
                    : Optional.empty();
        }
    }

    private List<Life.Given> given(String request) throws SQLException {
        var query = tx.prepare("""
                SELECT use_number, token_id, expires_at FROM approval_use WHERE approval_id = ?
                ORDER BY use_number""");
        query.setString(1, request);
        try (var rows = query.executeQuery()) {
            var given = new ArrayList<Life.Given>();
            while (rows.next()) {
                given.add(new Life.Given(rows.getLong(1), rows.getString(2), Micros.instant(rows.getLong(3))));
            }
            return given;
        }
    }

    /// The approval that gave a request this token, and a space and the number of it; empty when none did.
    Optional<String> givenBy(String request, String token) throws SQLException {
        var query = tx.prepare("SELECT approval_id, use_number FROM approval_use WHERE request = ? AND token_id = ?");
        query.setString(1, request);
        query.setString(2, token);
        try (var row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1) + " " + row.getLong(2)) : Optional.empty();
        }
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Micros.instant(micros));
    }

    /// What reviewers are shown of the publication that a request asks for; empty for requests of clients.
    Optional<String> shown(String request) {
        return publications.shown(tx, request);
    }

    private Map<String, String> votes(String request) throws SQLException {
        var query = tx.prepare("SELECT person, word FROM vote WHERE approval_id = ?");
        query.setString(1, request);
        try (var rows = query.executeQuery()) {
            var votes = new HashMap<String, String>();
            while (rows.next()) {
                votes.put(rows.getString(1), rows.getString(2));
            }
            return votes;
        }
    }

    /// Requests with a row and no entry.
    void untold(Each each) throws SQLException {
        each("SELECT id FROM approval WHERE" + NO_ENTRY + (staged ? NO_STAGED : ""), each);
    }

    /// Open requests whose deadline came before that.
    void overdue(Instant before, Each each) throws SQLException {
        var query = tx.prepare("SELECT id FROM approval WHERE deadline < ? ORDER BY deadline");
        query.setLong(1, Micros.of(before));
        each(query, each);
    }

    /// How it stands with each request that broke the glass.
    Map<String, String> brokenGlass() throws SQLException {
        var states = new HashMap<String, String>();
        try (var rows = tx.prepare("SELECT request, state FROM break_glass").executeQuery()) {
            while (rows.next()) {
                states.put(rows.getString(1), rows.getString(2));
            }
        }
        return states;
    }

    /// The freezes that stand, each as its kind, a space and its target.
    List<String> frozen() throws SQLException {
        var all = new ArrayList<String>();
        each("SELECT kind || ' ' || target FROM frozen WHERE lifted_at IS NULL", all::add);
        return all;
    }

    boolean isRevoked(String token) throws SQLException {
        var query = tx.prepare("SELECT 1 FROM revocation WHERE token_id = ?");
        query.setString(1, token);
        try (var row = query.executeQuery()) {
            return row.next();
        }
    }

    /// Whether somebody stood in for another then.
    boolean stoodIn(PersonId substitute, PersonId person, Instant at) throws SQLException {
        var query = tx.prepare("""
                SELECT 1 FROM absence WHERE substitute = ? AND person = ? AND since <= ? AND until > ?
                                        AND said_at <= ? AND COALESCE(ended_at, until) >= ?""");
        query.setString(1, substitute.value());
        query.setString(2, person.value());
        for (int i = 3; i <= 6; i++) {
            query.setLong(i, Micros.of(at));
        }
        try (var row = query.executeQuery()) {
            return row.next();
        }
    }

    List<Membership> membershipsOf(PersonId person) throws SQLException {
        var query = tx.prepare("""
                SELECT group_name, since, until, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
                FROM membership WHERE person = ?
                UNION ALL SELECT group_name, since, until, lapses, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
                FROM membership_claim WHERE person = ?
                UNION ALL SELECT p.group_name, p.since, p.until, COALESCE(s.until, 0), COALESCE(s.since, 0),
                                 COALESCE(s.planned, 0)
                FROM on_call_person p LEFT JOIN on_call_shift s ON s.group_name = p.group_name AND s.person = p.person
                WHERE p.person = ?""");
        for (int i = 1; i <= 3; i++) {
            query.setString(i, person.value());
        }
        try (var rows = query.executeQuery()) {
            var all = new ArrayList<Membership>();
            while (rows.next()) {
                var planned = instant(rows, 6);
                all.add(new Membership(
                        rows.getString(1),
                        person,
                        Micros.instant(rows.getLong(2)),
                        instant(rows, 3),
                        instant(rows, 4),
                        instant(rows, 5).flatMap(since -> planned.map(it -> new Membership.Shift(since, it)))));
            }
            return all;
        }
    }

    /// Which on-call calendars cannot be heard, or name somebody whom nobody here knows, in words.
    List<String> silentCalendars() throws SQLException {
        var query = tx.prepare("SELECT group_name, fault, strangers FROM on_call_calendar"
                + " WHERE failed_at IS NOT NULL OR strangers <> '[]' ORDER BY group_name");
        try (var rows = query.executeQuery()) {
            var all = new ArrayList<String>();
            while (rows.next()) {
                var whose = "the on-call calendar of " + rows.getString(1);
                if (!rows.getString(2).isEmpty()) {
                    all.add(whose + " is not heard: " + rows.getString(2));
                }
                if (!rows.getString(3).equals("[]")) {
                    all.add(whose + " has events that name nobody here: " + rows.getString(3));
                }
            }
            return all;
        }
    }

    /// What was published as a version; empty when none was of that name.
    Optional<String> configuration(String version) throws SQLException {
        var query = tx.prepare("SELECT content FROM configuration_version WHERE version = ? LIMIT 1");
        query.setString(1, version);
        try (var row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /// Values of a column that stand in more than one row.
    void twice(String table, String column, Each each) throws SQLException {
        each(
                "SELECT " + column + " FROM " + table + " WHERE " + column + " IS NOT NULL GROUP BY " + column
                        + " HAVING COUNT(*) > 1",
                each);
    }

    private void each(String sql, Each each) throws SQLException {
        each(tx.prepare(sql), each);
    }

    private static void each(PreparedStatement query, Each each) throws SQLException {
        query.setFetchSize(1_000);
        try (var rows = query.executeQuery()) {
            while (rows.next()) {
                each.text(rows.getString(1));
            }
        }
    }
}
