package dev.countersign.config;

import dev.countersign.approval.Administration;
import dev.countersign.approval.Permit;
import dev.countersign.http.Json;
import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.ledger.Member;
import dev.countersign.people.Directory;
import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// The configuration_version table: what was published, when and by whom. The last row is in force.
public final class Configurations {
    private final Directory directory;
    private final Ledger ledger;

    public Configurations(Directory directory, Ledger ledger) {
        this.directory = directory;
        this.ledger = ledger;
    }

    /// Puts a configuration in force: its row, its people and memberships, and one ledger entry, in one transaction.
    ///
    /// Of two that publish at once one comes after the other, and sees what the first one did.
    public Published publish(Tx tx, Configuration configuration, Entry.Actor by, Onto onto) throws SQLException {
        return publish(tx, configuration, by, onto, Optional.empty());
    }

    /// The same with a permit, without which nothing is published once policy has a word in it.
    public Published publish(Tx tx, Configuration configuration, Entry.Actor by, Onto onto, Permit permit)
            throws SQLException {
        if (!permit.request.client().equals(Administration.CLIENT)
                || !permit.granted.scopes().contains(Administration.PUBLISH)
                || !permit.granted.details().canonical().contains("\"version\":\"" + configuration.version() + "\"")) {
            throw new IllegalStateException("a permit for another configuration");
        }
        return publish(tx, configuration, by, onto, Optional.of(permit));
    }

    private Published publish(Tx tx, Configuration configuration, Entry.Actor by, Onto onto, Optional<Permit> permit)
            throws SQLException {
        takeTurn(tx);
        var inForce = inForce(tx);
        var stands = permit.isEmpty() ? unasked(tx, configuration, onto) : against(tx, configuration, onto);
        if (stands.isPresent()) {
            return stands.get();
        }
        var number = inForce.map(Version::number).orElse(0L) + 1;
        var policy = configuration.policy();
        var version = new Version(number, configuration.version(), tx.now(), by, policy.signs());
        var before = inForce.map(it -> content(tx, it.number())).orElse("{}");
        insert(tx, version, configuration.content());
        var members = directory.publish(tx, configuration.roster(), by);
        var body = new HashMap<String, Object>(
                Difference.between(before, configuration.content()).body());
        policy.signFrom().ifPresent(it -> body.put(Member.SIGN_FROM, it.word()));
        if (version.signsLooks()) {
            body.put(Member.SIGNS_LOOKS, true);
        }
        body.put("version", version.hash());
        body.put("previous", inForce.map(Version::hash).orElse(""));
        permit.ifPresent(it -> body.put("request", it.request.id()));
        if (!members.isEmpty()) {
            body.put("members", members.body());
        }
        ledger.append(tx, entry(version, body));
        return new Published.Done(version);
    }

    /// Lets publications come one after the other where several nodes write: each holds the first version's row.
    public static void takeTurn(Tx tx) throws SQLException {
        if (!tx.forUpdate().isEmpty()) {
            try (var first = tx.prepare("SELECT number FROM configuration_version WHERE number = 1" + tx.forUpdate())
                    .executeQuery()) {
                first.next();
            }
        }
    }

    /// Whether policy has a word in what replaces it: it registers the server itself. Read from what is stored, so that
    /// a release that cannot read the rest knows it too.
    private static boolean isGoverned(String content) {
        return Json.read(content)
                .path("resources")
                .valueStream()
                .flatMap(it -> it.path("scopes").valueStream())
                .anyMatch(it -> it.path("name").stringValue("").equals(Administration.PUBLISH));
    }

    /// What would come of it other than a publication, whatever policy says.
    public Optional<Published> against(Tx tx, Configuration configuration, Onto onto) {
        return inForce(tx).flatMap(it -> against(tx, configuration, onto, it));
    }

    /// The same for who has no permit: empty when nothing stands against it.
    public Optional<Published> unasked(Tx tx, Configuration configuration, Onto onto) {
        return against(tx, configuration, onto)
                .or(() -> inForce(tx)
                        .filter(it -> isGoverned(content(tx, it.number())))
                        .map(it -> new Published.Governed(configuration.version(), it)));
    }

    private Optional<Published> against(Tx tx, Configuration configuration, Onto onto, Version inForce) {
        if (inForce.hash().equals(configuration.version())) {
            return Optional.of(new Published.Unchanged(inForce));
        }
        var base = onto.base().filter(it -> !it.equals(inForce.hash()));
        if (base.isPresent()) {
            return Optional.of(new Published.Stale(configuration.version(), base.get(), inForce));
        }
        return onto.again()
                ? Optional.empty()
                : last(tx, configuration.version()).map(it -> new Published.Superseded(it, inForce));
    }

    private static Entry entry(Version version, Map<String, Object> body) {
        return new Entry(
                Code.CONFIGURATION_PUBLISHED,
                version.at(),
                version.by(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                body,
                List.of());
    }

    private static void insert(Tx tx, Version version, String content) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO configuration_version
                               (number, version, content, published_at, by_kind, by_id, signs_looks)
                        VALUES (:number, :version, :content, :at, :kind, :id, :looks)
                        """)
                .bind("number", version.number())
                .bind("version", version.hash())
                .bind("content", content)
                .bind("at", version.at())
                .bind("kind", version.by().kind())
                .bind("id", version.by().id())
                .bind("looks", version.signsLooks() ? 1 : 0)
                .execute();
    }

    /// The version in force; empty before the first.
    public Optional<Version> inForce(Tx tx) {
        return history(tx, 1).stream().findFirst();
    }

    /// The last publications, the newest first.
    public List<Version> history(Tx tx, int limit) {
        return history(tx, Optional.empty(), limit);
    }

    /// The last publications with smaller numbers, the newest first.
    public List<Version> history(Tx tx, Optional<Long> before, int limit) {
        return tx.sql()
                .createQuery("""
                        SELECT number, version, published_at, by_kind, by_id, signs_looks FROM configuration_version
                        WHERE number < :before ORDER BY number DESC LIMIT :limit
                        """)
                .bind("before", before.orElse(Long.MAX_VALUE))
                .bind("limit", limit)
                .map(Configurations::version)
                .list();
    }

    /// The content of a publication, as [Configuration#content] has it.
    ///
    /// @throws IllegalStateException when there is no such number
    public String content(Tx tx, long number) {
        return find(tx, number).orElseThrow(() -> new IllegalStateException("no version " + number));
    }

    /// The same; empty when there is no such number.
    public Optional<String> find(Tx tx, long number) {
        return tx.sql()
                .createQuery("SELECT content FROM configuration_version WHERE number = :number")
                .bind("number", number)
                .mapTo(String.class)
                .findOne();
    }

    private static Optional<Version> last(Tx tx, String hash) {
        return tx.sql()
                .createQuery("""
                        SELECT number, version, published_at, by_kind, by_id, signs_looks FROM configuration_version
                        WHERE version = :version ORDER BY number DESC LIMIT 1
                        """)
                .bind("version", hash)
                .map(Configurations::version)
                .findOne();
    }

    private static Version version(ResultSet row, StatementContext context) throws SQLException {
        return new Version(
                row.getLong("number"),
                row.getString("version"),
                Micros.instant(row.getLong("published_at")),
                new Entry.Actor(row.getString("by_kind"), row.getString("by_id")),
                row.getLong("signs_looks") == 1);
    }
}
