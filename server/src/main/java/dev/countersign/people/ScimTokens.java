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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.StatementContext;

/// The scim_token table: bearer tokens of providers that provision. One is `cs_scim_` and 256 random bits; the table
/// has its keyed hash alone. It is read each time, so that one which was ended is gone at once everywhere.
public final class ScimTokens {
    /// How long one may last.
    public static final Duration LONGEST = Duration.ofDays(366);

    private static final Pattern TEXT = Pattern.compile("cs_scim_[A-Za-z0-9_-]{43}");
    private static final int LONGEST_LABEL = 100;

    private final Store store;
    private final Ledger ledger;
    private final KeyedHash hash;
    private final InstantSource clock;
    private final Provisioners provisioners = new Provisioners();

    /// A token that was just made.
    ///
    /// @param text what whoever sets up the provider is shown once, and nobody again
    public record Issued(ScimToken token, String text) {
        /// Keeps the token out of logs.
        @Override
        public String toString() {
            return "Issued[" + token + "]";
        }
    }

    public ScimTokens(Store store, Ledger ledger, KeyedHash hash, InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.hash = hash;
        this.clock = clock;
    }

    /// Makes a token for a provider that the configuration in force lets provision.
    ///
    /// @param login what the configuration calls the provider
    /// @throws IllegalArgumentException with a sentence that says what is wrong
    public Issued issue(Tx tx, String login, String label, Duration lifetime, Entry.Actor by) throws SQLException {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a lifetime is a second or more, and " + LONGEST.toDays() + "d at most");
        }
        if (label.length() > LONGEST_LABEL) {
            throw new IllegalArgumentException("a label has at most " + LONGEST_LABEL + " characters");
        }
        var provisioner = provisioners.all(tx).stream()
                .map(Provisioners.Source::provisioner)
                .filter(it -> it.login().equals(login))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no provider `" + login
                        + "` provisions in the configuration in force: give it `scim` under `login.oidc` and publish"));
        var text = "cs_scim_" + Ids.secret(32);
        var token = new ScimToken(
                Ids.next(), provisioner.issuer(), label, tx.now(), tx.now().plus(lifetime), Optional.empty());
        tx.sql()
                .createUpdate("""
                        INSERT INTO scim_token (id, token_hash, issuer, label, created, expires)
                        VALUES (:id, :hash, :issuer, :label, :created, :expires)
                        """)
                .bind("id", token.id())
                .bind("hash", hash.of("scim-token", text))
                .bind("issuer", token.issuer())
                .bind("label", label)
                .bind("created", token.created())
                .bind("expires", token.expires())
                .execute();
        ledger.append(tx, entry(Code.API_TOKEN_ISSUED, tx, token, by));
        return new Issued(token, text);
    }

    /// Ends a token; false when there is none of that id or it was ended before.
    public boolean revoke(Tx tx, String id, Entry.Actor by) throws SQLException {
        var token = tx.sql()
                .createQuery("UPDATE scim_token SET revoked = :now WHERE id = :id AND revoked IS NULL RETURNING *")
                .bind("now", tx.now())
                .bind("id", id)
                .map(ScimTokens::token)
                .findOne();
        if (token.isPresent()) {
            ledger.append(tx, entry(Code.API_TOKEN_REVOKED, tx, token.get(), by));
        }
        return token.isPresent();
    }

    /// The token of that text, when it is good now. Not from inside a write.
    public Optional<ScimToken> find(String text) {
        if (!TEXT.matcher(text).matches()) {
            return Optional.empty();
        }
        var hashed = hash.of("scim-token", text);
        return store.read(tx -> tx.sql()
                        .createQuery("SELECT * FROM scim_token WHERE token_hash = :hash AND revoked IS NULL")
                        .bind("hash", hashed)
                        .map(ScimTokens::token)
                        .findOne())
                .filter(it -> clock.instant().isBefore(it.expires()));
    }

    /// All tokens there ever were, the newest first. Not from inside a write.
    public List<ScimToken> list() {
        return store.read(tx -> tx.sql()
                .createQuery("SELECT * FROM scim_token ORDER BY created DESC, id DESC")
                .map(ScimTokens::token)
                .list());
    }

    private static Entry entry(Code code, Tx tx, ScimToken token, Entry.Actor by) {
        Map<String, Object> body = Map.of(
                "api_token", token.id(),
                "issuer", token.issuer(),
                "scopes", List.of("scim"),
                "expires", token.expires().getEpochSecond());
        return new Entry(code, tx.now(), by, Optional.empty(), Optional.empty(), Optional.empty(), body, List.of());
    }

    private static ScimToken token(ResultSet row, StatementContext context) throws SQLException {
        long revoked = row.getLong("revoked");
        boolean ended = !row.wasNull();
        return new ScimToken(
                row.getString("id"),
                row.getString("issuer"),
                row.getString("label"),
                Micros.instant(row.getLong("created")),
                Micros.instant(row.getLong("expires")),
                ended ? Optional.of(Micros.instant(revoked)) : Optional.empty());
    }
}
