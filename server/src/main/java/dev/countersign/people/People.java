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
import org.jdbi.v3.core.statement.StatementContext;

/// The person table: who is behind a pseudonym.
///
/// A person keeps the pseudonym through every configuration, also through leaving and coming back: else one could
/// vote twice. Only [#forget] ends it.
public final class People {
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
                        .createQuery("SELECT id, login, user_name, name, email FROM person WHERE id = :id")
                        .bind("id", id.value())
                        .map(People::person)
                        .findOne()));
    }

    /// The person of that user name, present or departed. Not from inside a write.
    public Optional<Person> find(String login, String user) {
        return remembered.get(
                List.of(login, user),
                () -> store.read(tx -> tx.sql()
                        .createQuery(
                                "SELECT id, login, user_name, name, email FROM person WHERE login = :login AND user_name = :user")
                        .bind("login", login)
                        .bind("user", user)
                        .map(People::person)
                        .findOne()));
    }

    /// Everyone whom the configuration names, sorted by name. Not from inside a write.
    public List<Person> present() {
        return store.read(tx -> tx.sql().createQuery("""
                        SELECT id, login, user_name, name, email FROM person WHERE left_at IS NULL
                        ORDER BY name, user_name
                        """).map(People::person).list());
    }

    /// Makes the table what the configuration says of one login.
    Published publish(Tx tx, String login, Collection<LocalPerson> people) {
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

    private static PersonId put(Tx tx, String login, LocalPerson person) {
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

    /// Deletes the name behind a pseudonym; what the pseudonym did stays in the ledger. False when a configuration
    /// still names the person, who would come back under another pseudonym and count twice.
    public boolean forget(Tx tx, PersonId id) {
        tx.afterCommit(remembered::forget);
        return tx.sql()
                        .createUpdate("DELETE FROM person WHERE id = :id AND left_at IS NOT NULL")
                        .bind("id", id.value())
                        .execute()
                == 1;
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
