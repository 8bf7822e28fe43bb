package dev.countersign.issued;

import dev.countersign.store.Columns;
import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /// A code that nobody has yet, and what the table keeps of it.
    public record Fresh(String code, String hash) {
        @Override
        public String toString() {
            return "a deferral code";
        }
    }

    /// A new code, which stands for nothing until it is kept.
    public Fresh fresh() {
        var code = Ids.secret(32);
        return new Fresh(code, hash(code));
    }

    /// Lets the older codes of a request go when it has very many, so that a client cannot fill the table with
    /// codes for one question.
    public void makeRoom(Tx tx, String approvalId) throws SQLException {
        var delete = tx.prepare("""
                DELETE FROM handle WHERE approval_id = ?
                  AND (SELECT COUNT(*) FROM handle WHERE approval_id = ?) >= ?""");
        delete.setString(1, approvalId);
        delete.setString(2, approvalId);
        delete.setInt(3, MOST);
        delete.executeUpdate();
    }

    /// Makes a code stand for a request that waits.
    public void keep(Tx tx, Fresh code, Handle handle) throws SQLException {
        var insert = tx.prepare("""
                INSERT INTO handle (hash, approval_id, client, key, expires_at) VALUES (?, ?, ?, ?, ?)""");
        insert.setString(1, code.hash());
        insert.setString(2, handle.approvalId());
        insert.setString(3, handle.client());
        insert.setString(4, handle.key());
        insert.setLong(5, Micros.of(handle.expiresAt()));
        insert.executeUpdate();
    }

    /// A code and what it is to stand for.
    public record Kept(Fresh code, Handle handle) {}

    /// The same for many in one statement, where arrays can be inserted from.
    public void keepAll(Tx tx, List<Kept> kept) throws SQLException {
        if (kept.isEmpty()) {
            return;
        }
        var insert = tx.prepare("""
                INSERT INTO handle (hash, approval_id, client, key, expires_at)
                SELECT * FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
                                     CAST(? AS BIGINT[]))""");
        insert.setArray(1, Columns.texts(insert, kept, it -> it.code().hash()));
        insert.setArray(2, Columns.texts(insert, kept, it -> it.handle().approvalId()));
        insert.setArray(3, Columns.texts(insert, kept, it -> it.handle().client()));
        insert.setArray(4, Columns.texts(insert, kept, it -> it.handle().key()));
        insert.setArray(
                5, Columns.numbers(insert, kept, it -> Micros.of(it.handle().expiresAt())));
        insert.executeUpdate();
    }

    /// What codes stand for, by their hashes, in one statement where arrays can be asked with.
    public Map<String, Handle> findAll(Tx tx, List<String> hashes) throws SQLException {
        var query = tx.prepare("SELECT approval_id, client, key, expires_at, hash FROM handle WHERE hash = ANY (?)");
        query.setArray(1, Columns.texts(query, hashes, it -> it));
        try (var rows = query.executeQuery()) {
            var found = new HashMap<String, Handle>();
            while (rows.next()) {
                found.put(rows.getString(5), handle(rows));
            }
            return found;
        }
    }

    /// What a code stands for; empty for a code this server never made, or made too long ago to know.
    public Optional<Handle> find(String code) {
        return store.read(tx -> find(tx, hash(code)));
    }

    /// The same by the hash of the code, [#hash].
    public Optional<Handle> find(Tx tx, String hash) throws SQLException {
        var query = tx.prepare("SELECT approval_id, client, key, expires_at FROM handle WHERE hash = ?");
        query.setString(1, hash);
        try (var row = query.executeQuery()) {
            return row.next() ? Optional.of(handle(row)) : Optional.empty();
        }
    }

    private static Handle handle(ResultSet row) throws SQLException {
        return new Handle(row.getString(1), row.getString(2), row.getString(3), Micros.instant(row.getLong(4)));
    }

    /// Forgets codes that nobody can have a use for any more, not all at once. True when there are more.
    public boolean prune(Tx tx) {
        return tx.sql()
                        .createUpdate("""
                        DELETE FROM handle WHERE hash IN
                          (SELECT hash FROM handle WHERE expires_at < :before LIMIT :most)""")
                        .bind("before", tx.now().minus(KEPT))
                        .bind("most", PRUNED_AT_ONCE)
                        .execute()
                == PRUNED_AT_ONCE;
    }

    /// What the table keeps of a code.
    public String hash(String code) {
        return hashes.of("deferral-code", code);
    }
}
