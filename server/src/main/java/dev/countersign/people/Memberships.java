package dev.countersign.people;

import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The membership table: who was in which group when. A row is never changed but to end it, so the past can be asked.
///
/// The questions that take a [Tx] are answered from that transaction, and a decision must ask those. The others are
/// answered from memory, which forgets with each publication here and after a second for one elsewhere; they are not
/// for inside a write.
public final class Memberships {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Store store;
    private final Remembered<String, List<Membership>> byGroup;
    private final Remembered<PersonId, List<Membership>> byPerson;

    public Memberships(Store store, InstantSource clock) {
        this.store = store;
        this.byGroup = new Remembered<>(MOMENT, 1_000, clock);
        this.byPerson = new Remembered<>(MOMENT, 10_000, clock);
    }

    /// Makes the groups what a configuration says from `at` on; a group it does not name has no members any more.
    public MembershipChanges publish(Tx tx, Map<String, Set<PersonId>> groups, Instant at) {
        tx.afterCommit(byGroup::forget);
        tx.afterCommit(byPerson::forget);
        var before = open(tx);
        var left = new ArrayList<Membership>();
        for (var it : before) {
            if (!groups.getOrDefault(it.group(), Set.of()).contains(it.person())) {
                left.add(close(tx, it, at));
            }
        }
        var members = before.stream()
                .collect(Collectors.groupingBy(
                        Membership::group, Collectors.mapping(Membership::person, Collectors.toSet())));
        var joined = new ArrayList<Membership>();
        groups.forEach((group, people) -> people.stream()
                .filter(person -> !members.getOrDefault(group, Set.of()).contains(person))
                .forEach(person -> joined.add(open(tx, group, person, at))));
        return new MembershipChanges(List.copyOf(joined), List.copyOf(left));
    }

    private static Membership open(Tx tx, String group, PersonId person, Instant at) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO membership (group_name, person, since) VALUES (:group, :person, :at)
                        ON CONFLICT (group_name, person, since) DO UPDATE SET until = NULL
                        """)
                .bind("group", group)
                .bind("person", person.value())
                .bind("at", at)
                .execute();
        return new Membership(group, person, at, Optional.empty());
    }

    /// A stay that ends before it began, because the clock was set back, covers nothing.
    private static Membership close(Tx tx, Membership it, Instant at) {
        tx.sql()
                .createUpdate("""
                        UPDATE membership SET until = :at
                        WHERE group_name = :group AND person = :person AND until IS NULL
                        """)
                .bind("at", at)
                .bind("group", it.group())
                .bind("person", it.person().value())
                .execute();
        return new Membership(it.group(), it.person(), it.since(), Optional.of(at));
    }

    /// Who was in the group at that instant.
    public Set<PersonId> membersAt(String group, Instant at) {
        return people(ofGroup(group), at);
    }

    /// Whether the person was in the group at that instant.
    public boolean isMember(PersonId person, String group, Instant at) {
        return ofPerson(person).stream().anyMatch(it -> it.group().equals(group) && it.covers(at));
    }

    /// The groups the person was in at that instant, sorted.
    public Set<String> groupsOf(PersonId person, Instant at) {
        return groups(ofPerson(person), at);
    }

    /// The same, from the transaction.
    public Set<String> groupsOf(Tx tx, PersonId person, Instant at) throws SQLException {
        return groups(of(tx, person), at);
    }

    /// All that a person ever belonged to, from the transaction.
    public List<Membership> of(Tx tx, PersonId person) throws SQLException {
        return list(tx, "SELECT group_name, person, since, until FROM membership WHERE person = ?", person.value());
    }

    /// The same for a transaction that asks about the same people again and again.
    public View in(Tx tx) {
        return new View(tx);
    }

    /// What people belonged to, as a transaction sees it: each of them is looked up once.
    public final class View {
        private final Tx tx;
        private final Map<PersonId, List<Membership>> known = new HashMap<>();

        private View(Tx tx) {
            this.tx = tx;
        }

        /// All that a person ever belonged to.
        public List<Membership> of(PersonId person) throws SQLException {
            var found = known.get(person);
            if (found == null) {
                found = Memberships.this.of(tx, person);
                known.put(person, found);
            }
            return found;
        }
    }

    private static Set<PersonId> people(List<Membership> memberships, Instant at) {
        return memberships.stream()
                .filter(it -> it.covers(at))
                .map(Membership::person)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> groups(List<Membership> memberships, Instant at) {
        return memberships.stream()
                .filter(it -> it.covers(at))
                .map(Membership::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Membership> ofGroup(String group) {
        return byGroup.get(group, () -> Optional.of(store.read(tx -> ofGroup(tx, group))))
                .orElseThrow();
    }

    private List<Membership> ofPerson(PersonId person) {
        return byPerson.get(person, () -> Optional.of(store.read(tx -> of(tx, person))))
                .orElseThrow();
    }

    private static List<Membership> ofGroup(Tx tx, String group) throws SQLException {
        return list(tx, "SELECT group_name, person, since, until FROM membership WHERE group_name = ?", group);
    }

    private static List<Membership> list(Tx tx, String sql, String of) throws SQLException {
        var query = tx.prepare(sql);
        query.setString(1, of);
        try (var rows = query.executeQuery()) {
            var memberships = new ArrayList<Membership>();
            while (rows.next()) {
                memberships.add(membership(rows));
            }
            return memberships;
        }
    }

    private static List<Membership> open(Tx tx) {
        return tx.sql()
                .createQuery("SELECT group_name, person, since, until FROM membership WHERE until IS NULL")
                .map((row, _) -> membership(row))
                .list();
    }

    private static Membership membership(ResultSet row) throws SQLException {
        long until = row.getLong(4);
        var ended = !row.wasNull();
        return new Membership(
                row.getString(1),
                new PersonId(row.getString(2)),
                Micros.instant(row.getLong(3)),
                ended ? Optional.of(Micros.instant(until)) : Optional.empty());
    }
}
