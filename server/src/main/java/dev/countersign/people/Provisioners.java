package dev.countersign.people;

import dev.countersign.http.Json;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// The scim_source table: which providers provision, and which of their groups are ours, as the publication in force
/// has it. Written with that, so that a node which has not heard of it yet cannot go by the one before.
final class Provisioners {
    /// One of them.
    ///
    /// @param takes what it calls each of our groups that takes members from it
    record Source(Provisioner provisioner, Map<String, String> takes) {
        String issuer() {
            return provisioner.issuer();
        }

        /// Of which of our groups somebody is who is in those of the provider's.
        Map<String, String> ours(List<ProvisionedGroup> groups) {
            var names = groups.stream().map(it -> it.said().name(provisioner)).toList();
            var ours = new HashMap<>(takes);
            ours.values().retainAll(names);
            return ours;
        }
    }

    /// Makes the table what a configuration says.
    void publish(Tx tx, Roster roster) {
        tx.sql().execute("DELETE FROM scim_source");
        for (var it : roster.provisioners()) {
            tx.sql()
                    .createUpdate("""
                            INSERT INTO scim_source (issuer, login, subject, named, takes)
                            VALUES (:issuer, :login, :subject, :named, :takes)
                            """)
                    .bind("issuer", it.issuer())
                    .bind("login", it.login())
                    .bind("subject", it.subject())
                    .bind("named", it.named())
                    .bind("takes", Json.write(roster.takes(it.issuer())))
                    .execute();
        }
    }

    Optional<Source> find(Tx tx, String issuer) {
        return tx.sql()
                .createQuery("SELECT * FROM scim_source WHERE issuer = :issuer")
                .bind("issuer", issuer)
                .map(Provisioners::source)
                .findOne();
    }

    List<Source> all(Tx tx) {
        return tx.sql()
                .createQuery("SELECT * FROM scim_source ORDER BY issuer")
                .map(Provisioners::source)
                .list();
    }

    private static Source source(ResultSet row, StatementContext context) throws SQLException {
        var takes = new HashMap<String, String>();
        Json.read(row.getString("takes"))
                .properties()
                .forEach(it -> takes.put(it.getKey(), it.getValue().stringValue("")));
        return new Source(
                new Provisioner(
                        row.getString("login"),
                        row.getString("issuer"),
                        row.getString("subject"),
                        row.getString("named")),
                Map.copyOf(takes));
    }
}
