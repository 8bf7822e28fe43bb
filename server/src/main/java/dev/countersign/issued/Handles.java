package dev.countersign.issued;

import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Deferral codes, Deferred Token Response §2.2: opaque, 256 bits of CSPRNG, and kept only as hashes under a key that
/// the store holds wrapped. A handle is not authority: it says which request a poll is about, and nothing more.
public final class Handles {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int MOST = 20;
    private static final int PRUNED_AT_ONCE = 5_000;

    /// What a code stands for.
    ///
    /// @param key the thumbprint of the key that was proved with the first request; empty when none was
    public record Handle(String approvalId, String client, String key, Instant expiresAt) {}

    private final Store store;
    private final KeyedHash hashes;

    /// @param hashes under the key of kind `handle`
    public Handles(Store store, KeyedHash hashes) {
        this.store = store;
        this.hashes = hashes;
    }

    /// A new code for a request that waits. A request that has very many lets the older ones go, so that a client
    /// cannot fill the table with codes for one question.
    public String issue(String approvalId, String client, String key, Instant expiresAt) {
        var code = Ids.secret(32);
        var hash = hash(code);
        store.write(tx -> {
            tx.sql()
                    .createUpdate("""
                            DELETE FROM handle WHERE approval_id = :approval
                              AND (SELECT COUNT(*) FROM handle WHERE approval_id = :approval) >= :most""")
                    .bind("approval", approvalId)
                    .bind("most", MOST)
                    .execute();
            return tx.sql()
                    .createUpdate("""
                        INSERT INTO handle (hash, approval_id, client, key, expires_at)
                        VALUES (:hash, :approval, :client, :key, :expires)""")
                    .bind("hash", hash)
                    .bind("approval", approvalId)
                    .bind("client", client)
                    .bind("key", key)
                    .bind("expires", expiresAt)
                    .execute();
        });
        return code;
    }

    /// What a code stands for; empty for a code this server never made, or made too long ago to know.
    public Optional<Handle> find(String code) {
        var hash = hash(code);
        return store.read(tx -> tx.sql()
                .createQuery("SELECT approval_id, client, key, expires_at FROM handle WHERE hash = :hash")
                .bind("hash", hash)
                .map((row, _) -> new Handle(
                        row.getString(1), row.getString(2), row.getString(3), Micros.instant(row.getLong(4))))
                .findOne());
    }

    /// Forgets codes that nobody can have a use for any more.
    public int prune(Tx tx) {
        return tx.sql()
                .createUpdate("""
                        DELETE FROM handle WHERE hash IN
                          (SELECT hash FROM handle WHERE expires_at < :before LIMIT :most)""")
                .bind("before", tx.now().minus(KEPT))
                .bind("most", PRUNED_AT_ONCE)
                .execute();
    }

    private String hash(String code) {
        return hashes.of("deferral-code", code);
    }
}
