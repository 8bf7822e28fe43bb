package dev.countersign.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Entries for whoever folds them, which no ledger has.
public final class TestEntries {
    private static final LeafHash NO_HASH = LeafHash.of(new byte[32]);

    private TestEntries() {}

    /// One with what a fold looks at, and nothing else.
    public static EntryView of(long index, Code code, Instant at, Optional<String> request, Map<String, Object> body) {
        return new EntryView(
                index,
                NO_HASH,
                code,
                "",
                at,
                "node",
                new Entry.Actor("system", "test"),
                request,
                Optional.empty(),
                Optional.empty(),
                body,
                List.of());
    }

    /// The same by a person.
    public static EntryView by(String person, EntryView it) {
        return new EntryView(
                it.index(),
                it.hash(),
                it.code(),
                it.id(),
                it.at(),
                it.node(),
                new Entry.Actor("person", person),
                it.request(),
                it.previous(),
                it.terms(),
                it.body(),
                it.digests());
    }
}
