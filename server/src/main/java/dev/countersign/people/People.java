package dev.countersign.people;

import dev.countersign.store.Ids;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.StatementContext;

/// The person table: who is behind a pseudonym.
///
/// A person keeps the pseudonym through every configuration, also through leaving and coming back: else one could
/// vote twice. Only [#forget] ends it.
public final class People {
    private static final String SELECT =
            "SELECT id, login, COALESCE(shown, user_name) AS user_name, name, email FROM person";

    private final Store store;
    private final Remembered<Object, Person> remembered;

    /// What a publication did to the table.
    ///
    /// @param ids everyone the configuration names, by user name
    /// @param departed those it no longer names
    record Published(Map<String, PersonId> ids, List<PersonId> departed) {
        /// @throws IllegalArgumentException when the configuration does not name the user
        PersonId id(String user) {
            var id = ids.get(user);
            if (id == null) {
                throw new IllegalArgumentException("the configuration names no user " + user);
            }
            return id;
        }
    }

    public People(Store store, InstantSource clock) {
        this.store = store;
        this.remembered = new Remembered<>(Duration.ofSeconds(10), 10_000, clock);
    }

    /// The person behind a pseudonym, present or departed; empty when forgotten. Not from inside a write.
    public Optional<Person> find(PersonId id) {
        return remembered.get(
                id,
                () -> store.read(tx -> tx.sql()
                        .createQuery(SELECT + " WHERE id = :id")
                        .bind("id", id.value())
                        .map(People::person)
                        .findOne()));
    }

    /// A person's user name; the pseudonym of one who was forgotten. Not from inside a write.
    public String user(PersonId id) {
        return find(id).map(Person::user).orElse(id.value());
    }

    /// The person of that user name, or of that subject at an issuer, present or departed. Not from inside a write.
    public Optional<Person> find(String login, String user) {
        return remembered.get(
                List.of(login, user),
                () -> store.read(tx -> tx.sql()
                        .createQuery(SELECT + " WHERE login = :login AND person.user_name = :user")
                        .bind("login", login)
                        .bind("user", user)
                        .map(People::person)
                        .findOne()));
    }

    /// Everyone whom the configuration names, and whom providers named who are there, sorted by name. Not from inside
    /// a write.
    public List<Person> present() {
        return store.read(tx -> tx.sql()
                .createQuery(SELECT + " WHERE left_at IS NULL ORDER BY name, person.user_name")
                .map(People::person)
                .list());
    }

    /// Whether somebody is known here and has not left, as a transaction sees it.
    static boolean isPresent(Tx tx, PersonId person) {
        return tx.sql()
                .createQuery("SELECT 1 FROM person WHERE id = :id AND left_at IS NULL")
                .bind("id", person.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /// Makes the table what the configuration says of one login.
    Published publish(Tx tx, String login, Collection<? extends Named> people) {
        tx.afterCommit(remembered::forget);
        var before = present(tx, login);
        var ids = new HashMap<String, PersonId>();
        for (var person : people) {
            ids.put(person.user(), put(tx, login, person));
        }
        var departed = new ArrayList<PersonId>();
        before.forEach((user, id) -> {
            if (!ids.containsKey(user)) {
                tx.sql()
                        .createUpdate("UPDATE person SET left_at = :now WHERE id = :id")
                        .bind("now", tx.now())
                        .bind("id", id.value())
                        .execute();
                departed.add(id);
            }
        });
        return new Published(Map.copyOf(ids), List.copyOf(departed));
    }

    private static PersonId put(Tx tx, String login, Named person) {
        var id = tx.sql()
                .createQuery("""
                        INSERT INTO person (id, login, user_name, name, email) VALUES (:id, :login, :user, :name, :email)
                        ON CONFLICT (login, user_name)
                        DO UPDATE SET name = excluded.name, email = excluded.email, left_at = NULL
                        RETURNING id
                        """)
                .bind("id", Ids.next())
                .bind("login", login)
                .bind("user", person.user())
                .bind("name", person.name())
                .bind("email", person.email())
                .mapTo(String.class)
                .one();
        return new PersonId(id);
    }

    private static Map<String, PersonId> present(Tx tx, String login) {
        return tx.sql()
                .createQuery("SELECT id, user_name FROM person WHERE login = :login AND left_at IS NULL")
                .bind("login", login)
                .reduceRows(new HashMap<>(), (found, row) -> {
                    found.put(
                            row.getColumn("user_name", String.class), new PersonId(row.getColumn("id", String.class)));
                    return found;
                });
    }

    /// Lets those go whom a provider named that is none any more.
    List<PersonId> publishIssuers(Tx tx, Set<String> issuers) {
        tx.afterCommit(remembered::forget);
        var departed = new ArrayList<PersonId>();
        tx.sql()
                .createQuery("SELECT id, login FROM person WHERE login <> :local AND left_at IS NULL")
                .bind("local", Person.LOCAL)
                .map((row, _) -> Map.entry(row.getString("login"), new PersonId(row.getString("id"))))
                .list()
                .forEach(it -> {
                    if (!issuers.contains(it.getKey())) {
                        leave(tx, it.getValue());
                        departed.add(it.getValue());
                    }
                });
        return departed;
    }

    /// Somebody who was a person of their own until now, and is another from now on.
    record Joined(PersonId was, PersonId is) {}

    /// Makes each identity the person whom the configuration says it is. One that nobody has come with yet has its row,
    /// too: whoever comes with it at the same moment waits for it there, and is that person.
    List<Joined> publishAliases(Tx tx, Map<Identity, PersonId> aliases) {
        tx.afterCommit(remembered::forget);
        var before = new HashMap<Identity, PersonId>();
        tx.sql()
                .createQuery("SELECT login, user_name, same_as FROM person WHERE same_as IS NOT NULL")
                .map((row, _) -> Map.entry(
                        new Identity(row.getString("login"), row.getString("user_name")),
                        new PersonId(row.getString("same_as"))))
                .list()
                .forEach(it -> before.put(it.getKey(), it.getValue()));
        before.keySet().stream()
                .filter(it -> !aliases.containsKey(it))
                .forEach(it -> tx.sql()
                        .createUpdate("UPDATE person SET same_as = NULL WHERE login = :login AND user_name = :subject")
                        .bind("login", it.issuer())
                        .bind("subject", it.subject())
                        .execute());
        var joined = new ArrayList<Joined>();
        aliases.forEach((identity, is) -> {
            if (!is.equals(before.get(identity))) {
                joined.add(new Joined(alias(tx, identity, is), is));
            }
        });
        return joined;
    }

    private static PersonId alias(Tx tx, Identity identity, PersonId is) {
        return new PersonId(tx.sql()
                .createQuery("""
                        INSERT INTO person (id, login, user_name, name, email, left_at, same_as)
                        VALUES (:id, :login, :subject, '', '', :now, :is)
                        ON CONFLICT (login, user_name) DO UPDATE
                        SET same_as = excluded.same_as, left_at = COALESCE(person.left_at, excluded.left_at)
                        RETURNING id
                        """)
                .bind("id", Ids.next())
                .bind("login", identity.issuer())
                .bind("subject", identity.subject())
                .bind("now", tx.now())
                .bind("is", is.value())
                .mapTo(String.class)
                .one());
    }

    /// Who comes with an identity: its own row, and the person it is.
    record Arrived(PersonId source, PersonId person) {
        boolean isAlias() {
            return !source.equals(person);
        }
    }

    /// Takes in whom a provider names, under the pseudonym they always had. Whether they are somebody else is looked at
    /// in the same step, so that nobody comes as two.
    Arrived arrive(Tx tx, Identity identity, String user, String name, String email) {
        tx.afterCommit(remembered::forget);
        return tx.sql()
                .createQuery("""
                        INSERT INTO person (id, login, user_name, shown, name, email)
                        VALUES (:id, :login, :subject, :user, :name, :email)
                        ON CONFLICT (login, user_name) DO UPDATE
                        SET shown = excluded.shown, name = excluded.name, email = excluded.email,
                            left_at = CASE WHEN person.same_as IS NULL THEN NULL ELSE person.left_at END
                        RETURNING id, same_as
                        """)
                .bind("id", Ids.next())
                .bind("login", identity.issuer())
                .bind("subject", identity.subject())
                .bind("user", user)
                .bind("name", name)
                .bind("email", email)
                .map((row, _) -> arrived(row))
                .one();
    }

    /// Takes in whom a provider provisions, when they come; else finds who they were here, if they ever came.
    Optional<Arrived> provision(Tx tx, Identity identity, Optional<ProvisionedUser> coming) {
        if (coming.isPresent()) {
            var said = coming.get().said();
            return Optional.of(arrive(tx, identity, said.userName(), said.name(), said.email()));
        }
        return tx.sql()
                .createQuery("SELECT id, same_as FROM person WHERE login = :login AND user_name = :subject")
                .bind("login", identity.issuer())
                .bind("subject", identity.subject())
                .map((row, _) -> arrived(row))
                .findOne();
    }

    private static Arrived arrived(ResultSet row) throws SQLException {
        var source = new PersonId(row.getString("id"));
        var same = row.getString("same_as");
        return new Arrived(source, same == null ? source : new PersonId(same));
    }

    /// Somebody is nobody here any more.
    void leave(Tx tx, PersonId id) {
        tx.afterCommit(remembered::forget);
        tx.sql()
                .createUpdate("UPDATE person SET left_at = :now WHERE id = :id AND left_at IS NULL")
                .bind("now", tx.now())
                .bind("id", id.value())
                .execute();
    }

    /// Deletes the name behind a pseudonym; what the pseudonym did stays in the ledger. False when a configuration
    /// still names the person or their identity, or a provider provisions it: they would come back under another
    /// pseudonym and count twice.
    public boolean forget(Tx tx, PersonId id) {
        tx.afterCommit(remembered::forget);
        return tx.sql().createUpdate("""
                                DELETE FROM person WHERE id = :id AND left_at IS NOT NULL AND same_as IS NULL
                                AND NOT EXISTS (
                                    SELECT 1 FROM scim_user u WHERE u.issuer = person.login
                                    AND person.user_name IN (u.external_id, u.user_name))
                                """).bind("id", id.value()).execute() == 1;
    }

    private static Person person(ResultSet row, StatementContext context) throws SQLException {
        return new Person(
                new PersonId(row.getString("id")),
                row.getString("login"),
                row.getString("user_name"),
                row.getString("name"),
                row.getString("email"));
    }
}
