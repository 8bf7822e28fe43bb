package dev.countersign.store;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/// The table of keys, each wrapped by the master key with its id and kind bound to it, so that one cannot be put in
/// the place of another.
public final class WrappedKeys {
    /// A key that wraps nothing and is opened at every start: it tells a wrong master key before anything hangs on
    /// it.
    private static final String PROBE = "probe";

    private static final String COLUMNS = "id, kind, algorithm, public_part, created_at, active_from, retired_at";

    private final MasterKey master;

    private WrappedKeys(MasterKey master) {
        this.master = master;
    }

    /// The keys of this store.
    ///
    /// @throws StoreRefused when the master key is not the one this store was made with
    public static WrappedKeys open(Store store, MasterKey master) {
        var keys = new WrappedKeys(master);
        if (!store.read(keys::probed)) {
            store.write(tx -> {
                if (!keys.probed(tx)) {
                    keys.add(tx, PROBE, PROBE, "none", "", PROBE.getBytes(StandardCharsets.UTF_8), tx.now());
                }
                return true;
            });
        }
        return keys;
    }

    /// Keeps a new key.
    public WrappedKey add(
            Tx tx, String id, String kind, String algorithm, String publicPart, byte[] secret, Instant activeFrom) {
        var key = new WrappedKey(id, kind, algorithm, publicPart, tx.now(), activeFrom, Optional.empty());
        tx.sql()
                .createUpdate("""
                        INSERT INTO wrapped_key (id, kind, algorithm, public_part, wrapped, created_at, active_from)
                        VALUES (:id, :kind, :algorithm, :public, :wrapped, :created, :active)
                        """)
                .bind("id", id)
                .bind("kind", kind)
                .bind("algorithm", algorithm)
                .bind("public", publicPart)
                .bind("wrapped", master.wrap(secret, purpose(id, kind)))
                .bind("created", tx.now())
                .bind("active", activeFrom)
                .execute();
        return key;
    }

    /// All keys of a kind, retired ones too, in the order in which they became active.
    public List<WrappedKey> all(Tx tx, String kind) {
        return tx.sql()
                .createQuery("SELECT " + COLUMNS + " FROM wrapped_key WHERE kind = :kind ORDER BY active_from, id")
                .bind("kind", kind)
                .map(WrappedKeys::key)
                .list();
    }

    /// The secret part of a key; empty when there is no such key.
    public Optional<byte[]> secret(Tx tx, String id) {
        return tx.sql()
                .createQuery("SELECT kind, wrapped FROM wrapped_key WHERE id = :id")
                .bind("id", id)
                .map((rows, _) -> master.unwrap(rows.getBytes("wrapped"), purpose(id, rows.getString("kind"))))
                .findOne();
    }

    /// Says since when nothing new is made with a key. A key retires once: what was said first stands.
    public void retire(Tx tx, String id, Instant at) {
        tx.sql()
                .createUpdate("UPDATE wrapped_key SET retired_at = :at WHERE id = :id AND retired_at IS NULL")
                .bind("at", at)
                .bind("id", id)
                .execute();
    }

    private boolean probed(Tx tx) {
        return secret(tx, PROBE).isPresent();
    }

    private static String purpose(String id, String kind) {
        return id + "|" + kind;
    }

    private static WrappedKey key(ResultSet rows, StatementContext context) throws SQLException {
        long retiredAt = rows.getLong("retired_at");
        var retired = rows.wasNull() ? Optional.<Instant>empty() : Optional.of(Micros.instant(retiredAt));
        return new WrappedKey(
                rows.getString("id"),
                rows.getString("kind"),
                rows.getString("algorithm"),
                rows.getString("public_part"),
                Micros.instant(rows.getLong("created_at")),
                Micros.instant(rows.getLong("active_from")),
                retired);
    }
}
