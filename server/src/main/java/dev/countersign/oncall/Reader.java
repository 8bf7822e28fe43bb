package dev.countersign.oncall;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads calendars, each on a thread of its own and for so long at most: whatever one has in it, and whatever that does
/// to who reads it, the others are read.
final class Reader {
    private static final Logger log = LoggerFactory.getLogger(Reader.class);

    private final Duration patience;
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    Reader(Duration patience) {
        this.patience = patience;
    }

    /// What comes of reading one.
    ///
    /// @param whose the group whose calendar it is: of each one is read at a time, also when it was given up
    /// @throws Unreadable also when it took too long, or could not be read for another reason
    Rota read(String whose, Callable<Rota> reading) throws Unreadable {
        if (!running.add(whose)) {
            throw new Unreadable("it took too long to read, and still does");
        }
        var read = new CompletableFuture<Rota>();
        var thread = Thread.ofPlatform().name("on-call-reader").daemon().start(() -> run(whose, reading, read));
        try {
            return read.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            thread.interrupt();
            throw tooLong();
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new Unreadable("this node stopped while it read it");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Unreadable unreadable) {
                throw unreadable;
            }
            log.warn("the on-call calendar of {} cannot be read", whose, e);
            throw new Unreadable("it cannot be read, and the log of the node that tried says why");
        }
    }

    private void run(String whose, Callable<Rota> reading, CompletableFuture<Rota> read) {
        try {
            read.complete(finish(whose, reading));
        } catch (Throwable failure) { // also when memory or the stack was used up: of this reading it is let go
            read.completeExceptionally(failure);
        }
    }

    private Rota finish(String whose, Callable<Rota> reading) throws Exception {
        try {
            return reading.call();
        } finally {
            running.remove(whose);
        }
    }

    /// Ends a reading here that was given up.
    static void goOn() throws Unreadable {
        if (Thread.currentThread().isInterrupted()) {
            throw tooLong();
        }
    }

    private static Unreadable tooLong() {
        return new Unreadable("it takes too long to read: have it name the shifts of some weeks");
    }
}
