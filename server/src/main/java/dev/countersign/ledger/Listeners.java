package dev.countersign.ledger;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is told of entries.
final class Listeners {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final List<Consumer<List<EntryView>>> all = new CopyOnWriteArrayList<>();

    void add(Consumer<List<EntryView>> listener) {
        all.add(listener);
    }

    void tell(List<EntryView> entries) {
        for (var listener : all) {
            try {
                listener.accept(entries);
            } catch (RuntimeException failed) {
                // The entries are written: whoever wrote them must not hear otherwise, nor the other listeners nothing.
                log.error(
                        "a listener failed on entries from {} on",
                        entries.getFirst().index(),
                        failed);
            }
        }
    }
}
