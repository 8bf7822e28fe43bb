package dev.countersign.people;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.Entry;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.StatementContext;

/// The api_token table: bearer tokens for people and bots. A token is `cs_` and 256 random bits, so that scanners for
/// leaked secrets know one; the table has its keyed hash alone.
///
/// A token that was found is remembered for under a second: one revoked here is gone at once, one revoked by another
/// process within that second.
public final class ApiTokens {
    private static final Pattern TEXT = Pattern.compile("cs_[A-Za-z0-9_-]{43}");
    private static final Duration MOMENT = Duration.ofMillis(900);
    private static final int LONGEST_LABEL = 100;

    private final Store store;
    private final Ledger ledger;
    private final KeyedHash hash;
    private final InstantSource clock;
    private final Remembered<String, ApiToken> remembered;

    /// A token that was just made.
    ///
    /// @param text what its owner is shown once, and nobody again
    public record Issued(ApiToken token, String text) {
        /// Keeps the token out of logs.
        @Override
        public String toString() {
            return "Issued[" + token + "]";
        }
    }

    public ApiTokens(Store store, Ledger ledger, KeyedHash hash, InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.hash = hash;
        this.clock = clock;
        this.remembered = new Remembered<>(MOMENT, 10_000, clock);
    }

    /// Makes a token for a person whom the configuration names.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong
    public Issued issue(Tx tx, PersonId person, Set<String> scopes, String label, Duration lifetime, Entry.Actor by)
            throws SQLException {
        if (scopes.isEmpty() || !ApiScope.ALL.containsAll(scopes)) {
            throw new IllegalArgumentException("scopes are one or more of " + new TreeSet<>(ApiScope.ALL));
        }
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a lifetime is a second or more");
        }
        if (label.length() > LONGEST_LABEL) {
            throw new IllegalArgumentException("a label has at most " + LONGEST_LABEL + " characters");
        }
        if (!People.isPresent(tx, person)) {
            throw new IllegalArgumentException("the configuration names no such person");
        }
        var text = "cs_" + Ids.secret(32);
        var token = new ApiToken(
                Ids.next(),
                person,
                Collections.unmodifiableSet(new TreeSet<>(scopes)),
                label,
                tx.now(),
                tx.now().plus(lifetime),
                Optional.empty());
        tx.sql()
                .createUpdate("""
                        INSERT INTO api_token (id, token_hash, person, scopes, label, created, expires)
                        VALUES (:id, :hash, :person, :scopes, :label, :created, :expires)
                        """)
                .bind("id", token.id())
                .bind("hash", hash.of("api-token", text))
                .bind("person", person.value())
                .bind("scopes", String.join(" ", token.scopes()))
                .bind("label", label)
                .bind("created", token.created())
                .bind("expires", token.expires())
                .execute();
        ledger.append(tx, entry(Code.API_TOKEN_ISSUED, tx, token, by));
        return new Issued(token, text);
    }

    /// The same; empty when the person is gone.
    Optional<Issued> issueIfPresent(
            Tx tx, PersonId person, Set<String> scopes, String label, Duration lifetime, Entry.Actor by)
            throws SQLException {
        return People.isPresent(tx, person)
                ? Optional.of(issue(tx, person, scopes, label, lifetime, by))
                : Optional.empty();
    }

    /// Ends a token; false when there is none of that id or it was ended before.
    public boolean revoke(Tx tx, String id, Entry.Actor by) throws SQLException {
        var token = tx.sql()
                .createQuery("UPDATE api_token SET revoked = :now WHERE id = :id AND revoked IS NULL RETURNING *")
                .bind("now", tx.now())
                .bind("id", id)
                .map(ApiTokens::token)
                .findOne();
        if (token.isEmpty()) {
            return false;
        }
        tx.afterCommit(remembered::forget);
        ledger.append(tx, entry(Code.API_TOKEN_REVOKED, tx, token.get(), by));
        return true;
    }

    /// Ends all tokens of a person.
    void revokeAll(Tx tx, PersonId person, Entry.Actor by) throws SQLException {
        DeviceGrants.endAll(tx, person);
        for (var token : of(tx, person)) {
            revoke(tx, token.id(), by);
        }
    }

    /// The token of that text, when it is good now. Not from inside a write.
    public Optional<ApiToken> find(String text) {
        if (!TEXT.matcher(text).matches()) {
            return Optional.empty();
        }
        var hashed = hash.of("api-token", text);
        return remembered
                .get(hashed, () -> store.read(tx -> good(tx, "token_hash", hashed)))
                .filter(it -> clock.instant().isBefore(it.expires()));
    }

    /// The token of that id, when it is good now; read from the store each time. Not from inside a write.
    Optional<ApiToken> still(String id) {
        return store.read(tx -> good(tx, "id", id)).filter(it -> clock.instant().isBefore(it.expires()));
    }

    private static Optional<ApiToken> good(Tx tx, String column, String value) {
        return tx.sql()
                .createQuery("""
                        SELECT t.* FROM api_token t JOIN person p ON p.id = t.person
                        WHERE t.<column> = :value AND t.revoked IS NULL AND p.left_at IS NULL
                        """)
                .define("column", column)
                .bind("value", value)
                .map(ApiTokens::token)
                .findOne();
    }

    /// All tokens there ever were, the newest first. Not from inside a write.
    public List<ApiToken> list() {
        return store.read(tx -> tx.sql()
                .createQuery("SELECT * FROM api_token ORDER BY created DESC, id DESC")
                .map(ApiTokens::token)
                .list());
    }

    /// A person's tokens, the newest first. Not from inside a write.
    public List<ApiToken> list(PersonId person) {
        return store.read(tx -> of(tx, person));
    }

    private static List<ApiToken> of(Tx tx, PersonId person) {
        return tx.sql()
                .createQuery("SELECT * FROM api_token WHERE person = :person ORDER BY created DESC, id DESC")
                .bind("person", person.value())
                .map(ApiTokens::token)
                .list();
    }

    private static Entry entry(Code code, Tx tx, ApiToken token, Entry.Actor by) {
        Map<String, Object> body = Map.of(
                "api_token", token.id(),
                "person", token.person().value(),
                "scopes", List.copyOf(token.scopes()),
                "expires", token.expires().getEpochSecond());
        return new Entry(code, tx.now(), by, Optional.empty(), Optional.empty(), Optional.empty(), body, List.of());
    }

    private static ApiToken token(ResultSet row, StatementContext context) throws SQLException {
        long revoked = row.getLong("revoked");
        var ended = !row.wasNull();
        return new ApiToken(
                row.getString("id"),
                new PersonId(row.getString("person")),
                Collections.unmodifiableSet(
                        new TreeSet<>(List.of(row.getString("scopes").split(" ")))),
                row.getString("label"),
                Micros.instant(row.getLong("created")),
                Micros.instant(row.getLong("expires")),
                ended ? Optional.of(Micros.instant(revoked)) : Optional.empty());
    }
}
