package dev.countersign.notify;

import dev.countersign.ledger.EntryView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The latest entries that somebody may be told of, as this process heard them: whoever is up to date reads no
/// ledger. Guarded by itself, for moments: the thread that writes the ledger waits for it.
final class Tail {
    private static final int MOST = 2_000;

    private final Deque<EntryView> kept = new ArrayDeque<>();

    /// All entries from this index on were heard; -1 while none was.
    private long from = -1;

    private long to = -1;

    /// A stretch of the ledger.
    ///
    /// @param entries those in it that somebody may be told of
    /// @param to the index after its last entry
    record Stretch(List<EntryView> entries, long to) {}

    /// Hears entries, each once and in the order of their indices.
    synchronized void heard(List<EntryView> entries) {
        if (entries.getFirst().index() != to) {
            kept.clear();
            from = entries.getFirst().index();
        }
        to = entries.getLast().index() + 1;
        entries.stream().filter(it -> Event.of(it).isPresent()).forEach(kept::add);
        while (kept.size() > MOST) {
            from = kept.removeFirst().index() + 1;
        }
    }

    /// Nobody listens any more.
    synchronized void forget() {
        kept.clear();
        from = -1;
        to = -1;
    }

    /// What came from that index on; empty when not all of it was heard, or is still known.
    synchronized Optional<Stretch> since(long index) {
        return from < 0 || index < from || index > to
                ? Optional.empty()
                : Optional.of(new Stretch(
                        kept.stream().filter(it -> it.index() >= index).toList(), to));
    }
}
