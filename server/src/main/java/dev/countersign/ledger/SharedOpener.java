package dev.countersign.ledger;

import dev.countersign.store.MasterKey;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Opens disclosures for several threads, as far as the keys of their subjects are still there; reads each key once.
final class SharedOpener {
    private final Tx tx;
    private final MasterKey master;
    private final ConcurrentHashMap<String, Optional<SubjectKey>> found = new ConcurrentHashMap<>();

    /// @param tx one that nobody else uses: here one thread does at a time
    SharedOpener(Tx tx, MasterKey master) {
        this.tx = tx;
        this.master = master;
    }

    /// The disclosures; empty when they are withheld.
    Optional<List<Salted>> open(LeafHash leaf, SubjectKey.Sealed sealed) {
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
