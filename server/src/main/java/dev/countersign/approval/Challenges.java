package dev.countersign.approval;

import dev.countersign.people.PersonId;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The signing table: what people were shown and may sign. Each once, by whom it was shown to, and not for long.
final class Challenges {
    /// How long somebody may take to find their passkey.
    static final Duration LASTS = Duration.ofMinutes(5);

    private static final int PRUNED_AT_ONCE = 1_000;

    /// Something that was shown.
    ///
    /// @param shown the text whose hash is to be signed
    /// @param salt what the reviewer's comment is hashed with; empty where there is none
    record Challenge(PersonId person, String shown, String salt) {}

    /// Keeps what is shown now.
    ///
    /// @param challenge its hash
    /// @return until when it may be signed
    Instant add(Tx tx, String challenge, Challenge it) throws SQLException {
        var until = tx.now().plus(LASTS);
        var insert = tx.prepare("INSERT INTO signing (challenge, person, shown, salt, until) VALUES (?, ?, ?, ?, ?)");
        insert.setString(1, challenge);
        insert.setString(2, it.person().value());
        insert.setString(3, it.shown());
        insert.setString(4, it.salt());
        insert.setLong(5, Micros.of(until));
        insert.executeUpdate();
        return until;
    }

    /// Takes what was shown to a person, so that nobody signs it twice; empty when they were shown no such thing, or
    /// too long ago.
    Optional<Challenge> take(Tx tx, String challenge, PersonId person) throws SQLException {
        var query = tx.prepare(
                "SELECT shown, salt FROM signing WHERE challenge = ? AND person = ? AND until > ?" + tx.forUpdate());
        query.setString(1, challenge);
        query.setString(2, person.value());
        query.setLong(3, Micros.of(tx.now()));
        Optional<Challenge> found;
        try (var row = query.executeQuery()) {
            found = row.next()
                    ? Optional.of(new Challenge(person, row.getString(1), row.getString(2)))
                    : Optional.empty();
        }
        var delete = tx.prepare("DELETE FROM signing WHERE challenge = ? AND person = ?");
        delete.setString(1, challenge);
        delete.setString(2, person.value());
        return delete.executeUpdate() == 1 ? found : Optional.empty();
    }

    /// Forgets what may not be signed any more. True when there is more.
    boolean prune(Tx tx) throws SQLException {
        var delete = tx.prepare(
                "DELETE FROM signing WHERE challenge IN (SELECT challenge FROM signing WHERE until < ? LIMIT ?)");
        delete.setLong(1, Micros.of(tx.now()));
        delete.setInt(2, PRUNED_AT_ONCE);
        return delete.executeUpdate() == PRUNED_AT_ONCE;
    }
}
