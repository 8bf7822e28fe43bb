package dev.countersign.approval;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.time.Instant;

/// The table of which requests those who decide were reminded of by those who asked.
final class Nudges {
    /// How often so far.
    ///
    /// @param made when the request was made
    Nudge of(Tx tx, String id, Instant made) {
        return tx.sql()
                .createQuery("SELECT times, nudged_at FROM request_nudge WHERE approval_id = :id")
                .bind("id", id)
                .map((row, _) -> new Nudge(row.getInt(1), Micros.instant(row.getLong(2))))
                .findOne()
                .orElseGet(() -> Nudge.none(made));
    }

    void set(Tx tx, String id, Nudge nudge) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO request_nudge (approval_id, times, nudged_at) VALUES (:id, :times, :at)
                        ON CONFLICT (approval_id) DO UPDATE SET times = excluded.times, nudged_at = excluded.nudged_at""")
                .bind("id", id)
                .bind("times", nudge.times())
                .bind("at", Micros.of(nudge.at()))
                .execute();
    }
}
