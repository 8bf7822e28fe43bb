package dev.countersign.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/// What may be used once: the ids of client assertions, of DPoP proofs, of sign-in answers. It stands on the disk,
/// so that neither a restart nor a second process lets anything be used twice.
public final class SingleUses {
    /// Nothing is forgotten sooner than this after it would be refused for its age: clocks differ.
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final int PRUNED_AT_ONCE = 5_000;

    private final Store store;

    /// The single uses of this store.
    public SingleUses(Store store) {
        this.store = store;
    }

    /// Spends a value of a kind: true for whoever comes first, false for everyone after. `until` is when the value
    /// would be refused for its age anyway, as the latest clock that counts sees it.
    public boolean spend(String kind, String value, Instant until) {
        var digest = digest(kind, value);
        return store.writeGuarded(tx -> spend(tx, digest, until));
    }

    /// The same as a part of a transaction that does more.
    public boolean spend(Tx tx, String kind, String value, Instant until) throws SQLException {
        return spend(tx, digest(kind, value), until);
    }

    private static boolean spend(Tx tx, String digest, Instant until) throws SQLException {
        var insert = tx.prepare("INSERT INTO single_use (digest, until) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING");
        insert.setString(1, digest);
        insert.setLong(2, Micros.of(until));
        return insert.executeUpdate() == 1;
    }

    /// Forgets what would be refused for its age anyway; never so much at once that anybody waits for it. True when
    /// there is more.
    public boolean prune(Tx tx) throws SQLException {
        var delete = tx.prepare("""
                DELETE FROM single_use WHERE digest IN (SELECT digest FROM single_use WHERE until < ? LIMIT ?)
                """);
        delete.setLong(1, Micros.of(tx.now().minus(GRACE)));
        delete.setInt(2, PRUNED_AT_ONCE);
        return delete.executeUpdate() == PRUNED_AT_ONCE;
    }

    private static String digest(String kind, String value) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((kind.length() + ":" + kind).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
