package dev.countersign.people;

import dev.countersign.passkey.CredentialKey;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The passkey table. A passkey signs from when it is enrolled until it is removed; that others agree to both is for
/// whoever calls.
public final class Passkeys {
    /// One of them.
    ///
    /// @param credential its id, in base64url
    /// @param origin the pages it was made for
    /// @param name its person's own word for it
    /// @param count how often it was used, as its authenticator counts; 0 when it does not
    /// @param request the access request by which it is enrolled
    /// @param removal the latest one by which it is to be removed; empty when nobody asked
    /// @param enrolled since when it signs; empty while others have not agreed
    public record Passkey(
            String credential,
            PersonId person,
            CredentialKey key,
            String origin,
            String name,
            long count,
            String request,
            Optional<String> removal,
            Instant created,
            Optional<Instant> enrolled,
            Optional<Instant> used) {}

    /// Keeps a passkey that others have still to agree to; false when there is one of that id.
    public boolean add(Tx tx, Passkey it) {
        return tx.sql()
                        .createUpdate("""
                                INSERT INTO passkey (credential, person, algorithm, public_key, origin, name,
                                                     used_times, request, created)
                                VALUES (:credential, :person, :algorithm, :key, :origin, :name, :count, :request,
                                        :created) ON CONFLICT DO NOTHING""")
                        .bind("credential", it.credential())
                        .bind("person", it.person().value())
                        .bind("algorithm", it.key().algorithm().cose)
                        .bind("key", it.key().spki())
                        .bind("origin", it.origin())
                        .bind("name", it.name())
                        .bind("count", it.count())
                        .bind("request", it.request())
                        .bind("created", Micros.of(it.created()))
                        .execute()
                == 1;
    }

    /// It signs from now on. False when it does already, or did.
    public boolean enrol(Tx tx, String request) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE passkey SET enrolled_at = :now
                                WHERE request = :request AND enrolled_at IS NULL AND ended_at IS NULL""")
                        .bind("now", Micros.of(tx.now()))
                        .bind("request", request)
                        .execute()
                == 1;
    }

    /// Somebody asks that it be removed.
    public void asked(Tx tx, String credential, String removal) {
        tx.sql()
                .createUpdate("UPDATE passkey SET removal = :removal WHERE credential = :credential")
                .bind("removal", removal)
                .bind("credential", credential)
                .execute();
    }

    /// It signs nothing any more. False when it did not.
    public boolean end(Tx tx, String credential) {
        return tx.sql()
                        .createUpdate("""
                                UPDATE passkey SET ended_at = :now
                                WHERE credential = :credential AND enrolled_at IS NOT NULL AND ended_at IS NULL""")
                        .bind("now", Micros.of(tx.now()))
                        .bind("credential", credential)
                        .execute()
                == 1;
    }

    /// It signed, and counts so far now.
    public void used(Tx tx, String credential, long count) {
        tx.sql()
                .createUpdate("UPDATE passkey SET used_times = :count, used_at = :now WHERE credential = :credential")
                .bind("count", count)
                .bind("now", Micros.of(tx.now()))
                .bind("credential", credential)
                .execute();
    }

    /// The one of that id, when it signs now, for a work that uses it: until that is done nobody else does, so that no
    /// count is taken twice.
    public Optional<Passkey> hold(Tx tx, String credential) {
        return one(
                tx,
                "credential = :value AND enrolled_at IS NOT NULL AND ended_at IS NULL" + tx.forUpdate(),
                credential);
    }

    /// The one of that id, whether it signs or not.
    public Optional<Passkey> find(Tx tx, String credential) {
        return one(tx, "credential = :value", credential);
    }

    /// The one that an access request is to enrol or remove.
    public Optional<Passkey> askedBy(Tx tx, String request) {
        return one(tx, "request = :value", request).or(() -> one(tx, "removal = :value", request));
    }

    private static Optional<Passkey> one(Tx tx, String where, String value) {
        return tx.sql()
                .createQuery("SELECT * FROM passkey WHERE " + where)
                .bind("value", value)
                .map(Passkeys::passkey)
                .findOne();
    }

    /// Those that a person signs with now, the oldest first.
    public List<Passkey> of(Tx tx, PersonId person) {
        return tx.sql()
                .createQuery("""
                        SELECT * FROM passkey WHERE person = :person AND enrolled_at IS NOT NULL AND ended_at IS NULL
                        ORDER BY enrolled_at, credential""")
                .bind("person", person.value())
                .map(Passkeys::passkey)
                .list();
    }

    /// Those of a person on which others have still to agree, the oldest first.
    public List<Passkey> waiting(Tx tx, PersonId person) {
        return tx.sql()
                .createQuery("""
                        SELECT p.* FROM passkey p JOIN approval a ON a.id = p.request
                        WHERE p.person = :person AND p.enrolled_at IS NULL AND p.ended_at IS NULL
                          AND a.state IN ('pending', 'approved') AND a.deadline > :now
                        ORDER BY p.created, p.credential""")
                .bind("person", person.value())
                .bind("now", Micros.of(tx.now()))
                .map(Passkeys::passkey)
                .list();
    }

    /// All that somebody signs with now, by person.
    public List<Passkey> all(Tx tx) {
        return tx.sql().createQuery("""
                        SELECT * FROM passkey WHERE enrolled_at IS NOT NULL AND ended_at IS NULL
                        ORDER BY person, enrolled_at, credential""").map(Passkeys::passkey).list();
    }

    /// Whether anybody but this person has a passkey.
    public boolean anyBut(Tx tx, PersonId person) {
        return tx.sql()
                .createQuery("""
                        SELECT 1 FROM passkey WHERE person <> :person AND enrolled_at IS NOT NULL AND ended_at IS NULL
                        LIMIT 1""")
                .bind("person", person.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static Passkey passkey(ResultSet row, StatementContext context) throws SQLException {
        var algorithm = CredentialKey.Algorithm.of(row.getLong("algorithm"))
                .orElseThrow(() -> new SQLException("a passkey that signs by no algorithm we know"));
        return new Passkey(
                row.getString("credential"),
                new PersonId(row.getString("person")),
                new CredentialKey(algorithm, row.getString("public_key")),
                row.getString("origin"),
                row.getString("name"),
                row.getLong("used_times"),
                row.getString("request"),
                Optional.ofNullable(row.getString("removal")),
                Micros.instant(row.getLong("created")),
                at(row, "enrolled_at"),
                at(row, "used_at"));
    }

    private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable((@Nullable Object) row.getObject(column))
                .map(it -> Micros.instant(((Number) it).longValue()));
    }
}
