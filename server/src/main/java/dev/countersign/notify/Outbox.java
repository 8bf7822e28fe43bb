package dev.countersign.notify;

import dev.countersign.approval.Afterwards;
import dev.countersign.approval.Approvals;
import dev.countersign.approval.GlassUse;
import dev.countersign.approval.Panel;
import dev.countersign.issued.Handles;
import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.people.People;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Store;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells notifiers of events, each until it is taken or given up.
///
/// Messages are made of the ledger's entries, by how far each notifier has read them, and not by whoever writes
/// an entry: what somebody asks for costs nothing more for being told. Nodes share that work by rows: one moves
/// a notifier on, one takes a message for a try.
///
/// All of it is on one thread, which only this waits for. It holds the store for single statements, and nothing
/// of it while somebody is told: that is on threads of the channels', so many at once for each notifier and no
/// more. While no notifier is configured there is nothing: no thread, no query, no row.
public final class Outbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    /// How many messages to one receiver are on their way at once: one that hangs keeps no other from its own.
    private static final int AT_ONCE = 4;

    /// How many to all clients that are called.
    private static final int CALLED_AT_ONCE = 24;

    private static final Duration LATER = Duration.ofSeconds(2);

    /// How often a client is called once more.
    private static final int CALLED_AGAIN = 5;

    /// How long after a try that failed the next one is. After the last of them it is given up.
    private static final List<Duration> AGAIN = Stream.of("5s", "30s", "2m", "10m", "30m", "1h", "2h", "4h", "8h")
            .map(it -> Duration.parse("PT" + it))
            .toList();

    private static final Duration ENDING = Duration.ofSeconds(3);

    private final Store store;
    private final Ledger ledger;
    private final Approvals approvals;
    private final Supplier<List<Notifier>> notifiers;
    private final Channels channels;
    private final Handles handles;
    private final Afterwards afterwards;
    private final String issuer;
    private final InstantSource clock;
    private final Messages messages = new Messages();
    private final Intake intake;
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("notify").factory());
    private final AtomicBoolean rung = new AtomicBoolean();
    private final Map<String, AtomicInteger> flying = new ConcurrentHashMap<>();
    private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();
    private volatile long waiting;
    private volatile boolean closed;

    // Touched by the worker alone.
    private final Map<String, Integer> failures = new HashMap<>();
    private boolean troubled;

    /// What came of tries, for metrics.
    public enum Outcome {
        /// It was taken.
        TOLD,
        /// It was not, and is tried again.
        FAILED,
        /// It was given up.
        GIVEN_UP;

        /// The word in metrics: lower case.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param notifiers those in force: a read of memory
    /// @param panel knows who may decide a request
    /// @param afterwards knows who looks at broken glass
    /// @param reminders after how long people are told again of what waits, by the rule
    /// @param issuer where pages are looked at
    public Outbox(
            Store store,
            Ledger ledger,
            Approvals approvals,
            Supplier<List<Notifier>> notifiers,
            Channels channels,
            Handles handles,
            Panel panel,
            Afterwards afterwards,
            Supplier<Map<String, Duration>> reminders,
            People people,
            String issuer,
            InstantSource clock) {
        this.store = store;
        this.ledger = ledger;
        this.approvals = approvals;
        this.notifiers = notifiers;
        this.channels = channels;
        this.handles = handles;
        this.afterwards = afterwards;
        this.intake = new Intake(
                store,
                ledger,
                messages,
                new Drafts(store, approvals, handles, messages, panel, afterwards, reminders, people),
                clock);
        this.issuer = issuer;
        this.clock = clock;
        worker.allowCoreThreadTimeOut(true);
    }

    /// Begins to listen. What is configured already is told of all that comes from now on.
    public void open() {
        ledger.listen(this::heard);
        notifiers.get().forEach(intake::begin);
    }

    /// On the thread that writes the ledger.
    private void heard(List<EntryView> entries) {
        if (notifiers.get().isEmpty()) {
            intake.forget();
            return;
        }
        intake.heard(entries);
        if (entries.stream().anyMatch(it -> Event.of(it).isPresent())) {
            ring();
        }
    }

    /// Sees to what is due, on a thread of its own; called every second, too, for what is due by the clock.
    public void ring() {
        if (notifiers.get().isEmpty()) {
            waiting = 0;
        } else if (rung.compareAndSet(false, true)) {
            hand(this::turn);
        }
    }

    private void hand(Runnable work) {
        try {
            worker.execute(work);
        } catch (RejectedExecutionException closing) {
            log.debug("the outbox is closed", closing);
        }
    }

    /// How many messages wait to be told, as of a second ago.
    public long waiting() {
        return waiting;
    }

    /// How many tries came to this.
    public long count(Outcome outcome) {
        var count = outcomes.get(outcome);
        return count == null ? 0 : count.sum();
    }

    /// Lets go of what was told long ago. True when there is more.
    public boolean prune(Tx tx) throws SQLException {
        return messages.prune(tx);
    }

    private void turn() {
        rung.set(false);
        if (closed) {
            return;
        }
        try {
            var all = notifiers.get();
            all.forEach(intake::read);
            var waits = store.look(messages::waiting);
            waiting = waits.values().stream().mapToLong(Messages.Waiting::count).sum();
            for (var notifier : all) {
                var its = waits.get(notifier.id());
                if (its != null && !its.due().isAfter(clock.instant())) {
                    tell(notifier);
                }
            }
            troubled = false;
        } catch (RuntimeException failed) {
            if (!troubled) {
                log.warn("nobody is told anything for now", failed);
            }
            troubled = true;
        }
    }

    private void tell(Notifier notifier) {
        int most = notifier.channel() instanceof Notifier.Channel.Callbacks ? CALLED_AT_ONCE : AT_ONCE;
        var its = flying(notifier.id());
        int free = most - its.get();
        if (free <= 0) {
            return;
        }
        for (var message : store.writeGuarded(tx -> messages.take(tx, notifier.id(), notifier.isInOrder(), free))) {
            var lane = lane(notifier, message);
            if (lane.get() >= AT_ONCE) {
                store.writeGuarded(tx -> {
                    messages.putOff(tx, message, tx.now().plus(LATER));
                    return true;
                });
                continue;
            }
            its.incrementAndGet();
            lane.incrementAndGet();
            var _ = send(notifier, message)
                    .exceptionally(thrown -> {
                        log.error("message {} of notifier {} could not be sent", message.id(), notifier.id(), thrown);
                        return new Result.Failed("could not be sent");
                    })
                    .thenAccept(result -> hand(() -> {
                        try {
                            note(notifier, message, result);
                        } finally {
                            its.decrementAndGet();
                            lane.decrementAndGet();
                            ring();
                        }
                    }));
        }
    }

    private AtomicInteger flying(String to) {
        return flying.computeIfAbsent(to, _ -> new AtomicInteger());
    }

    /// What is on its way to the same receiver.
    private AtomicInteger lane(Notifier notifier, Message message) {
        return switch (notifier.channel()) {
            case Notifier.Channel.Webhook _,
                    Notifier.Channel.Mail _,
                    Notifier.Channel.Slack _,
                    Notifier.Channel.Teams _ -> new AtomicInteger();
            case Notifier.Channel.Callbacks _ ->
                flying(notifier.id() + " "
                        + Recipient.parse(message.recipient()).client());
        };
    }

    private CompletableFuture<Result> send(Notifier notifier, Message message) {
        try {
            var entry = ledger.entry(message.entry());
            if (entry.isEmpty()) {
                return CompletableFuture.completedFuture(new Result.Refused("is of an entry that the ledger has not"));
            }
            var request = message.request();
            var approval = store.look(tx -> approvals.find(tx, request))
                    .map(it -> it.approval().asOf(clock.instant()));
            var glass =
                    message.event() == Event.BREAK_GLASS_USED ? afterwards.find(request) : Optional.<GlassUse>empty();
            var url = issuer + (glass.isPresent() ? "/afterwards/" : "/requests/") + request;
            return channels.send(notifier, new Letter(message, entry.get(), approval, glass, url));
        } catch (RuntimeException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    /// When that fails, too, the message is told once more when its lease is over, by the same id.
    private void note(Notifier notifier, Message message, Result result) {
        Failpoint.pass("message.sent");
        try {
            switch (result) {
                case Result.Told(var reference) -> told(notifier, message, reference);
                case Result.Moot() -> moot(notifier, message);
                case Result.Failed(var why) -> failed(notifier, message, why, again(notifier, message));
                case Result.Refused(var why) -> failed(notifier, message, why, Optional.empty());
            }
        } catch (RuntimeException failed) {
            log.warn("what came of message {} of notifier {} is not noted", message.id(), notifier.id(), failed);
        }
    }

    private void told(Notifier notifier, Message message, String reference) {
        store.writeGuarded(tx -> {
            messages.told(tx, message, reference);
            over(tx, notifier, message);
            return true;
        });
        add(Outcome.TOLD);
        if (failures.remove(notifier.id()) != null) {
            log.info("notifier {} takes messages again", notifier.id());
        }
    }

    private void moot(Notifier notifier, Message message) {
        store.writeGuarded(tx -> {
            messages.failed(tx, message, Optional.empty());
            over(tx, notifier, message);
            return true;
        });
    }

    private void failed(Notifier notifier, Message message, String why, Optional<Instant> again) {
        store.writeGuarded(tx -> {
            messages.failed(tx, message, again);
            if (again.isEmpty()) {
                over(tx, notifier, message);
            }
            return true;
        });
        int times = failures.merge(notifier.id(), 1, Integer::sum);
        if (again.isEmpty()) {
            add(Outcome.GIVEN_UP);
            log.warn(
                    "notifier {} {}: message {} ({}) is given up",
                    notifier.id(),
                    why,
                    message.id(),
                    message.event().word());
        } else {
            add(Outcome.FAILED);
            if (Integer.bitCount(times) == 1) { // one that is away for long does not fill the log
                log.warn("notifier {} {}, number {} in a row", notifier.id(), why, times);
            }
        }
    }

    /// What a client is called with is kept for that alone.
    private void over(Tx tx, Notifier notifier, Message message) throws SQLException {
        if (notifier.channel() instanceof Notifier.Channel.Callbacks) {
            handles.dispose(tx, Recipient.parse(message.recipient()).hash());
        }
    }

    private void add(Outcome outcome) {
        outcomes.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    }

    /// Not all at the same time: what failed together would come together again. Empty after the last try.
    private Optional<Instant> again(Notifier notifier, Message message) {
        int most = notifier.channel() instanceof Notifier.Channel.Callbacks ? CALLED_AGAIN : AGAIN.size();
        if (message.tries() > most) {
            return Optional.empty();
        }
        long millis = AGAIN.get(message.tries() - 1).toMillis();
        return Optional.of(
                clock.instant().plusMillis(ThreadLocalRandom.current().nextLong(millis * 8 / 10, millis * 12 / 10)));
    }

    /// Waits a moment for what is on its way, so that it is not told again, and lets go.
    @Override
    public void close() {
        closed = true;
        long end = System.nanoTime() + ENDING.toNanos();
        while (flying.values().stream().anyMatch(it -> it.get() > 0) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("the outbox did not end in 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
