package dev.countersign.ledger;

import dev.countersign.store.MasterKey;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Opens disclosures, as far as the keys of their subjects are still there; reads each key once. For any number of
/// threads.
final class Opener {
    private final Tx tx;
    private final MasterKey master;
    private final Map<String, Optional<SubjectKey>> found = new ConcurrentHashMap<>();

    /// @param tx reads the keys, by whichever thread needs one: where there are several, nobody else uses it
    Opener(Tx tx, MasterKey master) {
        this.tx = tx;
        this.master = master;
    }

    /// The disclosures; empty when they are withheld.
    ///
    /// @throws IllegalArgumentException when they are not what was written beside that leaf
    Optional<List<Salted>> open(LeafHash leaf, Sealed sealed) {
        var known = found.get(sealed.keyId());
        return (known != null ? known : found.computeIfAbsent(sealed.keyId(), id -> find(id, sealed.subject())))
                .map(key -> key.open(leaf, sealed.bytes()));
    }

    private synchronized Optional<SubjectKey> find(String id, String subject) {
        try {
            var query = tx.prepare("SELECT wrapped FROM disclosure_key WHERE id = ?");
            query.setString(1, id);
            try (var row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(DisclosureKeys.key(master, id, subject, row.getBytes(1)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the store's keys cannot be read", e);
        }
    }
}
