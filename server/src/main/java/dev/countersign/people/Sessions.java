package dev.countersign.people;

import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The session table: which browsers are signed in. The cookie is 256 random bits and made here, never taken from the
/// browser; the table has its keyed hash alone.
public final class Sessions {
    /// How long a session lasts at most.
    public static final Duration LONGEST = Duration.ofHours(12);

    /// How long it lasts without a call.
    public static final Duration IDLE = Duration.ofHours(1);

    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(30);

    private final Store store;
    private final KeyedHash hash;
    private final InstantSource clock;

    /// A session that has just begun.
    ///
    /// @param cookie what the browser is given, and nobody else
    record Started(String cookie, Session session) {
        @Override
        public String toString() {
            return session.toString();
        }
    }

    public Sessions(Store store, KeyedHash hash, InstantSource clock) {
        this.store = store;
        this.hash = hash;
        this.clock = clock;
    }

    /// Begins a session with a new cookie and ends the one that the browser came with.
    Started start(Tx tx, PersonId person, String userAgent, Optional<String> before) {
        before.ifPresent(cookie -> end(tx, cookie));
        tx.sql()
                .createUpdate("DELETE FROM session WHERE created < :old")
                .bind("old", tx.now().minus(KEPT))
                .execute();
        var cookie = Ids.secret(32);
        var id = id(cookie);
        tx.sql()
                .createUpdate("""
                        INSERT INTO session (cookie_hash, person, created, seen, user_agent)
                        VALUES (:id, :person, :now, :now, :agent)
                        """)
                .bind("id", id)
                .bind("person", person.value())
                .bind("now", tx.now())
                .bind("agent", userAgent)
                .execute();
        return new Started(cookie, new Session(id, person, tx.now(), tx.now(), userAgent, csrf(cookie)));
    }

    /// The session of a cookie, and notes that it called; empty when it ended, is too old, or is of somebody whom the
    /// configuration no longer names. Not from inside a write.
    public Optional<Session> find(String cookie) {
        var now = clock.instant();
        var found = good(id(cookie), csrf(cookie), now);
        found.filter(it -> !now.isBefore(it.seen().plus(SEEN_EVERY)))
                .ifPresent(it -> store.write(tx -> seen(tx, it, now)));
        return found;
    }

    /// A session that was found, as it stands now, without noting a call. Not from inside a write.
    Optional<Session> still(Session session) {
        return good(session.id(), session.csrf(), clock.instant());
    }

    private Optional<Session> good(String id, String csrf, Instant now) {
        return store.read(tx -> read(tx, id, csrf))
                .filter(it -> now.isBefore(it.created().plus(LONGEST)))
                .filter(it -> now.isBefore(it.seen().plus(IDLE)));
    }

    private static Optional<Session> read(Tx tx, String id, String csrf) {
        return tx.sql()
                .createQuery("""
                        SELECT s.cookie_hash, s.person, s.created, s.seen, s.user_agent
                        FROM session s JOIN person p ON p.id = s.person
                        WHERE s.cookie_hash = :id AND s.ended_at IS NULL AND p.left_at IS NULL
                        """)
                .bind("id", id)
                .map((row, _) -> session(row, csrf))
                .findOne();
    }

    private static int seen(Tx tx, Session session, Instant now) {
        return tx.sql()
                .createUpdate(
                        "UPDATE session SET seen = :now WHERE cookie_hash = :id AND ended_at IS NULL AND seen < :now")
                .bind("now", now)
                .bind("id", session.id())
                .execute();
    }

    /// Signs a browser out.
    public void end(Tx tx, String cookie) {
        tx.sql()
                .createUpdate("UPDATE session SET ended_at = :now WHERE cookie_hash = :id AND ended_at IS NULL")
                .bind("now", tx.now())
                .bind("id", id(cookie))
                .execute();
    }

    /// Signs a person out everywhere.
    public void endAll(Tx tx, PersonId person) {
        tx.sql()
                .createUpdate("UPDATE session SET ended_at = :now WHERE person = :person AND ended_at IS NULL")
                .bind("now", tx.now())
                .bind("person", person.value())
                .execute();
    }

    private String id(String cookie) {
        return hash.of("session", cookie);
    }

    private String csrf(String cookie) {
        return hash.of("csrf", cookie);
    }

    private static Session session(ResultSet row, String csrf) throws SQLException {
        return new Session(
                row.getString("cookie_hash"),
                new PersonId(row.getString("person")),
                Micros.instant(row.getLong("created")),
                Micros.instant(row.getLong("seen")),
                row.getString("user_agent"),
                csrf);
    }
}
