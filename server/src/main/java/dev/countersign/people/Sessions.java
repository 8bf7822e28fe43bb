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
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/// The session table: which browsers are signed in. The cookie is 256 random bits and made here, never taken from the
/// browser; the table has its keyed hash alone.
public final class Sessions {
    /// How long a session lasts at most.
    public static final Duration LONGEST = Duration.ofHours(12);

    /// How long it lasts without a call.
    public static final Duration IDLE = Duration.ofHours(1);

    private static final Duration SEEN_EVERY = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String OPEN = """
            SELECT s.cookie_hash, s.person, s.created, s.seen, s.user_agent, s.authenticated, i.login
            FROM session s JOIN person p ON p.id = s.person LEFT JOIN person i ON i.id = s.source
            WHERE s.ended_at IS NULL AND p.left_at IS NULL AND s.created > :created AND s.seen > :seen""";
    private static final String NEWEST = " ORDER BY s.seen DESC, s.cookie_hash";

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

    /// How a provider signed somebody in.
    ///
    /// @param source by which identity
    /// @param session what it calls its own session; empty when it does not say
    /// @param authenticated when they proved to it who they are
    record Provided(PersonId source, String session, Instant authenticated) {}

    /// Begins a session with a new cookie and ends the one that the browser came with.
    Started start(Tx tx, PersonId person, String userAgent, Optional<String> before) {
        return start(tx, person, userAgent, before, Optional.empty());
    }

    /// The same for somebody whom a provider signed in.
    Started start(Tx tx, PersonId person, String userAgent, Optional<String> before, Optional<Provided> by) {
        before.ifPresent(cookie -> end(tx, cookie));
        tx.sql()
                .createUpdate("DELETE FROM session WHERE created < :old")
                .bind("old", tx.now().minus(KEPT))
                .execute();
        var cookie = Ids.secret(32);
        var id = id(cookie);
        var authenticated = by.map(Provided::authenticated).orElse(tx.now());
        tx.sql()
                .createUpdate("""
                        INSERT INTO session
                            (cookie_hash, person, created, seen, user_agent, source, provider_session, authenticated)
                        VALUES (:id, :person, :now, :now, :agent, :source, :provider_session, :authenticated)
                        """)
                .bind("id", id)
                .bind("person", person.value())
                .bind("now", tx.now())
                .bind("agent", userAgent)
                .bind("source", by.map(it -> it.source().value()).orElse(null))
                .bind("provider_session", by.map(Provided::session).orElse(null))
                .bind("authenticated", authenticated)
                .execute();
        return new Started(
                cookie,
                new Session(
                        id,
                        person,
                        tx.now(),
                        tx.now(),
                        userAgent,
                        authenticated,
                        by.map(Provided::source),
                        csrf(cookie)));
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

    /// When somebody signed in last, as far back as sessions are kept: 30 days.
    public Optional<Instant> lastOf(PersonId person) {
        return store.read(tx -> tx.sql()
                .createQuery("SELECT created FROM session WHERE person = :person ORDER BY created DESC LIMIT 1")
                .bind("person", person.value())
                .map((row, _) -> Micros.instant(row.getLong(1)))
                .findOne());
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
                        SELECT s.cookie_hash, s.person, s.created, s.seen, s.user_agent, s.source, s.authenticated
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

    /// Sessions that are open, the one that called last first.
    ///
    /// @param of whose; empty for everybody's
    List<OpenSession> open(Tx tx, Optional<PersonId> of) {
        var whose = of.isEmpty() ? "" : " AND s.person = :person";
        var query = tx.sql().createQuery(OPEN + whose + NEWEST);
        of.ifPresent(it -> query.bind("person", it.value()));
        return open(tx, query);
    }

    /// Those that a provider signed in.
    ///
    /// @param subject empty for any
    /// @param providerSession empty for any
    List<OpenSession> provided(Tx tx, String issuer, String subject, String providerSession) {
        return open(
                tx,
                tx.sql()
                        .createQuery(OPEN + """
                                 AND i.login = :issuer AND (:subject = '' OR i.user_name = :subject)
                                AND (:session = '' OR s.provider_session = :session)
                                """ + NEWEST)
                        .bind("issuer", issuer)
                        .bind("subject", subject)
                        .bind("session", providerSession));
    }

    private static List<OpenSession> open(Tx tx, Query query) {
        return query.bind("created", tx.now().minus(LONGEST))
                .bind("seen", tx.now().minus(IDLE))
                .map((row, _) -> new OpenSession(
                        row.getString("cookie_hash"),
                        new PersonId(row.getString("person")),
                        Micros.instant(row.getLong("created")),
                        Micros.instant(row.getLong("seen")),
                        row.getString("user_agent"),
                        authenticated(row),
                        Optional.ofNullable(row.getString("login"))))
                .list();
    }

    /// Signs one browser out.
    void endOne(Tx tx, String id) {
        tx.sql()
                .createUpdate("UPDATE session SET ended_at = :now WHERE cookie_hash = :id AND ended_at IS NULL")
                .bind("now", tx.now())
                .bind("id", id)
                .execute();
    }

    /// Signs those out whom a provider signed in as somebody who they are no longer.
    void endStrangers(Tx tx) {
        tx.sql().createUpdate("""
                        UPDATE session SET ended_at = :now
                        WHERE ended_at IS NULL AND source IS NOT NULL AND NOT EXISTS (
                            SELECT 1 FROM person p WHERE p.id = session.source
                            AND (p.same_as = session.person
                                OR (p.same_as IS NULL AND p.left_at IS NULL AND p.id = session.person)))
                        """).bind("now", tx.now()).execute();
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
                authenticated(row),
                Optional.ofNullable(row.getString("source")).map(PersonId::new),
                csrf);
    }

    /// An older node does not write it: then it was when the session began.
    private static Instant authenticated(ResultSet row) throws SQLException {
        long authenticated = row.getLong("authenticated");
        return Micros.instant(row.wasNull() ? row.getLong("created") : authenticated);
    }
}
