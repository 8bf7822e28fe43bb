package dev.countersign.review;

import dev.countersign.http.EventStream;
import dev.countersign.http.Json;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.ApiScope;
import dev.countersign.people.Caller;
import dev.countersign.people.Person;
import java.io.IOException;
import java.time.Duration;
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
/// A stream ends when its reader may not read any more: who listens is asked for again every second or two.
///
/// The last few thousand events are in memory; a reader that is further behind reads the ledger until it has caught up.
public final class Events {
    private static final int STEP = 200;
    private static final int REMEMBERED = 5_000;
    private static final long BEAT = Duration.ofSeconds(15).toNanos();
    private static final long LOOK = Duration.ofSeconds(1).toNanos();
    private static final int MOST_READERS = 2_000;

    /// A page has one stream, and a person some pages.
    private static final int MOST_OF_ONE = 100;

    private record Event(long index, String name, String data) {}

    private final Ledger ledger;
    private final Guard guard;
    private final ConcurrentSkipListMap<Long, Event> recent = new ConcurrentSkipListMap<>();
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

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
        readers.forEach(Reader::ring);
    }

    Reply events(Request request) {
        var caller = guard.caller(request, ApiScope.REQUESTS_READ);
        if (readers.size() >= MOST_READERS || of(caller.person()) >= MOST_OF_ONE) {
            throw new Problem(503, "Too many readers", "too many event streams are open, try again later");
        }
        long from = request.header("Last-Event-ID")
                .filter(it -> it.matches("[0-9]{1,15}"))
                .map(it -> Long.parseLong(it) + 1)
                .orElseGet(ledger::size);
        return Reply.events(stream -> send(stream, from, new Reader(caller)));
    }

    private long of(Person person) {
        return readers.stream()
                .filter(it -> it.caller.person().id().equals(person.id()))
                .count();
    }

    private void send(EventStream stream, long from, Reader reader) throws IOException {
        readers.add(reader);
        try {
            stream.beat();
            long next = from;
            long beat = System.nanoTime();
            while (open && reader.mayStay()) {
                next = next < since ? sendFromLedger(stream, next) : sendRecent(stream, next);
                if (next >= since && !reader.await() && System.nanoTime() - beat >= BEAT) {
                    stream.beat();
                    beat = System.nanoTime();
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            readers.remove(reader);
        }
    }

    /// One who listens, with the bell that says there is more.
    private final class Reader {
        private final Caller caller;
        private final Semaphore bell = new Semaphore(0);
        private long looked = System.nanoTime();

        Reader(Caller caller) {
            this.caller = caller;
        }

        void ring() {
            bell.release();
        }

        /// Waits for the bell, and no longer than until it is time to look who listens.
        boolean await() throws InterruptedException {
            boolean rung = bell.tryAcquire(LOOK, TimeUnit.NANOSECONDS);
            bell.drainPermits();
            return rung;
        }

        /// However much there is to send, the store is asked once a second.
        boolean mayStay() {
            long now = System.nanoTime();
            if (now - looked < LOOK) {
                return true;
            }
            looked = now;
            return guard.still(caller, ApiScope.REQUESTS_READ);
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
                    REQUEST_COMMENTED,
                    REQUEST_CLAIMED,
                    REQUEST_RELEASED,
                    REQUEST_NUDGED,
                    REQUEST_REASSIGNED,
                    REQUEST_ESCALATED,
                    BREAK_GLASS_USED,
                    BREAK_GLASS_REVIEWED,
                    BREAK_GLASS_LIFTED,
                    CLIENT_ATTESTED,
                    PASSKEY_ENROLLED,
                    PASSKEY_REMOVED,
                    FREEZE_SET,
                    FREEZE_LIFTED,
                    CONFIGURATION_PUBLISHED -> Optional.of(entry.code().wire());
            case TOKEN_MINTED -> entry.text("by").equals("people") ? Optional.of("request.redeemed") : Optional.empty();
            case REQUEST_MADE,
                    REQUEST_VOTE_REFUSED,
                    TOKEN_REDELIVERED,
                    TOKEN_USED,
                    LEDGER_OPENED,
                    NODE_STARTED,
                    KEY_CREATED,
                    KEY_RETIRED,
                    API_TOKEN_ISSUED,
                    API_TOKEN_REVOKED,
                    PERSON_SIGNED_IN,
                    PERSON_SIGN_IN_FAILED,
                    PERSON_PROVISIONED,
                    GROUP_PROVISIONED,
                    GROUP_ON_CALL,
                    SESSION_ENDED,
                    PERSON_AWAY,
                    PERSON_BACK,
                    BACKUP_RESTORED,
                    DISCLOSURES_ERASED -> Optional.empty();
        };
    }

    void close() {
        open = false;
        readers.forEach(Reader::ring);
    }
}
