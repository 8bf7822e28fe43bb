package dev.countersign.approval;

import dev.countersign.http.Json;
import dev.countersign.oauth.DetailsType;
import dev.countersign.policy.Amounts;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The tables of what clients were given in the last 24 hours, by client and API: sums of five minutes each,
/// and since when they are kept.
final class PastDays {
    static final Duration DAY = Duration.ofDays(1);

    /// How long a slot is. What was given stays in the sum until all of its slot is over.
    static final Duration SLOT = Duration.ofMinutes(5);

    private static final int PRUNED_AT_ONCE = 5_000;

    /// What there is of one client at one API.
    ///
    /// @param since since when all of it is counted; empty when nothing is
    /// @param tokens what it was given, and what it has asked for and waits for
    record Found(Optional<Instant> since, long tokens, Amounts amounts) {}

    /// Since when every token is counted, and when somebody wanted to know last.
    record Kept(Instant since, Instant wantedAt) {}

    /// Reads it in one statement, so all as it was at one moment: a request that is redeemed meanwhile waits or
    /// has its token, never neither.
    ///
    /// @param but the request that is judged, which is not among what it is judged by
    Found find(Tx tx, String client, String resource, String but, Map<String, DetailsType> types) throws SQLException {
        var query = tx.prepare("""
                SELECT 'since' AS what, since AS n, '' AS body FROM past_day_since
                UNION ALL
                SELECT 'given', tokens, amounts FROM past_day WHERE client = ? AND resource = ? AND slot >= ?
                UNION ALL
                SELECT 'open', 1, body FROM approval
                WHERE client = ? AND state IN ('pending', 'approved') AND resource = ? AND id <> ?
                  AND EXISTS (SELECT 1 FROM past_day_since)""");
        query.setString(1, client);
        query.setString(2, resource);
        query.setLong(3, slot(tx.now().minus(DAY)));
        query.setString(4, client);
        query.setString(5, resource);
        query.setString(6, but);
        var since = Optional.<Instant>empty();
        long tokens = 0;
        var amounts = Amounts.NONE;
        try (var row = query.executeQuery()) {
            while (row.next()) {
                switch (row.getString(1)) {
                    case "since" -> since = Optional.of(Micros.instant(row.getLong(2)));
                    case "given" -> {
                        tokens += row.getLong(2);
                        amounts = amounts.plus(Amounts.read(Json.read(row.getString(3))));
                    }
                    default -> { // open
                        tokens++;
                        amounts = amounts.plus(asked(Approvals.read(row.getString(3)), types));
                    }
                }
            }
        }
        return new Found(since, tokens, amounts);
    }

    /// What it may come to: as much as was asked, or as people have left of it.
    private static Amounts asked(Approval open, Map<String, DetailsType> types) {
        return switch (open) {
            case Approval.Approved it -> Amounts.of(it.granted().details(), types);
            case Approval.Pending _,
                    Approval.Denied _,
                    Approval.Expired _,
                    Approval.Cancelled _,
                    Approval.Redeemed _,
                    Approval.Revoked _ -> Amounts.of(open.question().ask().details(), types);
        };
    }

    private static long slot(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SLOT.toSeconds());
    }

    /// Counts a token. Others may count another of the same client meanwhile, and wait for this.
    void add(Tx tx, String client, String resource, Amounts amounts) throws SQLException {
        var insert = tx.prepare("""
                INSERT INTO past_day (client, resource, slot, tokens, amounts) VALUES (?, ?, ?, 0, '{}')
                ON CONFLICT DO NOTHING""");
        insert.setString(1, client);
        insert.setString(2, resource);
        insert.setLong(3, slot(tx.now()));
        insert.executeUpdate();
        var update = tx.prepare("""
                UPDATE past_day SET tokens = tokens + 1, amounts = ? WHERE client = ? AND resource = ? AND slot = ?""");
        update.setString(1, Json.write(held(tx, client, resource).plus(amounts).texts()));
        update.setString(2, client);
        update.setString(3, resource);
        update.setLong(4, slot(tx.now()));
        update.executeUpdate();
    }

    private static Amounts held(Tx tx, String client, String resource) throws SQLException {
        var query = tx.prepare(
                "SELECT amounts FROM past_day WHERE client = ? AND resource = ? AND slot = ?" + tx.forUpdate());
        query.setString(1, client);
        query.setString(2, resource);
        query.setLong(3, slot(tx.now()));
        try (var row = query.executeQuery()) {
            row.next();
            return Amounts.read(Json.read(row.getString(1)));
        }
    }

    /// Since when tokens are counted; empty when they are not.
    Optional<Kept> kept(Tx tx) {
        return tx.sql()
                .createQuery("SELECT since, wanted_at FROM past_day_since")
                .map((row, _) -> new Kept(Micros.instant(row.getLong(1)), Micros.instant(row.getLong(2))))
                .findOne();
    }

    /// Has every token counted from now on, or goes on with it.
    void want(Tx tx) {
        tx.sql().createUpdate("""
                        INSERT INTO past_day_since (one, since, wanted_at) VALUES (1, :now, :now)
                        ON CONFLICT (one) DO UPDATE SET wanted_at = excluded.wanted_at""").bind("now", Micros.of(tx.now())).execute();
    }

    /// Has none counted any more, when nobody wanted to know since then.
    void letGo(Tx tx, Instant unwantedSince) {
        tx.sql()
                .createUpdate("DELETE FROM past_day_since WHERE wanted_at < :since")
                .bind("since", Micros.of(unwantedSince))
                .execute();
    }

    /// Forgets what is older than a day, not all at once. True when there is more.
    boolean prune(Tx tx) {
        return tx.sql()
                        .createUpdate("""
                                DELETE FROM past_day WHERE (client, resource, slot) IN
                                  (SELECT client, resource, slot FROM past_day WHERE slot < :slot LIMIT :most)""")
                        .bind("slot", slot(tx.now().minus(DAY)) - 1)
                        .bind("most", PRUNED_AT_ONCE)
                        .execute()
                == PRUNED_AT_ONCE;
    }
}
