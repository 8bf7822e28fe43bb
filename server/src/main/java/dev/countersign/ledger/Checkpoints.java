package dev.countersign.ledger;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.time.Instant;
import java.util.Optional;

/// The table of signed tree heads.
final class Checkpoints {
    /// @param at when it was last signed: the freshest word that the ledger stands there
    record Signed(Checkpoint checkpoint, Instant at) {}

    /// Keeps a checkpoint. One of the same size is the same tree, signed again.
    void keep(Tx tx, Checkpoint checkpoint) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO ledger_checkpoint (size, note, signed_at) VALUES (?, ?, ?)
                        ON CONFLICT (size) DO UPDATE SET note = excluded.note, signed_at = excluded.signed_at
                        """)
                .bind(0, checkpoint.size())
                .bind(1, checkpoint.note())
                .bind(2, Micros.of(tx.now()))
                .execute();
    }

    /// The one over the largest tree; empty when none was signed yet.
    Optional<Signed> latest(Tx tx) {
        return tx.sql()
                .createQuery("SELECT note, signed_at FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
                .map((rows, _) -> new Signed(Checkpoint.parse(rows.getString(1)), Micros.instant(rows.getLong(2))))
                .findOne();
    }
}
