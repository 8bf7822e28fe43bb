package dev.countersign.people;

import dev.countersign.store.Micros;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables scim_group and scim_member: the groups that providers provision, and who is in them.
final class ProvisionedGroups {
    /// Found with its members.
    Optional<ProvisionedGroup> find(Tx tx, String issuer, String id) {
        return tx.sql()
                .createQuery("SELECT * FROM scim_group WHERE issuer = :issuer AND id = :id")
                .bind("issuer", issuer)
                .bind("id", id)
                .map(ProvisionedGroups::group)
                .findOne()
                .map(it -> withMembers(tx, it));
    }

    ProvisionedGroup withMembers(Tx tx, ProvisionedGroup it) {
        var members = new HashSet<>(tx.sql()
                .createQuery("SELECT user_id FROM scim_member WHERE group_id = :id")
                .bind("id", it.id())
                .mapTo(String.class)
                .list());
        return new ProvisionedGroup(
                it.id(), it.issuer(), it.said().with(members), it.created(), it.changed(), it.version());
    }

    /// Another group that `from` could not tell from one which says this.
    Optional<ProvisionedGroup> other(Tx tx, Provisioner of, String id, ProvisionedGroup.Said said) {
        return tx.sql()
                .createQuery("SELECT * FROM scim_group WHERE issuer = :issuer AND id <> :id AND "
                        + (of.named().equals(Provisioner.EXTERNAL_ID) ? "external_id" : "shown") + " = :name")
                .bind("issuer", of.issuer())
                .bind("id", id)
                .bind("name", said.name(of))
                .map(ProvisionedGroups::group)
                .findFirst();
    }

    /// The groups that somebody is in, without their members.
    List<ProvisionedGroup> of(Tx tx, String user) {
        return tx.sql()
                .createQuery("""
                        SELECT g.* FROM scim_member m JOIN scim_group g ON g.id = m.group_id WHERE m.user_id = :user
                        """)
                .bind("user", user)
                .map(ProvisionedGroups::group)
                .list();
    }

    /// Who is in any of these groups and active, with all of these that they are in.
    ///
    /// @param names what `from` calls them
    Map<ProvisionedUser, List<String>> active(Tx tx, Provisioner of, Collection<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        var column = of.named().equals(Provisioner.EXTERNAL_ID) ? "g.external_id" : "g.shown";
        return tx
                .sql()
                .createQuery("SELECT u.*, " + column + """
                         AS claimed FROM scim_group g
                        JOIN scim_member m ON m.group_id = g.id JOIN scim_user u ON u.id = m.user_id
                        WHERE g.issuer = :issuer AND u.active = 1 AND""" + " " + column + " IN (<names>)")
                .bind("issuer", of.issuer())
                .bindList("names", List.copyOf(names))
                .map((row, context) -> Map.entry(ProvisionedUsers.user(row, context), row.getString("claimed")))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, HashMap::new, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /// Those that match all that is wanted, in the order in which they came, without their members.
    ///
    /// @param wanted values by what RFC 7643 calls the attributes
    List<ProvisionedGroup> list(Tx tx, String issuer, Map<String, String> wanted, int from, int most) {
        return matching(
                        tx.sql()
                                .createQuery("SELECT * FROM scim_group" + where(wanted)
                                        + " ORDER BY created, id LIMIT :most OFFSET :from"),
                        issuer,
                        wanted)
                .bind("most", most)
                .bind("from", from)
                .map(ProvisionedGroups::group)
                .list();
    }

    int count(Tx tx, String issuer, Map<String, String> wanted) {
        return matching(tx.sql().createQuery("SELECT COUNT(*) FROM scim_group" + where(wanted)), issuer, wanted)
                .mapTo(Integer.class)
                .one();
    }

    private static String where(Map<String, String> wanted) {
        return " WHERE issuer = :issuer"
                + wanted.keySet().stream()
                        .map(it -> " AND " + condition(it))
                        .sorted()
                        .collect(Collectors.joining());
    }

    private static Query matching(Query query, String issuer, Map<String, String> wanted) {
        wanted.forEach((name, value) -> query.bind(
                name.equals("members.value") ? "member" : name,
                name.equals(Provisioner.DISPLAY_NAME) ? value.toLowerCase(Locale.ROOT) : value));
        return query.bind("issuer", issuer);
    }

    private static String condition(String attribute) {
        return switch (attribute) {
            case "id" -> "id = :id";
            case Provisioner.EXTERNAL_ID -> "external_id = :externalId";
            case Provisioner.DISPLAY_NAME -> "shown_key = :displayName";
            case "members.value" -> "id IN (SELECT group_id FROM scim_member WHERE user_id = :member)";
            default -> throw new IllegalArgumentException("groups are not looked for by " + attribute);
        };
    }

    void add(Tx tx, ProvisionedGroup it) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO scim_group (id, issuer, shown, shown_key, external_id, created, changed, version)
                        VALUES (:id, :issuer, :shown, :key, :external, :now, :now, 1)
                        """)
                .bind("id", it.id())
                .bind("issuer", it.issuer())
                .bind("shown", it.said().shown())
                .bind("key", it.said().shown().toLowerCase(Locale.ROOT))
                .bind("external", it.said().externalId().orElse(null))
                .bind("now", it.created())
                .execute();
        join(tx, it.id(), it.said().members());
    }

    void change(Tx tx, ProvisionedGroup was, ProvisionedGroup it) {
        tx.sql()
                .createUpdate("""
                        UPDATE scim_group SET shown = :shown, shown_key = :key, external_id = :external,
                            changed = :now, version = :version
                        WHERE id = :id
                        """)
                .bind("id", it.id())
                .bind("shown", it.said().shown())
                .bind("key", it.said().shown().toLowerCase(Locale.ROOT))
                .bind("external", it.said().externalId().orElse(null))
                .bind("now", it.changed())
                .bind("version", it.version())
                .execute();
        join(tx, it.id(), without(it.said().members(), was.said().members()));
        leave(tx, it.id(), without(was.said().members(), it.said().members()));
    }

    private static Set<String> without(Set<String> all, Set<String> these) {
        var left = new HashSet<>(all);
        left.removeAll(these);
        return left;
    }

    private static void join(Tx tx, String group, Set<String> users) {
        if (!users.isEmpty()) {
            var batch = tx.sql().prepareBatch("INSERT INTO scim_member (group_id, user_id) VALUES (:group, :user)");
            users.forEach(it -> batch.bind("group", group).bind("user", it).add());
            batch.execute();
        }
    }

    private static void leave(Tx tx, String group, Set<String> users) {
        if (!users.isEmpty()) {
            var batch = tx.sql().prepareBatch("DELETE FROM scim_member WHERE group_id = :group AND user_id = :user");
            users.forEach(it -> batch.bind("group", group).bind("user", it).add());
            batch.execute();
        }
    }

    /// Takes somebody out of every group.
    void leaveAll(Tx tx, String user) {
        tx.sql()
                .createUpdate("DELETE FROM scim_member WHERE user_id = :user")
                .bind("user", user)
                .execute();
    }

    void delete(Tx tx, String id) {
        tx.sql()
                .createUpdate("DELETE FROM scim_member WHERE group_id = :id")
                .bind("id", id)
                .execute();
        tx.sql()
                .createUpdate("DELETE FROM scim_group WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    private static ProvisionedGroup group(ResultSet row, StatementContext context) throws SQLException {
        return new ProvisionedGroup(
                row.getString("id"),
                row.getString("issuer"),
                new ProvisionedGroup.Said(
                        row.getString("shown"), Optional.ofNullable(row.getString("external_id")), Set.of()),
                Micros.instant(row.getLong("created")),
                Micros.instant(row.getLong("changed")),
                row.getLong("version"));
    }
}
