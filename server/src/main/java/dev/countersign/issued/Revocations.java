package dev.countersign.issued;

import dev.countersign.store.Columns;
import dev.countersign.store.Store;
import dev.countersign.store.Together;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;

/// Tokens that are dead before their time, RFC 7009. A row is kept until its token would have expired anyway.
public final class Revocations {
    private static final int PRUNED_AT_ONCE = 5_000;

    private static final int TOGETHER = 256;

    private final Store store;
    private final Together<String, Boolean> together = new Together<>(TOGETHER, this::contains);

    public Revocations(Store store) {
        this.store = store;
    }

    /// Ends a token. False when it was ended already.
    public boolean add(Tx tx, String tokenId, Instant expiresAt) {
        return tx.sql()
                        .createUpdate("""
                                INSERT INTO revocation (token_id, revoked_at, expires_at)
                                VALUES (:token, :at, :expires) ON CONFLICT (token_id) DO NOTHING""")
                        .bind("token", tokenId)
                        .bind("at", tx.now())
                        .bind("expires", expiresAt)
                        .execute()
                == 1;
    }

    /// True when a token was ended.
    public boolean contains(Tx tx, String tokenId) throws SQLException {
        var query = tx.prepare("SELECT 1 FROM revocation WHERE token_id = ?");
        query.setString(1, tokenId);
        try (var row = query.executeQuery()) {
            return row.next();
        }
    }

    /// True when a token was ended.
    public boolean contains(String tokenId) {
        return store.isShared() ? together.ask(tokenId) : store.look(tx -> contains(tx, tokenId));
    }

    private List<Boolean> contains(List<String> tokenIds) {
        return store.look(tx -> {
            var query = tx.prepare("SELECT token_id FROM revocation WHERE token_id = ANY (?)");
            query.setArray(1, Columns.texts(query, tokenIds, it -> it));
            try (var rows = query.executeQuery()) {
                var ended = new HashSet<String>();
                while (rows.next()) {
                    ended.add(rows.getString(1));
                }
                return tokenIds.stream().map(ended::contains).toList();
            }
        });
    }

    /// How many tokens were ended that would not have expired yet.
    public static long unexpired(Tx tx) {
        return tx.sql()
                .createQuery("SELECT COUNT(*) FROM revocation WHERE expires_at > :now")
                .bind("now", tx.now())
                .mapTo(Long.class)
                .one();
    }

    /// Forgets tokens that have expired, not all at once. True when there are more.
    public boolean prune(Tx tx) {
        return tx.sql()
                        .createUpdate("""
                                DELETE FROM revocation WHERE token_id IN
                                  (SELECT token_id FROM revocation WHERE expires_at < :now LIMIT :most)""")
                        .bind("now", tx.now())
                        .bind("most", PRUNED_AT_ONCE)
                        .execute()
                == PRUNED_AT_ONCE;
    }
}
