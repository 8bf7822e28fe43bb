package dev.countersign.approval;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How long people took to decide, read from the newest requests, and what waits now. However long the past is, no more
/// of it is read than [#MOST] requests of a state.
public final class DecisionTimes {
    /// The most requests of one state that are looked at.
    public static final int MOST = 500;

    /// A decision of people.
    ///
    /// @param risk the level of [dev.countersign.oauth.Risk]
    /// @param took from the request to the vote that decided it
    public record Taken(int risk, Duration took) {}

    /// What waits of one risk.
    ///
    /// @param risk the level of [dev.countersign.oauth.Risk]
    /// @param next when the first of them expires
    public record Waiting(int risk, long count, Instant next) {}

    /// The newest decisions on requests that were made since then.
    public List<Taken> since(Tx tx, Instant since) {
        var taken = new ArrayList<Taken>();
        for (var state : List.of("approved", "denied", "redeemed", "revoked")) {
            taken.addAll(tx
                    .sql()
                    .createQuery("""
                            SELECT risk, made_at, (SELECT MAX(cast_at) FROM vote WHERE approval_id = newest.id)
                            FROM (SELECT id, risk, made_at FROM approval WHERE state = :state
                                  ORDER BY id DESC LIMIT :most) newest
                            WHERE made_at >= :since""")
                    .bind("state", state)
                    .bind("most", MOST)
                    .bind("since", Micros.of(since))
                    .map((row, _) -> {
                        long decided = row.getLong(3);
                        return row.wasNull()
                                ? List.<Taken>of()
                                : List.of(new Taken(
                                        row.getInt(1),
                                        Duration.between(Micros.instant(row.getLong(2)), Micros.instant(decided))));
                    })
                    .list()
                    .stream()
                    .flatMap(List::stream)
                    .toList());
        }
        return List.copyOf(taken);
    }

    /// What people have still to decide, by its risk.
    public List<Waiting> waiting(Tx tx) {
        return tx.sql()
                .createQuery("""
                        SELECT risk, COUNT(*), MIN(deadline) FROM approval
                        WHERE state = 'pending' AND deadline > :now GROUP BY risk""")
                .bind("now", Micros.of(tx.now()))
                .map((row, _) -> new Waiting(row.getInt(1), row.getLong(2), Micros.instant(row.getLong(3))))
                .list();
    }

    /// What was approved and waits to be collected.
    ///
    /// @param first when the first of it expires; empty when nothing waits
    public record Uncollected(long count, Optional<Instant> first) {}

    /// What was approved and waits to be collected.
    public Uncollected uncollected(Tx tx) {
        return tx.sql()
                .createQuery(
                        "SELECT COUNT(*), MIN(deadline) FROM approval WHERE state = 'approved' AND deadline > :now")
                .bind("now", Micros.of(tx.now()))
                .map((row, _) -> {
                    long count = row.getLong(1);
                    return new Uncollected(
                            count, count == 0 ? Optional.empty() : Optional.of(Micros.instant(row.getLong(2))));
                })
                .one();
    }
}
