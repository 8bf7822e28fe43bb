package dev.countersign.notify;

import dev.countersign.ledger.Code;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Takes in what the ledger says, for each notifier from where it has read to: its messages are made and its
/// place moves on in one transaction, whichever node comes first. All but [#heard] and [#forget] is for one
/// thread.
final class Intake {
    private static final Duration LATELY = Duration.ofMinutes(1);
    private static final int STEP = 500;

    /// After so many entries without an event it is noted how far they were read.
    private static final int STRIDE = 5_000;

    private final Store store;
    private final Ledger ledger;
    private final Messages messages;
    private final Drafts drafts;
    private final InstantSource clock;
    private final Tail tail = new Tail();
    private final Map<String, Position> positions = new HashMap<>();

    /// How far a notifier has read the ledger: as the store knows, and as this process does.
    private record Position(long kept, long seen) {}

    Intake(Store store, Ledger ledger, Messages messages, Drafts drafts, InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.messages = messages;
        this.drafts = drafts;
        this.clock = clock;
    }

    /// On the thread that writes the ledger.
    void heard(List<EntryView> entries) {
        tail.heard(entries);
    }

    /// Nobody is told of anything for now.
    void forget() {
        tail.forget();
    }

    /// Lets a notifier that is new begin with what comes from now on.
    void begin(Notifier notifier) {
        position(notifier);
    }

    /// Makes messages of what came since.
    void read(Notifier notifier) {
        var known = positions.get(notifier.id());
        var at = known == null ? position(notifier) : known;
        while (true) {
            long seen = at.seen();
            var stretch = tail.since(seen).orElseGet(() -> fromLedger(seen));
            if (stretch.entries().isEmpty() && stretch.to() - at.kept() < STRIDE) {
                at = new Position(at.kept(), stretch.to());
            } else {
                at = advance(notifier, at.kept(), stretch)
                        ? new Position(stretch.to(), stretch.to())
                        : kept(notifier).orElseThrow();
            }
            positions.put(notifier.id(), at);
            if (stretch.to() == seen || at.seen() == seen) {
                return;
            }
        }
    }

    private Tail.Stretch fromLedger(long next) {
        var entries = ledger.entries(next, STEP);
        return new Tail.Stretch(
                entries.stream().filter(it -> Event.of(it).isPresent()).toList(),
                entries.isEmpty() ? next : entries.getLast().index() + 1);
    }

    /// False when another node has moved it on.
    private boolean advance(Notifier notifier, long from, Tail.Stretch stretch) {
        var made = drafts.of(notifier, stretch.entries(), clock.instant());
        return store.writeGuarded(tx -> {
            if (!messages.advance(tx, notifier.id(), from, stretch.to())) {
                return false;
            }
            for (var draft : made) {
                messages.add(tx, draft.message(), tx.now().plus(draft.after()));
            }
            return true;
        });
    }

    private Position position(Notifier notifier) {
        var at = kept(notifier).orElseGet(() -> {
            long first = first();
            store.write(tx -> {
                messages.begin(tx, notifier.id(), first);
                return true;
            });
            return kept(notifier).orElseThrow();
        });
        positions.put(notifier.id(), at);
        return at;
    }

    private Optional<Position> kept(Notifier notifier) {
        var next = store.look(tx -> messages.next(tx, notifier.id()));
        return next.isPresent() ? Optional.of(new Position(next.getAsLong(), next.getAsLong())) : Optional.empty();
    }

    /// With which entry a notifier begins that is new: the first after the publication that named it, if that
    /// was just now.
    private long first() {
        ledger.settle();
        long size = ledger.size();
        var since = clock.instant().minus(LATELY);
        return ledger.entriesBefore(size, STEP).stream()
                .takeWhile(it -> !it.at().isBefore(since))
                .filter(it -> it.code() == Code.CONFIGURATION_PUBLISHED)
                .findFirst()
                .map(it -> it.index() + 1)
                .orElse(size);
    }
}
