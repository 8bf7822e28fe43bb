package dev.countersign.ledger;

import dev.countersign.store.MasterKey;
import dev.countersign.store.Tx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens disclosures within one transaction, as far as the keys of their subjects are still there; reads each key once.
final class Opener {
    private final Tx tx;
    private final MasterKey master;
    private final Map<String, Optional<SubjectKey>> found = new HashMap<>();

    Opener(Tx tx, MasterKey master) {
        this.tx = tx;
        this.master = master;
    }

    /// The disclosures; empty when they are withheld.
    Optional<List<Salted>> open(LeafHash leaf, SubjectKey.Sealed sealed) {
        return found.computeIfAbsent(sealed.keyId(), id -> find(id, sealed.subject()))
                .map(key -> key.open(leaf, sealed.bytes()));
    }

    private Optional<SubjectKey> find(String id, String subject) {
        return tx.sql()
                .createQuery("SELECT wrapped FROM disclosure_key WHERE id = ?")
                .bind(0, id)
                .map((rows, _) -> DisclosureKeys.key(master, id, subject, rows.getBytes(1)))
                .findOne();
    }
}
