package dev.countersign.ledger;

import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import dev.countersign.store.Micros;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The table of keys that encrypt disclosures, each about one subject and wrapped by the master key.
///
/// A subject may have several: one that was erased is never used or written again, what comes later gets a new one.
final class DisclosureKeys {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Store store;
    private final MasterKey master;
    private final Map<String, SubjectKey> current = new ConcurrentHashMap<>();

    // Touched by the store's writing thread alone: the keys known to be in the table in this group of writes.
    private final Set<String> seen = new HashSet<>();
    private long seenIn;

    DisclosureKeys(Store store, MasterKey master) {
        this.store = store;
        this.master = master;
    }

    /// The key for what is written about a subject now, outside a transaction. A new one reaches the table with the
    /// leaf that needs it.
    SubjectKey of(String subject) {
        var known = current.get(subject);
        return known != null ? known : remember(store.read(tx -> latest(tx, subject)), subject);
    }

    /// The same within a transaction.
    SubjectKey of(Tx tx, String subject) {
        var known = current.get(subject);
        return known != null ? known : remember(latest(tx, subject), subject);
    }

    private SubjectKey remember(Optional<SubjectKey> found, String subject) {
        var key = found.orElseGet(() -> generate(subject));
        var earlier = current.putIfAbsent(subject, key);
        return earlier != null ? earlier : key;
    }

    private static SubjectKey generate(String subject) {
        var secret = new byte[SubjectKey.BYTES];
        RANDOM.nextBytes(secret);
        return new SubjectKey(Ids.next(), subject, secret, false);
    }

    /// Sees to it that the keys of a leaf's disclosures are in the table, and gives what its row is to hold.
    byte[] keep(Tx tx, Leaf leaf) throws SQLException {
        var sealed = new ArrayList<Sealed>();
        for (var about : leaf.disclosures()) {
            var key = keep(tx, about.key());
            var bytes = key == about.key() ? about.sealed() : key.seal(leaf.hash(), about.disclosures());
            var names = about.disclosures().stream().map(Salted::name).toList();
            sealed.add(new Sealed(key.id, key.subject, names, bytes));
        }
        return Sealed.write(sealed);
    }

    private SubjectKey keep(Tx tx, SubjectKey key) throws SQLException {
        if (store.isShared()) {
            var latest = of(tx, key.subject); // another one when it was erased since, as far as this node has heard
            if (!latest.kept) {
                insert(tx, latest);
            }
            return latest;
        }
        if (seenIn != tx.group()) {
            seen.clear();
            seenIn = tx.group();
        }
        if (seen.contains(key.id)) {
            return key;
        }
        if (isThere(tx, key.id)) {
            seen.add(key.id);
            return key;
        }
        if (key.kept) {
            // Erased between sealing and now, here or by another process.
            current.remove(key.subject, key);
            return keep(tx, of(tx, key.subject));
        }
        insert(tx, key);
        seen.add(key.id);
        tx.onRollback(() -> seen.remove(key.id));
        return key;
    }

    /// Lets go of what another node erased.
    void heard(List<EntryView> entries) {
        for (var entry : entries) {
            if (entry.code() == Code.DISCLOSURES_ERASED) {
                current.remove(entry.text(Member.SUBJECT));
            }
        }
    }

    private static boolean isThere(Tx tx, String id) throws SQLException {
        var select = tx.prepare("SELECT 1 FROM disclosure_key WHERE id = ?");
        select.setString(1, id);
        try (var rows = select.executeQuery()) {
            return rows.next();
        }
    }

    private void insert(Tx tx, SubjectKey key) {
        tx.sql()
                .createUpdate("""
                        INSERT INTO disclosure_key (id, subject, wrapped, created_at) VALUES (?, ?, ?, ?)
                        ON CONFLICT (id) DO NOTHING""")
                .bind(0, key.id)
                .bind(1, key.subject)
                .bind(2, master.wrap(key.secret(), purpose(key.id, key.subject)))
                .bind(3, Micros.of(tx.now()))
                .execute();
        tx.afterCommit(() -> key.kept = true);
    }

    private Optional<SubjectKey> latest(Tx tx, String subject) {
        return tx.sql()
                .createQuery("""
                        SELECT id, wrapped FROM disclosure_key WHERE subject = ? ORDER BY created_at DESC, id DESC LIMIT 1
                        """)
                .bind(0, subject)
                .map((rows, _) -> key(master, rows.getString(1), subject, rows.getBytes(2)))
                .findOne();
    }

    static SubjectKey key(MasterKey master, String id, String subject, byte[] wrapped) {
        return new SubjectKey(id, subject, master.unwrap(wrapped, purpose(id, subject)), true);
    }

    /// Opens what rows hold, as far as the keys are still there.
    Opener opener(Tx tx) {
        return new Opener(tx, master);
    }

    /// Forgets all keys of a subject, and with them what they encrypted, in this file and in every later backup.
    int erase(Tx tx, String subject) {
        current.remove(subject);
        seen.clear();
        return tx.sql()
                .createUpdate("DELETE FROM disclosure_key WHERE subject = ?")
                .bind(0, subject)
                .execute();
    }

    private static String purpose(String id, String subject) {
        return "disclosures|" + id + "|" + subject;
    }
}
