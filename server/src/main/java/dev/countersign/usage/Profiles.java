package dev.countersign.usage;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.Scopes;
import dev.countersign.store.Store;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Usage profiles: all entries of the ledger, folded into counters that stand in memory.
///
/// The ledger tells of each entry when it is durable, so a profile knows of a token before its client has it.
/// What is in memory is kept in the store every few seconds together with how far it goes, and read on from there
/// at the next start; from nothing it comes out the same. A profile that is behind, or met an entry it could not
/// read, says that it does not know, and never a number.
public final class Profiles implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Profiles.class);
    private static final long KEEP_EVERY_SECONDS = 5;
    private static final int GONE_AFTER_TICKS = 12;
    private static final int BATCH = 1_000;
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern NUMBERS = Pattern.compile("\\d+");

    private final Store store;
    private final Ledger ledger;
    private final KeptProfiles kept = new KeptProfiles();
    private final UsageFold fold;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("usage").factory());

    /// Held while the fold moves on, for moments and over no I/O: whoever writes the ledger waits for it.
    private final ReentrantLock lock = new ReentrantLock();

    private final Set<UsageKey> changed = new HashSet<>();
    private long keptTo;

    /// Where what another node keeps was found last, and how often it had not moved. Touched by the worker alone.
    private long others = -1;

    private int unmoved;

    /// Entries before this one are in the fold.
    private volatile long next;

    /// Entries before this one are known to exist.
    private volatile long told;

    private volatile boolean failed;

    private Profiles(Store store, Ledger ledger, UsageFold fold, long next) {
        this.store = store;
        this.ledger = ledger;
        this.fold = fold;
        this.next = next;
        this.keptTo = next;
    }

    /// Reads what was kept and folds what came since; returns when nothing is missing.
    public static Profiles open(Store store, Ledger ledger) {
        var fold = new UsageFold();
        long size = ledger.size();
        long next = store.read(tx -> new KeptProfiles().load(tx, size, fold));
        var profiles = new Profiles(store, ledger, fold, next);
        if (next == 0) {
            store.write(tx -> {
                profiles.kept.clear(tx);
                return true;
            });
        }
        ledger.listen(profiles::heard);
        profiles.toldOf(size);
        profiles.catchUp();
        var _ = profiles.worker.scheduleWithFixedDelay(
                profiles::tick, KEEP_EVERY_SECONDS, KEEP_EVERY_SECONDS, TimeUnit.SECONDS);
        return profiles;
    }

    /// What the ledger says of a client that asks for these scopes of that resource, and of nothing else about it.
    public UsageFacts about(String client, String resource, Scopes scopes, Instant now) {
        return about(Ask.bare(client, resource, scopes, now), List::of);
    }

    /// What the ledger says of a request.
    ///
    /// @param peers clients with the same owner or a tag in common; asked for when something is new to this one
    public UsageFacts about(Ask ask, Supplier<List<String>> peers) {
        if (failed) {
            return new UsageFacts.Unknown("an entry of the ledger could not be read");
        }
        if (behind()) {
            return new UsageFacts.Unknown("usage is behind the ledger");
        }
        return fold.about(ask, peers);
    }

    /// A digest of a reason, in which case, space and numbers make no difference; empty of an empty one.
    public String reasonDigest(String reason) {
        var like = NUMBERS.matcher(
                        SPACES.matcher(reason).replaceAll(" ").strip().toLowerCase(Locale.ROOT))
                .replaceAll("#");
        return like.isEmpty() ? "" : ledger.keyedHash("reason", like);
    }

    /// The client's use in all; empty when it never had a token or profiles are not up to date.
    public Optional<Counter> profileOf(String client) {
        return failed || behind() ? Optional.empty() : fold.counter(UsageKey.of(client));
    }

    /// What the client has had tokens for; empty when profiles are not up to date.
    public Optional<Used> used(String client) {
        return failed || behind() ? Optional.empty() : Optional.of(new Used(fold, client));
    }

    /// Whether the client is attested now; empty when it is not or profiles are not up to date.
    public Optional<Attested> attested(String client, Instant now) {
        return failed || behind() ? Optional.empty() : fold.attested(client).filter(it -> it.holds(now));
    }

    /// Whether it would say more of a client that one of its tokens for an API, of that time, was seen in use: true of
    /// the first of each day.
    public boolean isNews(String client, String resource, Instant issued) {
        return !failed && fold.seen().of(client, resource).isNews(Math.floorDiv(issued.getEpochSecond(), 86_400L));
    }

    /// How often the client had a token in each hour of the week, see [Week]; empty when it never had one or
    /// profiles are not up to date.
    public Optional<List<Long>> weekOf(String client) {
        return failed || behind() ? Optional.empty() : fold.week(client).map(Week::counts);
    }

    /// What came of a client's requests from day to day; empty when it never asked or profiles are not up to date.
    public Optional<Daily> daysOf(String client) {
        return failed || behind() ? Optional.empty() : fold.days(UsageKey.days(client));
    }

    /// What a rule settled from day to day; empty when it never did or profiles are not up to date.
    public Optional<Daily> daysOfRule(String rule) {
        return failed || behind() ? Optional.empty() : fold.days(UsageKey.rule(rule));
    }

    /// For how long privilege was granted and taken; empty when profiles are not up to date.
    public Optional<Privilege> privilege() {
        return failed || behind() ? Optional.empty() : Optional.of(fold.privilege());
    }

    /// Entries before `told` that are not in the fold. Read in this order, or an entry that comes in between
    /// would look like one that is missing.
    private boolean behind() {
        long exist = told;
        return next < exist;
    }

    /// On the thread that writes the ledger.
    private void heard(List<EntryView> entries) {
        entries.forEach(this::take);
        if (behind() && !failed) {
            try {
                worker.execute(this::tick);
            } catch (RejectedExecutionException closed) {
                log.debug("usage profiles are closed", closed);
            }
        }
    }

    /// Takes in the entry that is next. One that is in already is left out, and so is one after a gap: catching
    /// up will bring it again.
    private void take(EntryView entry) {
        lock.lock();
        try {
            if (!failed && entry.index() == next) {
                changed.addAll(fold.take(entry));
                next = entry.index() + 1;
            }
            told = Math.max(told, entry.index() + 1);
        } catch (RuntimeException unreadable) {
            failed = true;
            log.error("usage is unknown from entry {} on", entry.index(), unreadable);
        } finally {
            lock.unlock();
        }
    }

    private void toldOf(long size) {
        lock.lock();
        try {
            told = Math.max(told, size);
        } finally {
            lock.unlock();
        }
    }

    private void catchUp() {
        while (behind() && !failed) {
            var entries = ledger.entries(next, BATCH);
            if (entries.isEmpty()) {
                throw new IllegalStateException("the ledger has no entry " + next + " of " + told);
            }
            entries.forEach(this::take);
        }
    }

    private void tick() {
        try {
            catchUp();
            keep();
        } catch (RuntimeException failed) {
            // The next tick tries again; until it succeeds, profiles say what they are: behind, or merely not kept.
            log.warn("usage profiles could not be brought up to date or kept", failed);
        }
    }

    /// Keeps what changed since it was last kept.
    void keep() {
        Map<UsageKey, Supplier<String>> rows;
        long from;
        long position;
        lock.lock();
        try {
            if (next == keptTo) {
                return;
            }
            rows = changed.stream().collect(Collectors.toMap(key -> key, fold::kept));
            from = keptTo;
            position = next;
            changed.clear();
        } finally {
            lock.unlock();
        }
        boolean done = false;
        try {
            done = store.writeGuarded(tx -> kept.keep(tx, rows, from, position));
        } finally {
            kept(rows, position, done);
        }
        if (!done) {
            watch();
        }
    }

    /// Another node keeps them. When it has not for a minute it is gone, and this one keeps all it has from there
    /// on.
    private void watch() {
        long stands = store.read(KeptProfiles::position);
        unmoved = stands == others ? unmoved + 1 : 0;
        others = stands;
        if (unmoved < GONE_AFTER_TICKS) {
            return;
        }
        lock.lock();
        try {
            changed.addAll(fold.keys());
            keptTo = stands;
        } finally {
            lock.unlock();
        }
    }

    private void kept(Map<UsageKey, Supplier<String>> rows, long position, boolean done) {
        lock.lock();
        try {
            if (done) {
                keptTo = position;
            } else {
                changed.addAll(rows.keySet());
            }
        } finally {
            lock.unlock();
        }
    }

    /// Keeps what is in memory and stops listening for good.
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("usage profiles are closed while they are being kept");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        tick();
    }
}
