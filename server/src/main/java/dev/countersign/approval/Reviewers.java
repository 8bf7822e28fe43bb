package dev.countersign.approval;

import dev.countersign.people.PersonId;
import dev.countersign.policy.Rest;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The tables of who was shown which request when, and of how much a person approved of late.
final class Reviewers {
    /// Notes that somebody is shown a pending request, the first time alone.
    void shown(Tx tx, String id, PersonId person) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO request_shown (approval_id, person, shown_at) VALUES (:id, :person, :at)
                        ON CONFLICT DO NOTHING""")
                .bind("id", id)
                .bind("person", person.value())
                .bind("at", Micros.of(tx.now()))
                .execute();
    }

    /// When that was; empty when it was not.
    Optional<Instant> shownAt(Tx tx, String id, PersonId person) {
        return tx.sql()
                .createQuery("SELECT shown_at FROM request_shown WHERE approval_id = :id AND person = :person")
                .bind("id", id)
                .bind("person", person.value())
                .map((row, _) -> Micros.instant(row.getLong(1)))
                .findOne();
    }

    /// Lets the votes of one person be counted one after the other, until the transaction ends.
    void takeTurn(Tx tx, PersonId person) {
        tx.sql().createUpdate("""
                        INSERT INTO reviewer_turn (person, turns) VALUES (:person, 1)
                        ON CONFLICT (person) DO UPDATE SET turns = reviewer_turn.turns + 1""").bind("person", person.value()).execute();
    }

    /// From when on a person's approval counts again; empty when it does now.
    Optional<Instant> restsUntil(Tx tx, PersonId person, Rest rest) throws SQLException {
        var query = tx.prepare("""
                SELECT cast_at FROM vote WHERE person = ? AND cast_at > ? AND word = 'APPROVE'
                ORDER BY cast_at DESC LIMIT 1 OFFSET ?""");
        query.setString(1, person.value());
        query.setLong(2, Micros.of(tx.now().minus(rest.per())));
        query.setInt(3, rest.approvals() - 1);
        try (var found = query.executeQuery()) {
            return found.next() ? Optional.of(Micros.instant(found.getLong(1)).plus(rest.per())) : Optional.empty();
        }
    }

    /// How long ago it was shown to them; empty when that is not known.
    Optional<Duration> taken(Tx tx, String id, PersonId person) {
        return shownAt(tx, id, person).map(it -> Duration.between(it, tx.now())).filter(it -> !it.isNegative());
    }
}
