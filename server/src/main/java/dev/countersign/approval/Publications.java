package dev.countersign.approval;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// The publication table: the configurations that somebody asked to put in force, by their access request, with what
/// reviewers are shown of each.
public final class Publications {
    /// One of them.
    ///
    /// @param request the access request's id
    /// @param version the configuration's
    /// @param content the configuration
    /// @param base the version that it was made from
    /// @param shown what reviewers are shown, as JSON
    public record Publication(String request, String version, String content, String base, String shown) {}

    /// Keeps one with its request.
    public void add(Tx tx, Publication it) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO publication (request, version, content, base, shown)
                        VALUES (:request, :version, :content, :base, :shown)""")
                .bind("request", it.request())
                .bind("version", it.version())
                .bind("content", it.content())
                .bind("base", it.base())
                .bind("shown", it.shown())
                .execute();
    }

    /// Says under which number it came into force.
    public void published(Tx tx, String request, long number) {
        tx.sql()
                .createUpdate("UPDATE publication SET number = :number WHERE request = :request")
                .bind("number", number)
                .bind("request", request)
                .execute();
    }

    /// The publication that a request asks for; empty for requests of clients.
    public Optional<Publication> find(Tx tx, String request) {
        return tx.sql()
                .createQuery("SELECT request, version, content, base, shown FROM publication WHERE request = :request")
                .bind("request", request)
                .map(Publications::publication)
                .findOne();
    }

    /// What reviewers are shown of the publication that a request asks for, as JSON; empty for requests of clients.
    public Optional<String> shown(Tx tx, String request) {
        return tx.sql()
                .createQuery("SELECT shown FROM publication WHERE request = :request")
                .bind("request", request)
                .mapTo(String.class)
                .findOne();
    }

    /// The request by which a version came into force; empty when nobody had to be asked.
    public Optional<String> request(Tx tx, long number) {
        return tx.sql()
                .createQuery("SELECT request FROM publication WHERE number = :number")
                .bind("number", number)
                .mapTo(String.class)
                .findOne();
    }

    /// The requests that were approved and whose configuration is not in force yet, the oldest first.
    public List<String> approved(Tx tx) {
        return tx.sql()
                .createQuery("""
                        SELECT p.request FROM publication p JOIN approval a ON a.id = p.request
                        WHERE p.number IS NULL AND a.state = 'approved' AND a.deadline > :now ORDER BY p.request""")
                .bind("now", Micros.of(tx.now()))
                .mapTo(String.class)
                .list();
    }

    private static Publication publication(ResultSet row, StatementContext context) throws SQLException {
        return new Publication(
                row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
    }
}
