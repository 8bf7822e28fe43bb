package dev.countersign.people;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/// The scim_user table: whom providers provision, as they say.
final class ProvisionedUsers {
    private static final int AT_ONCE = 500;

    private static final String FIND = "SELECT * FROM scim_user WHERE issuer = :issuer AND ";

    /// How two user names are compared, RFC 7643 §4.1.1.
    private static String key(String userName) {
        return userName.toLowerCase(Locale.ROOT);
    }

    Optional<ProvisionedUser> find(Tx tx, String issuer, String id) {
        return one(
                tx.sql().createQuery(FIND + "id = :id").bind("issuer", issuer).bind("id", id));
    }

    /// Whoever signs in as this subject.
    Optional<ProvisionedUser> ofSubject(Tx tx, Provisioner of, String subject) {
        boolean byName = of.subject().equals(Provisioner.USER_NAME);
        return one(tx.sql()
                .createQuery(FIND + (byName ? "user_name" : "external_id") + " = :subject")
                .bind("issuer", of.issuer())
                .bind("subject", subject));
    }

    /// Somebody else who has what nobody else may have.
    Optional<ProvisionedUser> other(Tx tx, String issuer, String id, ProvisionedUser.Said said) {
        return tx.sql()
                .createQuery(FIND + "id <> :id AND (user_key = :key OR external_id = :external)")
                .bind("issuer", issuer)
                .bind("id", id)
                .bind("key", key(said.userName()))
                .bind("external", said.externalId().orElse(null))
                .map(ProvisionedUsers::user)
                .findFirst();
    }

    /// One of these ids that is nobody's.
    Optional<String> missing(Tx tx, String issuer, Set<String> ids) {
        var missing = new TreeSet<>(ids);
        var all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            missing.removeAll(tx.sql()
                    .createQuery("SELECT id FROM scim_user WHERE issuer = :issuer AND id IN (<ids>)")
                    .bind("issuer", issuer)
                    .bindList("ids", all.subList(from, Math.min(all.size(), from + AT_ONCE)))
                    .mapTo(String.class)
                    .list());
        }
        return missing.stream().findFirst();
    }

    /// Those that match all that is wanted, in the order in which they came.
    ///
    /// @param wanted values by what RFC 7643 calls the attributes
    List<ProvisionedUser> list(Tx tx, String issuer, Map<String, String> wanted, int from, int most) {
        return matching(
                        tx.sql()
                                .createQuery("SELECT * FROM scim_user" + where(wanted)
                                        + " ORDER BY created, id LIMIT :most OFFSET :from"),
                        issuer,
                        wanted)
                .bind("most", most)
                .bind("from", from)
                .map(ProvisionedUsers::user)
                .list();
    }

    int count(Tx tx, String issuer, Map<String, String> wanted) {
        return matching(tx.sql().createQuery("SELECT COUNT(*) FROM scim_user" + where(wanted)), issuer, wanted)
                .mapTo(Integer.class)
                .one();
    }

    private static String where(Map<String, String> wanted) {
        return " WHERE issuer = :issuer"
                + wanted.keySet().stream()
                        .map(it -> " AND " + column(it) + " = :" + column(it))
                        .sorted()
                        .collect(Collectors.joining());
    }

    private static Query matching(Query query, String issuer, Map<String, String> wanted) {
        wanted.forEach((name, value) -> query.bind(column(name), name.equals("userName") ? key(value) : value));
        return query.bind("issuer", issuer);
    }

    private static String column(String attribute) {
        return switch (attribute) {
            case "id" -> "id";
            case Provisioner.USER_NAME -> "user_key";
            case Provisioner.EXTERNAL_ID -> "external_id";
            default -> throw new IllegalArgumentException("users are not looked for by " + attribute);
        };
    }

    void add(Tx tx, ProvisionedUser it) {
        bound(tx.sql().createUpdate("""
                        INSERT INTO scim_user (id, issuer, user_name, user_key, external_id, active, name, email,
                            attributes, created, changed, version)
                        VALUES (:id, :issuer, :user, :key, :external, :active, :name, :email, :attributes,
                            :created, :changed, :version)
                        """), it)
                .bind("issuer", it.issuer())
                .bind("created", it.created())
                .execute();
    }

    void change(Tx tx, ProvisionedUser it) {
        bound(tx.sql().createUpdate("""
                        UPDATE scim_user SET user_name = :user, user_key = :key, external_id = :external,
                            active = :active, name = :name, email = :email, attributes = :attributes,
                            changed = :changed, version = :version
                        WHERE id = :id
                        """), it).execute();
    }

    private static <S extends SqlStatement<S>> S bound(S statement, ProvisionedUser it) {
        var said = it.said();
        return statement
                .bind("id", it.id())
                .bind("user", said.userName())
                .bind("key", key(said.userName()))
                .bind("external", said.externalId().orElse(null))
                .bind("active", said.active() ? 1L : 0L)
                .bind("name", said.name())
                .bind("email", said.email())
                .bind("attributes", said.attributes())
                .bind("changed", it.changed())
                .bind("version", it.version());
    }

    void delete(Tx tx, String id) {
        tx.sql()
                .createUpdate("DELETE FROM scim_user WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    private static Optional<ProvisionedUser> one(Query query) {
        return query.map(ProvisionedUsers::user).findOne();
    }

    static ProvisionedUser user(ResultSet row, StatementContext context) throws SQLException {
        return new ProvisionedUser(
                row.getString("id"),
                row.getString("issuer"),
                new ProvisionedUser.Said(
                        row.getString("user_name"),
                        Optional.ofNullable(row.getString("external_id")),
                        row.getLong("active") == 1,
                        row.getString("name"),
                        row.getString("email"),
                        row.getString("attributes")),
                Micros.instant(row.getLong("created")),
                Micros.instant(row.getLong("changed")),
                row.getLong("version"));
    }
}
