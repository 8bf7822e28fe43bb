package dev.countersign.ledger;

import dev.countersign.store.Failpoint;
import dev.countersign.store.Store;
import dev.countersign.store.Subscription;
import dev.countersign.store.Tx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where several nodes write the ledger: an entry is durable with its transaction, and gets its place a moment later
/// from whichever node holds the head. Nobody's transaction waits for another's place. What one transaction writes much
/// of may get its places right there, when nobody holds the head.
///
/// Each node reads the ledger behind its end and tells its own listeners, whoever wrote an entry and whoever placed it.
final class Staging implements Sequencing {
    static final String CHANNEL = "countersign_ledger";

    /// Between two rounds of placing, so that a busy ledger is placed in large strides.
    private static final long STRIDE_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    /// How long until somebody looks although nobody has called: for entries of a node that died, and lost notices.
    private static final long LOOKS_MILLIS = 100;

    private static final long TRIES_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int READ_AT_ONCE = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Staging.class);

    private final Store store;
    private final Entries entries;
    private final Staged staged = new Staged();
    private final Tiles tiles;
    private final DisclosureKeys keys;
    private final Listeners listeners = new Listeners();
    private final Semaphore calls = new Semaphore(0);
    private final AtomicBoolean unannounced = new AtomicBoolean();
    private final Subscription subscription;
    private final Thread thread;

    /// Held while entries are told, so that each is told once and in order.
    private final ReentrantLock telling = new ReentrantLock();

    private long told = -1;
    private volatile boolean closed;
    private volatile boolean notifies = true;

    Staging(Store store, Entries entries, Tiles tiles, DisclosureKeys keys) {
        this.store = store;
        this.entries = entries;
        this.tiles = tiles;
        this.keys = keys;
        this.thread = Thread.ofPlatform().daemon().name("ledger-staging").unstarted(this::loop);
        this.subscription = store.subscribe(CHANNEL, this::call);
    }

    @Override
    public void open(Tx tx) throws SQLException {
        long size = entries.size(tx);
        tx.afterCommit(() -> {
            told = size;
            thread.start();
        });
    }

    @Override
    public void append(Tx tx, Leaf leaf) throws SQLException {
        appendAll(tx, List.of(leaf));
    }

    @Override
    public void appendAll(Tx tx, List<Leaf> leaves) throws SQLException {
        staged.insertAll(tx, leaves, keys);
        Failpoint.pass("stage.written");
        tx.afterCommit(this::call);
    }

    /// Leaves that come many at a time are written once instead of twice: behind what waits, which they may follow
    /// from, unless another has the head, or more waits than one stride takes.
    @Override
    public void placeAll(Tx tx, List<Leaf> leaves) throws SQLException {
        var head = leaves.isEmpty() ? Optional.<Staged.Head>empty() : staged.take(tx);
        if (head.isEmpty()) {
            appendAll(tx, leaves);
            return;
        }
        long size = head.get().size();
        int moved = head.get().waits() ? staged.place(tx, size) : 0;
        long first = size + moved;
        if (moved == Staged.MOST) {
            filled(tx, size, first);
            appendAll(tx, leaves);
            return;
        }
        staged.insertPlaced(tx, first, leaves, keys);
        filled(tx, size, first + leaves.size());
        Failpoint.pass("stage.placed");
        var views = new ArrayList<EntryView>(leaves.size());
        for (var leaf : leaves) {
            views.add(leaf.at(first + views.size()));
        }
        tx.afterCommit(() -> placed(views, moved > 0));
    }

    /// Tells of what this node wrote itself, without reading it; unless there is something before it that was not told.
    ///
    /// @param others whether entries got their places with it that other nodes may be waiting for
    private void placed(List<EntryView> views, boolean others) {
        boolean next = false;
        if (telling.tryLock()) {
            try {
                next = told == views.getFirst().index();
                if (next) {
                    told = views.getLast().index() + 1;
                    listeners.tell(views);
                }
            } finally {
                telling.unlock();
            }
        }
        if (others) {
            unannounced.set(true);
        }
        if (others || !next) {
            call();
        }
    }

    private void filled(Tx tx, long from, long to) {
        for (long full = (from / TilePath.FULL + 1) * TilePath.FULL; full <= to; full += TilePath.FULL) {
            tiles.fill(tx, full);
        }
    }

    @Override
    public boolean isEmpty(Tx tx) throws SQLException {
        return entries.size(tx) == 0 && staged.isEmpty(tx);
    }

    /// Places what waits now; another node that is at it is waited for. What comes meanwhile is for the next time: busy
    /// nodes always have something that waits.
    @Override
    public void settle() {
        long last = store.read(staged::last);
        while (store.read(tx -> staged.waits(tx, last))) {
            if (place() < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
        tell();
    }

    @Override
    public void look(Tx tx) {
        // Nothing is remembered that could be old.
    }

    @Override
    public void listen(Consumer<List<EntryView>> listener) {
        listeners.add(listener);
    }

    private void call() {
        if (calls.availablePermits() == 0) {
            calls.release();
        }
    }

    private void loop() {
        boolean failing = false;
        while (!closed) {
            try {
                var _ = calls.tryAcquire(LOOKS_MILLIS, TimeUnit.MILLISECONDS);
                calls.drainPermits();
                place();
                tell();
                failing = false;
                LockSupport.parkNanos(STRIDE_NANOS);
            } catch (InterruptedException closing) {
                return;
            } catch (RuntimeException failed) {
                if (!failing && !closed) {
                    log.warn("entries of the ledger wait for their places", failed);
                }
                failing = true;
                LockSupport.parkNanos(TRIES_AGAIN_NANOS);
            }
        }
    }

    /// One stride: how many entries got their places; -1 when another is at it.
    private int place() {
        int moved = store.writeGuarded(tx -> {
            var head = staged.take(tx);
            if (head.isEmpty()) {
                return -1;
            }
            if (!head.get().waits()) {
                return 0;
            }
            long size = head.get().size();
            int some = staged.place(tx, size);
            Failpoint.pass("place.moved");
            filled(tx, size, size + some);
            Failpoint.pass("place.written");
            return some;
        });
        if (moved > 0) {
            unannounced.set(true);
        }
        announce();
        return moved;
    }

    /// Wakes other nodes.
    private void announce() {
        if (!unannounced.getAndSet(false) || !notifies) {
            return;
        }
        try {
            store.writeGuarded(tx -> {
                giveNotice(tx);
                return true;
            });
        } catch (NoNotices none) {
            notifies = false;
            log.warn("this database has no notices, nodes look for entries by the clock: {}", none.getMessage());
        }
    }

    private static void giveNotice(Tx tx) throws SQLException {
        try (var notify = tx.prepare("SELECT pg_notify('" + CHANNEL + "', '')").executeQuery()) {
            notify.next();
        } catch (SQLException e) {
            if (HAS_NONE.contains(String.valueOf(e.getSQLState()))) {
                throw new NoNotices(e);
            }
            throw e;
        }
    }

    /// No such function, not supported, not allowed.
    private static final Set<String> HAS_NONE = Set.of("42883", "0A000", "42501");

    /// The database speaks the protocol and has no notices.
    private static final class NoNotices extends RuntimeException {
        NoNotices(SQLException cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    /// Tells of what has got its place since.
    private void tell() {
        telling.lock();
        try {
            while (true) {
                var views = store.read(tx -> entries.rows(tx, told, READ_AT_ONCE)).stream()
                        .map(Entries.Row::view)
                        .toList();
                if (views.isEmpty()) {
                    return;
                }
                told = views.getLast().index() + 1;
                listeners.tell(views);
            }
        } finally {
            telling.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        subscription.close();
        thread.interrupt();
        try {
            thread.join(5_000);
            settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException later) {
            log.info(
                    "entries wait for their places, another node or the next start gives them: {}", later.getMessage());
        }
    }
}
