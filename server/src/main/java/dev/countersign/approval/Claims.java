package dev.countersign.approval;

import dev.countersign.people.PersonId;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The table of who looks into which request.
final class Claims {
    /// Those of these requests, by their ids, that have not lapsed.
    Map<String, Claim> of(Tx tx, Collection<String> ids) {
        var claims = new HashMap<String, Claim>();
        if (!ids.isEmpty()) {
            tx.sql()
                    .createQuery("""
                            SELECT approval_id, person, until FROM request_claim
                            WHERE approval_id IN (<ids>) AND until > :now""")
                    .bindList("ids", List.copyOf(ids))
                    .bind("now", Micros.of(tx.now()))
                    .map((row, _) -> Map.entry(
                            row.getString(1),
                            new Claim(new PersonId(row.getString(2)), Micros.instant(row.getLong(3)))))
                    .forEach(it -> claims.put(it.getKey(), it.getValue()));
        }
        return claims;
    }

    /// Puts a claim in the place of any other.
    void set(Tx tx, String id, Claim claim) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO request_claim (approval_id, person, until) VALUES (:id, :person, :until)
                        ON CONFLICT (approval_id) DO UPDATE SET person = excluded.person, until = excluded.until""")
                .bind("id", id)
                .bind("person", claim.person().value())
                .bind("until", Micros.of(claim.until()))
                .execute();
    }

    void release(Tx tx, String id) {
        tx.sql()
                .createUpdate("DELETE FROM request_claim WHERE approval_id = :id")
                .bind("id", id)
                .execute();
    }
}
