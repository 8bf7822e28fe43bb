package dev.countersign.client;

import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is in work for clients, and who of them has how much of it: so many requests in all, of which each client has a
/// share. It is taken as soon as a client has proved who it is, before anything waits for the store.
///
/// A client may have one more while it has fewer than there are places free. So one that is alone gets half of
/// them, two that flood get a third each, and whoever comes next always finds room. Of those with a place so many
/// are worked on at once, and the others wait for their turn in the order they came: what reviewers ask for takes
/// no place and no turn, and never has more than those few before it.
public final class Shares {
    private static final Logger log = LoggerFactory.getLogger(Shares.class);

    private static final int PLACES_PER_CORE = 512;
    private static final int TURNS_PER_CORE = 64;

    /// How long a client is sent away when no place is left; for a place less full it is that much shorter.
    private static final int LONGEST_SECONDS = 10;

    private final int places;
    private final Semaphore turns;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong refused = new AtomicLong();
    private final Map<String, Holder> holders = new ConcurrentHashMap<>();

    /// @param cores how many work on it; one is given the places of two, or a client's usual burst would not fit
    public Shares(int cores) {
        this(Math.max(2, cores) * PLACES_PER_CORE, Math.max(2, cores) * TURNS_PER_CORE);
    }

    Shares(int places, int turns) {
        this.places = places;
        this.turns = new Semaphore(turns, true);
    }

    private static final class Holder {
        private final AtomicInteger has = new AtomicInteger();
        private final AtomicLong refused = new AtomicLong();
    }

    /// A place, until it is closed. For one thread.
    public final class Share implements AutoCloseable {
        private final Holder holder;
        private boolean working;

        private Share(Holder holder) {
            this.holder = holder;
        }

        private void begin() {
            turns.acquireUninterruptibly();
            working = true;
        }

        /// Comes back to the place it was closed at, such as when people have decided, and waits for its turn. That
        /// place it never loses.
        public Share comeBack() {
            holder.has.incrementAndGet();
            taken.incrementAndGet();
            begin();
            return this;
        }

        /// Does what waits for others than the store, and keeps its place meanwhile, but not its turn: what is
        /// slow out there holds up nobody else here.
        public <T> T aside(Supplier<T> wait) {
            turns.release();
            working = false;
            try {
                return wait.get();
            } finally {
                begin();
            }
        }

        @Override
        public void close() {
            holder.has.decrementAndGet();
            taken.decrementAndGet();
            if (working) {
                turns.release();
            }
            working = false;
        }
    }

    /// Takes a place for a client's request, and waits for its turn.
    ///
    /// @throws Refusal `temporarily_unavailable` when the client has its share already, or all places are taken
    public Share take(String client) {
        var share = place(client);
        share.begin();
        return share;
    }

    /// Takes a place alone.
    ///
    /// @throws Refusal as [#take]
    public Share place(String client) {
        var holder = holders.computeIfAbsent(client, _ -> new Holder());
        int has = holder.has.incrementAndGet();
        int all = taken.incrementAndGet();
        if (has + all > places + 1) {
            holder.has.decrementAndGet();
            taken.decrementAndGet();
            throw refusal(client, holder, has - 1, all - 1);
        }
        return new Share(holder);
    }

    private Refusal refusal(String client, Holder holder, int has, int all) {
        refused.incrementAndGet();
        long times = holder.refused.incrementAndGet();
        if (Long.bitCount(times) == 1) { // the first, second, fourth, eighth …: a flood does not fill the log
            log.warn("client {} has {} of {} requests in work and is refused more, {} so far", client, has, all, times);
        }
        return Refusal.of(ErrorCode.TEMPORARILY_UNAVAILABLE, "too many of this client's requests at once")
                .after(Duration.ofSeconds(1 + (long) LONGEST_SECONDS * all / (places + 1)));
    }

    /// How many requests are in work or wait for their turn.
    public int taken() {
        return taken.get();
    }

    /// How many of them wait for their turn.
    public int waiting() {
        return turns.getQueueLength();
    }

    /// How many more would have their turn at once.
    public int turnsLeft() {
        return turns.availablePermits();
    }

    /// How many were refused a place since the start.
    public long refused() {
        return refused.get();
    }
}
