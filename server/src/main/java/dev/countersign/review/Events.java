package dev.countersign.review;

import dev.countersign.http.EventStream;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.ApiScope;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// GET /api/v1/events: server-sent events, read from the ledger. An event's id is its entry's index, so a reader that
/// comes back with `Last-Event-ID` misses nothing and sees nothing twice.
///
/// The last few thousand events are in memory; a reader that is further behind reads the ledger until it has caught up.
public final class Events {
    private static final int STEP = 200;
    private static final int REMEMBERED = 5_000;
    private static final int BEAT_SECONDS = 15;
    private static final int MOST_READERS = 2_000;

    private record Event(long index, String name, String data) {}

    private final Ledger ledger;
    private final Guard guard;
    private final ConcurrentSkipListMap<Long, Event> recent = new ConcurrentSkipListMap<>();
    private final Set<Semaphore> bells = ConcurrentHashMap.newKeySet();

    /// Every event from this index on is in `recent`.
    private volatile long since;

    private volatile boolean open = true;

    Events(Ledger ledger, Guard guard) {
        this.ledger = ledger;
        this.guard = guard;
        ledger.listen(this::remember);
        this.since = ledger.size();
    }

    private void remember(List<EntryView> committed) {
        var events = committed.stream().flatMap(it -> event(it).stream()).toList();
        if (events.isEmpty()) {
            return;
        }
        events.forEach(it -> recent.put(it.index(), it));
        while (recent.size() > REMEMBERED) {
            since = recent.firstKey() + 1;
            recent.pollFirstEntry();
        }
        bells.forEach(Semaphore::release);
    }

    Reply events(Request request) {
        guard.caller(request, ApiScope.REQUESTS_READ);
        if (bells.size() >= MOST_READERS) {
            throw new Problem(503, "Too many readers", "too many event streams are open, try again later");
        }
        long from = request.header("Last-Event-ID")
                .filter(it -> it.matches("[0-9]{1,15}"))
                .map(it -> Long.parseLong(it) + 1)
                .orElseGet(ledger::size);
        return Reply.events(stream -> send(stream, from));
    }

    private void send(EventStream stream, long from) throws IOException {
        var bell = new Semaphore(0);
        bells.add(bell);
        try {
            stream.beat();
            long next = from;
            while (open) {
                next = next < since ? sendFromLedger(stream, next) : sendRecent(stream, next);
                if (next >= since && !bell.tryAcquire(BEAT_SECONDS, TimeUnit.SECONDS)) {
                    stream.beat();
                }
                bell.drainPermits();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            bells.remove(bell);
        }
    }

    private long sendRecent(EventStream stream, long from) throws IOException {
        long next = from;
        for (var event : recent.tailMap(from).values()) {
            if (next < since) {
                return next; // what was forgotten while this reader was slow is in the ledger
            }
            stream.send(Long.toString(event.index()), event.name(), event.data());
            next = event.index() + 1;
        }
        return next;
    }

    private long sendFromLedger(EventStream stream, long from) throws IOException {
        long next = from;
        for (var entry : ledger.entries(from, STEP)) {
            var event = event(entry);
            if (event.isPresent()) {
                stream.send(
                        Long.toString(entry.index()),
                        event.get().name(),
                        event.get().data());
            }
            next = entry.index() + 1;
        }
        return next == from ? since : next;
    }

    private static Optional<Event> event(EntryView entry) {
        return name(entry).map(it -> new Event(entry.index(), it, data(entry)));
    }

    private static String data(EntryView entry) {
        var data = new LinkedHashMap<String, Object>();
        entry.request().ifPresent(it -> data.put("id", it));
        data.put("at", entry.at().toString());
        data.put("outcome", entry.text("outcome"));
        return Json.write(data);
    }

    /// The event that an entry is told as; empty for entries that nobody has to look at. `docs/approvals.md` has the
    /// table.
    private static Optional<String> name(EntryView entry) {
        return switch (entry.code()) {
            case REQUEST_JUDGED -> Optional.of("request.pending");
            case REQUEST_VOTED,
                    REQUEST_DECIDED,
                    REQUEST_ENDED,
                    REQUEST_REFUSED,
                    TOKEN_REVOKED,
                    FREEZE_SET,
                    FREEZE_LIFTED,
                    CONFIGURATION_PUBLISHED -> Optional.of(entry.code().wire());
            case TOKEN_MINTED -> entry.text("by").equals("people") ? Optional.of("request.redeemed") : Optional.empty();
            case REQUEST_MADE,
                    REQUEST_VOTE_REFUSED,
                    TOKEN_REDELIVERED,
                    LEDGER_OPENED,
                    NODE_STARTED,
                    KEY_CREATED,
                    KEY_RETIRED,
                    API_TOKEN_ISSUED,
                    API_TOKEN_REVOKED,
                    PERSON_SIGNED_IN,
                    PERSON_SIGN_IN_FAILED,
                    BACKUP_RESTORED,
                    DISCLOSURES_ERASED -> Optional.empty();
        };
    }

    void close() {
        open = false;
        bells.forEach(Semaphore::release);
    }
}
