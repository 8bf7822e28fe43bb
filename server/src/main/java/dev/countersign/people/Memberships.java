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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/// The tables membership, membership_claim and on_call_person: who was in which group when, because the configuration
/// says so, or a provider did, at a sign-in or by provisioning, or because a calendar may say that they are on call. A
/// row is never changed but to end it, so the past can
/// be asked; what a provider says again counts for longer.
///
/// The questions that take a [Tx] are answered from that transaction, and a decision must ask those. The others are
/// answered from memory, which forgets with each publication here and after a second for one elsewhere; they are not
/// for inside a write.
public final class Memberships {
    /// When that lapses which a provider provisions: it says by itself when it is over.
    static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    /// For how long a shift is of interest that is over: no request waits longer for which somebody voted in it.
    static final Duration SHIFTS_KEPT = Duration.ofDays(31);

    private static final Duration MOMENT = Duration.ofSeconds(1);

    private static final String ALL = """
            SELECT group_name, person, since, until, CAST(NULL AS BIGINT) AS lapses, CAST(NULL AS BIGINT) AS shift,
                   CAST(NULL AS BIGINT) AS planned
            FROM membership WHERE <column> = ?
            UNION ALL
            SELECT group_name, person, since, until, lapses, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
            FROM membership_claim WHERE <column> = ?
            UNION ALL
            SELECT p.group_name, p.person, p.since, p.until, COALESCE(s.until, 0), COALESCE(s.since, 0),
                   COALESCE(s.planned, 0)
            FROM on_call_person p LEFT JOIN on_call_shift s ON s.group_name = p.group_name AND s.person = p.person
                 AND s.until >= ?
            WHERE p.<column> = ?
            """;
    private static final String OF_PERSON = ALL.replace("<column>", "person");
    private static final String OF_GROUP = ALL.replace("<column>", "group_name");

    private static final String CLAIMS =
            "SELECT group_name, person, source, claimed, since, lapses FROM membership_claim WHERE until IS NULL";

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
        return publish(tx, "membership", groups, at);
    }

    /// The same for those whom calendars may name from `at` on. It makes nobody a member, and is no change of any.
    void publishOnCall(Tx tx, Map<String, Set<PersonId>> groups, Instant at) {
        publish(tx, "on_call_person", groups, at);
    }

    private MembershipChanges publish(Tx tx, String table, Map<String, Set<PersonId>> groups, Instant at) {
        tx.afterCommit(this::forget);
        var before = open(tx, table);
        var left = new ArrayList<Membership>();
        for (var it : before) {
            if (!groups.getOrDefault(it.group(), Set.of()).contains(it.person())) {
                left.add(close(tx, table, it, at));
            }
        }
        var members = before.stream()
                .collect(Collectors.groupingBy(
                        Membership::group, Collectors.mapping(Membership::person, Collectors.toSet())));
        var joined = new ArrayList<Membership>();
        groups.forEach((group, people) -> people.stream()
                .filter(person -> !members.getOrDefault(group, Set.of()).contains(person))
                .forEach(person -> joined.add(open(tx, table, group, person, at))));
        return new MembershipChanges(List.copyOf(joined), List.copyOf(left));
    }

    /// What a provider says of somebody who signs in, or whom it provisions.
    ///
    /// @param source by which row it names them
    /// @param groups what it calls each of our groups that they are in
    /// @param lapses until when that counts without being said again
    record Said(PersonId person, PersonId source, Map<String, String> groups, Instant lapses) {}

    /// Makes what came of this identity what its provider says now.
    MembershipChanges say(Tx tx, Said said, Instant at) {
        return say(tx, said, at, _ -> false);
    }

    /// The same for one that has begun to provision: what it said at sign-ins lapses by itself.
    MembershipChanges provision(Tx tx, Said said, Instant at) {
        return say(
                tx,
                said,
                at,
                it -> it.person().equals(said.person()) && it.lapses().isBefore(NEVER));
    }

    private MembershipChanges say(Tx tx, Said said, Instant at, Predicate<Claim> stays) {
        tx.afterCommit(this::forget);
        var joined = new ArrayList<Membership>();
        var left = new ArrayList<Membership>();
        var still = new TreeSet<String>();
        for (var it : claims(tx, "source", said.source())) {
            if (it.person().equals(said.person())
                    && it.claimed().equals(said.groups().get(it.group()))) {
                renew(tx, it, said.lapses());
                still.add(it.group());
            } else if (!stays.test(it)) {
                left.add(close(tx, it, at));
            }
        }
        said.groups().forEach((group, claimed) -> {
            if (!still.contains(group)) {
                joined.add(open(tx, new Claim(group, said.person(), said.source(), claimed, at, said.lapses())));
            }
        });
        return new MembershipChanges(List.copyOf(joined), List.copyOf(left));
    }

    /// Whoever was a person of their own until now brings along what they belonged to, and leaves it there.
    MembershipChanges join(Tx tx, PersonId was, PersonId is, Instant at) {
        var joined = new ArrayList<Membership>();
        var left = new ArrayList<Membership>();
        for (var it : claims(tx, "person", was)) {
            joined.add(open(tx, new Claim(it.group(), is, it.source(), it.claimed(), it.since(), it.lapses())));
            left.add(close(tx, it, at));
        }
        return new MembershipChanges(List.copyOf(joined), List.copyOf(left));
    }

    /// Ends what providers said where it is no longer asked of them: of groups that take no members from there any
    /// more, and of those who are somebody else now, or nobody.
    MembershipChanges publishClaims(Tx tx, Map<String, Group.From> from, Instant at) {
        tx.afterCommit(this::forget);
        var issuers = tx.sql()
                .createQuery("""
                        SELECT id, login, COALESCE(same_as, id) AS is_person FROM person
                        WHERE login <> :local AND (same_as IS NOT NULL OR left_at IS NULL)
                        """)
                .bind("local", Person.LOCAL)
                .reduceRows(new HashMap<String, String>(), (found, row) -> {
                    found.put(
                            row.getColumn("id", String.class) + " " + row.getColumn("is_person", String.class),
                            row.getColumn("login", String.class));
                    return found;
                });
        var left = new ArrayList<Membership>();
        for (var it : claims(tx)) {
            var issuer = issuers.get(it.source() + " " + it.person());
            if (issuer == null || !new Group.From(issuer, it.claimed()).equals(from.get(it.group()))) {
                left.add(close(tx, it, at));
            }
        }
        return new MembershipChanges(List.of(), List.copyOf(left));
    }

    /// What providers provision and have not taken back: what they call each of our groups that somebody is in.
    Map<Identity, Map<String, String>> provisioned(Tx tx) {
        return tx.sql().createQuery("""
                        SELECT p.login, p.user_name, c.group_name, c.claimed
                        FROM membership_claim c JOIN person p ON p.id = c.source
                        WHERE c.until IS NULL AND c.lapses = :never
                        """).bind("never", NEVER).reduceRows(new HashMap<>(), (found, row) -> {
            var identity = new Identity(row.getColumn("login", String.class), row.getColumn("user_name", String.class));
            found.computeIfAbsent(identity, _ -> new HashMap<>())
                    .put(row.getColumn("group_name", String.class), row.getColumn("claimed", String.class));
            return found;
        });
    }

    /// What a provider said and has not taken back.
    private record Claim(
            String group, PersonId person, PersonId source, String claimed, Instant since, Instant lapses) {}

    private static List<Claim> claims(Tx tx) {
        return claims(tx.sql().createQuery(CLAIMS));
    }

    private static List<Claim> claims(Tx tx, String column, PersonId person) {
        return claims(tx.sql()
                .createQuery(CLAIMS + " AND <column> = :person")
                .define("column", column)
                .bind("person", person.value()));
    }

    private static List<Claim> claims(Query query) {
        return query.map((row, _) -> new Claim(
                        row.getString("group_name"),
                        new PersonId(row.getString("person")),
                        new PersonId(row.getString("source")),
                        row.getString("claimed"),
                        Micros.instant(row.getLong("since")),
                        Micros.instant(row.getLong("lapses"))))
                .list();
    }

    private static Membership open(Tx tx, Claim it) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO membership_claim (group_name, person, source, claimed, since, lapses)
                        VALUES (:group, :person, :source, :claimed, :since, :lapses)
                        ON CONFLICT (group_name, person, source, since)
                        DO UPDATE SET until = NULL, claimed = excluded.claimed, lapses = excluded.lapses
                        """)
                .bind("group", it.group())
                .bind("person", it.person().value())
                .bind("source", it.source().value())
                .bind("claimed", it.claimed())
                .bind("since", it.since())
                .bind("lapses", it.lapses())
                .execute();
        return membership(it, Optional.empty());
    }

    private static void renew(Tx tx, Claim it, Instant lapses) {
        bound(tx.sql().createUpdate("""
                                UPDATE membership_claim SET lapses = :at
                                WHERE group_name = :group AND person = :person AND source = :source AND until IS NULL
                                """), it, lapses).execute();
    }

    private static Membership close(Tx tx, Claim it, Instant at) {
        bound(tx.sql().createUpdate("""
                                UPDATE membership_claim SET until = :at
                                WHERE group_name = :group AND person = :person AND source = :source AND until IS NULL
                                """), it, at).execute();
        return membership(it, Optional.of(at));
    }

    private static Update bound(Update update, Claim it, Instant at) {
        return update.bind("at", at)
                .bind("group", it.group())
                .bind("person", it.person().value())
                .bind("source", it.source().value());
    }

    private static Membership membership(Claim it, Optional<Instant> until) {
        return new Membership(it.group(), it.person(), it.since(), until, Optional.of(it.lapses()), Optional.empty());
    }

    private static Membership open(Tx tx, String table, String group, PersonId person, Instant at) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO <table> (group_name, person, since) VALUES (:group, :person, :at)
                        ON CONFLICT (group_name, person, since) DO UPDATE SET until = NULL
                        """)
                .define("table", table)
                .bind("group", group)
                .bind("person", person.value())
                .bind("at", at)
                .execute();
        return new Membership(group, person, at, Optional.empty());
    }

    /// A stay that ends before it began, because the clock was set back, covers nothing.
    private static Membership close(Tx tx, String table, Membership it, Instant at) {
        tx.sql()
                .createUpdate("""
                        UPDATE <table> SET until = :at
                        WHERE group_name = :group AND person = :person AND until IS NULL
                        """)
                .define("table", table)
                .bind("at", at)
                .bind("group", it.group())
                .bind("person", it.person().value())
                .execute();
        return new Membership(it.group(), it.person(), it.since(), Optional.of(at));
    }

    /// What was read is read again.
    void forget() {
        byGroup.forget();
        byPerson.forget();
    }

    /// Who could be asked in the group's name at that instant: its members, also those whose provider was not heard for
    /// long, since they may come back and be heard; of those who are in it while they are on call, who is.
    public Set<PersonId> thereAt(String group, Instant at) {
        return ofGroup(group).stream()
                .filter(it -> it.isThere(at))
                .map(Membership::person)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Who was in the group when something was asked; of those who are in it while they are on call, who is at `now`.
    public Set<PersonId> calledAt(String group, Instant made, Instant now) {
        return ofGroup(group).stream()
                .filter(it -> it.covers(made) && (!it.isShift() || it.counts(now)))
                .map(Membership::person)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Who was in the group at that instant, also those whose provider was not heard for long, and those who are in it
    /// while they are on call, whether they were or not.
    public Set<PersonId> membersAt(String group, Instant at) {
        return people(ofGroup(group), at);
    }

    /// The calendars that say who is on call, as they were heard last.
    public List<OnCallCalendar> calendars() {
        return store.read(new OnCallCalendars()::all);
    }

    /// The stays in a group that lasted at that instant, one for each who says so; of those who are
    /// in it while they are on call, who is.
    public List<Membership> ofGroupAt(String group, Instant at) {
        return ofGroup(group).stream().filter(it -> it.isThere(at)).toList();
    }

    /// How many belong to each group now, also those whose provider was not heard for long; of those who may be on
    /// call, who is.
    public Map<String, Integer> sizes(Tx tx) {
        return tx
                .sql()
                .createQuery("""
                        SELECT group_name, COUNT(*)
                        FROM (SELECT group_name, person FROM membership WHERE until IS NULL
                              UNION SELECT group_name, person FROM membership_claim WHERE until IS NULL
                              UNION SELECT group_name, person FROM on_call_shift
                                    WHERE ended_at IS NULL AND until > :now) AS stays
                        GROUP BY group_name""")
                .bind("now", tx.now())
                .map((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// Whether the person was in the group at that instant, and it gave them its rights.
    public boolean isMember(PersonId person, String group, Instant at) {
        return ofPerson(person).stream().anyMatch(it -> it.group().equals(group) && it.counts(at));
    }

    /// The groups in whose name the person could be asked at that instant.
    public Set<String> groupsThere(PersonId person, Instant at) {
        return ofPerson(person).stream()
                .filter(it -> it.isThere(at))
                .map(Membership::group)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The groups whose rights the person had at that instant, sorted.
    public Set<String> groupsOf(PersonId person, Instant at) {
        return groups(ofPerson(person), at);
    }

    /// The same, from the transaction.
    public Set<String> groupsOf(Tx tx, PersonId person, Instant at) throws SQLException {
        return groups(of(tx, person), at);
    }

    /// All that a person belongs to or did, shifts in the last 31 days among it, from the transaction.
    public List<Membership> of(Tx tx, PersonId person) throws SQLException {
        return list(tx, OF_PERSON, person.value());
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

        /// All that a person belongs to or did, shifts in the last 31 days among it.
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
                .filter(it -> it.counts(at))
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
        return list(tx, OF_GROUP, group);
    }

    private static List<Membership> list(Tx tx, String sql, String of) throws SQLException {
        var query = tx.prepare(sql);
        query.setString(1, of);
        query.setString(2, of);
        query.setLong(3, Micros.of(tx.now().minus(SHIFTS_KEPT)));
        query.setString(4, of);
        try (var rows = query.executeQuery()) {
            var memberships = new ArrayList<Membership>();
            while (rows.next()) {
                memberships.add(membership(rows));
            }
            return memberships;
        }
    }

    private static List<Membership> open(Tx tx, String table) {
        return tx.sql()
                .createQuery("""
                        SELECT group_name, person, since, until,
                               CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT)
                        FROM <table> WHERE until IS NULL
                        """)
                .define("table", table)
                .map((row, _) -> membership(row))
                .list();
    }

    private static Membership membership(ResultSet row) throws SQLException {
        var planned = instant(row, 7);
        return new Membership(
                row.getString(1),
                new PersonId(row.getString(2)),
                Micros.instant(row.getLong(3)),
                instant(row, 4),
                instant(row, 5),
                instant(row, 6).flatMap(since -> planned.map(it -> new Membership.Shift(since, it))));
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Micros.instant(micros));
    }
}
