package dev.countersign.approval;

import dev.countersign.ledger.Leaf;
import dev.countersign.ledger.Ledger;
import dev.countersign.store.Failpoint;
import dev.countersign.store.Overloaded;
import dev.countersign.store.Store;
import dev.countersign.store.StoreFailed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// What policy approves at once on its way into a store that several nodes write: those that wait at the same time
/// go in one transaction, of a few statements however many there are. One node and SQLite need none of this: there
/// the store itself commits many together.
///
/// One thread writes, for two of them would be in each other's way at the head of the ledger.
public final class Passes implements AutoCloseable {
    private static final int TOGETHER = 128;
    private static final int WAITING = 8_192;

    /// @param againAfter how long a denial stands against it
    record Pass(AccessRequest request, Leaf leaf, Duration againAfter, CompletableFuture<Boolean> written) {
        Instant deniedSince(Instant now) {
            return now.minus(againAfter);
        }
    }

    private final Store store;
    private final Ledger ledger;
    private final BlockingQueue<Pass> queue = new LinkedBlockingQueue<>(WAITING);
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;

    public Passes(Store store, Ledger ledger) {
        this.store = store;
        this.ledger = ledger;
        this.thread = Thread.ofPlatform().daemon().name("passes").start(this::loop);
    }

    /// Writes the leaf and returns true when it is durable; false when something stands in the way of passing at once,
    /// and then nothing was written.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it was not made durable, or nobody can say whether it was
    boolean write(AccessRequest request, Leaf leaf, Duration againAfter) {
        if (!store.health().writable()) {
            return false; // nobody queues for a store that is away: it says so itself
        }
        var pass = new Pass(request, leaf, againAfter, new CompletableFuture<>());
        if (!queue.offer(pass)) {
            throw new Overloaded(WAITING);
        }
        waiting.incrementAndGet();
        try {
            return pass.written().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException thrown ? thrown : failed;
        } finally {
            waiting.decrementAndGet();
        }
    }

    /// How many wait, those that are being written among them.
    public int waiting() {
        return waiting.get();
    }

    private void loop() {
        var passes = new ArrayList<Pass>(TOGETHER);
        while (true) {
            try {
                passes.add(queue.take());
            } catch (InterruptedException closing) {
                return;
            }
            queue.drainTo(passes, TOGETHER - 1);
            write(passes);
            passes.clear();
        }
    }

    private void write(List<Pass> passes) {
        try {
            var notFree = store.writeGuarded(tx -> {
                Freezes.takePassage(tx);
                var stopped = Approvals.notFree(tx, passes, tx.now().minus(Gate.REDELIVERY));
                var leaves = new ArrayList<Leaf>(passes.size());
                for (int i = 0; i < passes.size(); i++) {
                    if (!stopped.contains(i)) {
                        leaves.add(passes.get(i).leaf());
                    }
                }
                ledger.placeAll(tx, leaves);
                Failpoint.pass("pass.written");
                return stopped;
            });
            for (int i = 0; i < passes.size(); i++) {
                passes.get(i).written().complete(!notFree.contains(i));
            }
        } catch (RuntimeException | Error failed) {
            passes.forEach(it -> it.written().completeExceptionally(failed));
        }
    }

    /// Ends; nobody asks any more by then.
    @Override
    public void close() {
        thread.interrupt();
    }
}
