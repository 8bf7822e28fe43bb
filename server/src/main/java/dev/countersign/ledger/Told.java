package dev.countersign.ledger;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An entry as it was read from the store, with what is disclosed beside it. Good as long as what read it.
public final class Told {
    private final EntryView entry;
    private final byte @Nullable [] sealed;
    private final Opener opener;

    Told(EntryView entry, byte @Nullable [] sealed, Opener opener) {
        this.entry = entry;
        this.sealed = sealed;
        this.opener = opener;
    }

    /// The entry.
    public EntryView entry() {
        return entry;
    }

    /// What is disclosed beside it under that name; empty when it is withheld, or was erased.
    ///
    /// @throws IllegalArgumentException when it is not what was written
    public Optional<String> disclosed(String name) {
        if (sealed == null) {
            return Optional.empty();
        }
        for (var each : Sealed.read(sealed)) {
            if (!each.names().contains(name)) {
                continue;
            }
            for (var salted : opener.open(entry.hash(), each).orElse(List.of())) {
                if (salted.name().equals(name) && entry.digests().contains(salted.digest())) {
                    return Optional.of(salted.value());
                }
            }
        }
        return Optional.empty();
    }
}
