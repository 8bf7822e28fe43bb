package dev.countersign.oncall;

import dev.countersign.oauth.Sha256;
import dev.countersign.outward.Answer;
import dev.countersign.outward.Call;
import dev.countersign.outward.OutwardClient;
import dev.countersign.outward.Reach;
import dev.countersign.people.OnCallCalendar;
import dev.countersign.people.Shifts;
import dev.countersign.source.Secrets;
import dev.countersign.store.StoreFailed;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks on-call calendars every few minutes, each by one node, and has what they say kept.
///
/// The address of a feed lets whoever knows it read the calendar, so it is in no message and no log. One that cannot be
/// heard or read changes nothing: what it said last holds for its time, and what is wrong is told until it is right.
public final class OnCallFeeds implements AutoCloseable {
    /// How often one is asked.
    static final Duration EVERY = Duration.ofMinutes(3);

    /// How soon again one that was not heard.
    static final Duration AGAIN = Duration.ofMinutes(1);

    /// How much is read of one.
    static final int MOST = 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// How long one is read.
    private static final Duration READING = Duration.ofSeconds(10);

    /// After so long it is read as a whole, changed or not: what it has of shifts goes only so far ahead.
    private static final Duration READ_AGAIN = Duration.ofHours(12);

    private static final Logger log = LoggerFactory.getLogger(OnCallFeeds.class);

    private final Shifts shifts;
    private final OutwardClient client;
    private final Secrets secrets;
    private final InstantSource clock;
    private final Reader reader = new Reader(READING);
    private final Map<String, String> troubled = new HashMap<>();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("on-call").daemon().factory());
    private volatile long silent;

    public OnCallFeeds(Shifts shifts, OutwardClient client, Secrets secrets, InstantSource clock) {
        this.shifts = shifts;
        this.client = client;
        this.secrets = secrets;
        this.clock = clock;
    }

    /// Notes who is on call now, and has those calendars asked that are due, on a thread of its own: nobody's shift
    /// waits for a calendar that does not answer.
    public void turn() {
        shifts.turn();
        if (reading.compareAndSet(false, true)) {
            try {
                worker.execute(() -> {
                    try {
                        read();
                    } catch (RuntimeException e) {
                        log.warn("on-call calendars are not read and will be again", e);
                    } finally {
                        reading.set(false);
                    }
                });
            } catch (RejectedExecutionException _) {
                // It is closed.
            }
        }
    }

    /// The same, and waits for what they say.
    public void catchUp() {
        read();
        shifts.turn();
    }

    /// Asks those that are due. One at a time: what was told of them is remembered.
    private synchronized void read() {
        var due = shifts.take(EVERY);
        var asked = new HashMap<OnCallCalendar, CompletableFuture<Answer>>();
        due.forEach(it -> alone(it, () -> asked.put(it, ask(it))));
        asked.forEach((it, answer) -> alone(it, () -> keep(it, answer.join())));
        var all = shifts.calendars();
        silent = all.stream().filter(it -> it.trouble().isPresent()).count();
        tell(all);
    }

    /// Does something of one calendar; what goes wrong with it keeps no other from being heard.
    private void alone(OnCallCalendar it, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            log.warn("the on-call calendar of {} was not heard, and will be asked again", it.group(), e);
            try {
                failed(it, "it could not be heard, and the log of the node that tried says why");
            } catch (StoreFailed _) {
                // It is due again by itself, as it was taken.
            }
        }
    }

    /// How many calendars could not be heard or read, as of when this node looked last.
    public long silent() {
        return silent;
    }

    private CompletableFuture<Answer> ask(OnCallCalendar it) {
        var uri = address(it);
        if (uri.isEmpty()) {
            return CompletableFuture.completedFuture(new Answer.Nothing(Answer.Silence.FORBIDDEN));
        }
        var headers = new HashMap<>(Map.of("Accept", "text/calendar"));
        it.heard()
                .filter(said ->
                        !said.etag().isEmpty() && said.readAt().plus(READ_AGAIN).isAfter(clock.instant()))
                .ifPresent(said -> headers.put("If-None-Match", said.etag()));
        return client.send(new Call("GET", uri.get(), headers, "", PATIENCE, Reach.OPERATOR, MOST));
    }

    private Optional<URI> address(OnCallCalendar it) {
        return secrets.read(it.calendar()).flatMap(text -> {
            try {
                var uri = URI.create(text.replaceFirst("^webcals?:", "https:"));
                // Refused here as it would be when it is asked.
                var _ = new Call("GET", uri, Map.of(), "", PATIENCE, Reach.OPERATOR, MOST);
                return Optional.of(uri);
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        });
    }

    private void keep(OnCallCalendar it, Answer answer) {
        switch (answer) {
            case Answer.Said said when said.status() == 200 -> read(it, said);
            case Answer.Said said when said.status() == 304 && it.heard().isPresent() -> shifts.heardAgain(it);
            case Answer.Said said
            when said.status() / 100 == 3 ->
                failed(
                        it,
                        "it leads elsewhere (" + said.status() + "), and no redirect is followed: write where it leads"
                                + " into " + it.calendar());
            case Answer.Said said -> failed(it, "it answered with status " + said.status());
            case Answer.Nothing(var silence) -> failed(it, words(it, silence));
        }
    }

    private void read(OnCallCalendar it, Answer.Said said) {
        try {
            var now = clock.instant();
            var rota = reader.read(
                    it.group(), () -> Rota.read(said.body(), it.names().keySet(), now));
            shifts.heard(
                    it,
                    etag(said.etag()),
                    HexFormat.of().formatHex(Sha256.of(said.body())),
                    rota.shifts(),
                    rota.strangers());
        } catch (Unreadable unreadable) {
            failed(it, unreadable.said());
        }
    }

    /// One that can be sent back.
    private static String etag(String text) {
        boolean fits = text.length() <= 200 && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        return fits ? text : "";
    }

    private void failed(OnCallCalendar it, String fault) {
        shifts.failed(it, fault, AGAIN);
    }

    private String words(OnCallCalendar it, Answer.Silence silence) {
        return switch (silence) {
            case LATE -> "it did not answer in " + PATIENCE.toSeconds() + " s";
            case UNREACHABLE -> "nobody answers there";
            case FORBIDDEN ->
                address(it).isPresent()
                        ? "it leads to an address that is not asked: plain http is for this machine alone"
                        : "the file " + it.calendar() + " on this node holds no https address";
            case UNTRUSTED -> "it could not prove to be who it was asked for (TLS)";
            case TOO_LARGE -> "it has more than " + MOST / 1024 + " KiB: have it name the shifts of some weeks";
            case NOT_HTTP -> "what it answers is no HTTP or no UTF-8";
            case BUSY -> "this node has too much to ask just now";
        };
    }

    private void tell(Iterable<OnCallCalendar> all) {
        for (var it : all) {
            var fault = it.trouble().map(OnCallCalendar.Trouble::fault).orElse("");
            var before = troubled.put(it.group(), fault);
            if (!fault.isEmpty() && !fault.equals(before)) {
                log.warn("the on-call calendar of {} is not heard: {}{}", it.group(), fault, since(it));
            } else if (fault.isEmpty() && before != null && !before.isEmpty()) {
                log.info("the on-call calendar of {} is heard again", it.group());
            }
        }
    }

    private String since(OnCallCalendar it) {
        return it.good()
                .filter(clock.instant()::isBefore)
                .map(until -> "; what it said last holds until " + until)
                .orElse("; nobody is on call by it");
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
