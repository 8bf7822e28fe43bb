package dev.countersign.issued;

import dev.countersign.store.Columns;
import dev.countersign.store.Ids;
import dev.countersign.store.KeyedHash;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Deferral codes, Deferred Token Response §2.2: opaque, 256 bits of CSPRNG, and kept only as hashes under a key that
/// the store holds wrapped. A handle is not authority: it says which request a poll is about, and nothing more.
///
/// Of a client that is called when its request is decided the code is kept, too, wrapped by the master key, and let go
/// when that is over: it has to be told which it is.
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
    private final MasterKey master;

    /// @param hashes under the key of kind `handle`
    /// @param master wraps what clients are called with
    public Handles(Store store, KeyedHash hashes, MasterKey master) {
        this.store = store;
        this.hashes = hashes;
        this.master = master;
    }

    /// A code that nobody has yet, and what the table keeps of it.
    ///
    /// @param callback what its client is called with, wrapped; empty when it is not called
    public record Fresh(String code, String hash, Optional<String> callback) {
        @Override
        public String toString() {
            return "a deferral code";
        }
    }

    /// A new code, which stands for nothing until it is kept.
    public Fresh fresh() {
        var code = Ids.secret(32);
        return new Fresh(code, hash(code), Optional.empty());
    }

    /// The same for a client that is called when it is decided, Deferred Token Response §2.8.
    ///
    /// @param token what the client will know us by; empty when it gave none
    public Fresh freshForCallback(String token) {
        var fresh = fresh();
        var secret = (fresh.code() + "\n" + token).getBytes(StandardCharsets.UTF_8);
        var wrapped = master.wrap(secret, purpose(fresh.hash()));
        return new Fresh(
                fresh.code(), fresh.hash(), Optional.of(Base64.getEncoder().encodeToString(wrapped)));
    }

    private static String purpose(String hash) {
        return "callback|" + hash;
    }

    /// What a client is called with.
    ///
    /// @param token empty when it gave none
    public record Callback(Handle handle, String code, String token) {
        @Override
        public String toString() {
            return "a callback";
        }
    }

    /// The codes of a request whose clients are called, by their hashes: which client's, by the code's.
    public Map<String, String> called(Tx tx, String approvalId) throws SQLException {
        var query = tx.prepare("SELECT hash, client FROM handle WHERE approval_id = ? AND callback IS NOT NULL");
        query.setString(1, approvalId);
        try (var rows = query.executeQuery()) {
            var called = new HashMap<String, String>();
            while (rows.next()) {
                called.put(rows.getString(1), rows.getString(2));
            }
            return called;
        }
    }

    /// What the client with that code is called with; empty when it is not, or not any more.
    public Optional<Callback> callback(Tx tx, String hash) throws SQLException {
        var query = tx.prepare("SELECT approval_id, client, key, expires_at, callback FROM handle"
                + " WHERE hash = ? AND callback IS NOT NULL");
        query.setString(1, hash);
        try (var row = query.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            var secret = master.unwrap(Base64.getDecoder().decode(row.getString(5)), purpose(hash));
            var parts = new String(secret, StandardCharsets.UTF_8).split("\n", 2);
            return Optional.of(new Callback(handle(row), parts[0], parts[1]));
        }
    }

    /// Lets go of what a client is called with.
    public void dispose(Tx tx, String hash) throws SQLException {
        var update = tx.prepare("UPDATE handle SET callback = NULL WHERE hash = ?");
        update.setString(1, hash);
        update.executeUpdate();
    }

    /// The same for all codes of a request.
    public void disposeAll(Tx tx, String approvalId) throws SQLException {
        var update = tx.prepare("UPDATE handle SET callback = NULL WHERE approval_id = ? AND callback IS NOT NULL");
        update.setString(1, approvalId);
        update.executeUpdate();
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
                INSERT INTO handle (hash, approval_id, client, key, expires_at, callback)
                VALUES (?, ?, ?, ?, ?, ?)""");
        insert.setString(1, code.hash());
        insert.setString(2, handle.approvalId());
        insert.setString(3, handle.client());
        insert.setString(4, handle.key());
        insert.setLong(5, Micros.of(handle.expiresAt()));
        insert.setString(6, code.callback().orElse(null));
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
                INSERT INTO handle (hash, approval_id, client, key, expires_at, callback)
                SELECT * FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
                                     CAST(? AS BIGINT[]), CAST(? AS TEXT[]))""");
        insert.setArray(1, Columns.texts(insert, kept, it -> it.code().hash()));
        insert.setArray(2, Columns.texts(insert, kept, it -> it.handle().approvalId()));
        insert.setArray(3, Columns.texts(insert, kept, it -> it.handle().client()));
        insert.setArray(4, Columns.texts(insert, kept, it -> it.handle().key()));
        insert.setArray(
                5, Columns.numbers(insert, kept, it -> Micros.of(it.handle().expiresAt())));
        insert.setArray(
                6, Columns.texts(insert, kept, it -> it.code().callback().orElse(null)));
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

    /// Forgets codes that nobody can have a use for any more, and what clients were to be called with when a code
    /// is over; not all at once. True when there are more.
    public boolean prune(Tx tx) {
        tx.sql()
                .createUpdate("UPDATE handle SET callback = NULL WHERE callback IS NOT NULL AND expires_at < :now")
                .bind("now", tx.now())
                .execute();
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
