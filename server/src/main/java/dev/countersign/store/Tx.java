package dev.countersign.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One transaction, as far as one piece of work sees it: all it writes is kept or none of it. Good until the work
/// returns, and only on the thread that was given it.
public final class Tx {
    private static final Logger log = LoggerFactory.getLogger(Tx.class);

    /// How long before it is kept something may be that is kept. Times in the ledger must not go back by more
    /// than what clocks differ: what was held up for longer, because a process was stopped or a database was away,
    /// is not told.
    static final Duration OLDEST = Duration.ofSeconds(5);

    private static final Duration SPARE = Duration.ofSeconds(1);

    private final Session session;
    private final Instant now;
    private final long group;
    private final List<Runnable> afterCommit = new ArrayList<>(2);
    private final List<Runnable> onRollback = new ArrayList<>(2);
    private @Nullable Handle handle;
    private boolean over;
    private Instant oldest;

    Tx(Session session, Instant now, long group) {
        this.session = session;
        this.now = now;
        this.oldest = now;
        this.group = group;
    }

    /// SQL by Jdbi. Binds and maps [Instant] as the store keeps it, see [Micros].
    public Handle sql() {
        checkOpen();
        if (handle == null) {
            handle = session.handle();
        }
        return handle;
    }

    /// SQL without a layer between, for what runs with every request: the statement is prepared once a connection
    /// and is not for the caller to close. Its result sets are.
    public PreparedStatement prepare(String sql) throws SQLException {
        checkOpen();
        return session.prepareFresh(sql);
    }

    /// What a query ends with whose rows this work is about to change: where others write at the same time, they wait.
    public String forUpdate() {
        return session.forUpdate();
    }

    /// The same, but what others are about to change is left out: of several who look for something to do, each
    /// finds what nobody else has taken.
    public String forUpdateOfFree() {
        var waiting = session.forUpdate();
        return waiting.isEmpty() ? waiting : waiting + " SKIP LOCKED";
    }

    /// When this work began, to the microsecond. The same all through it.
    public Instant now() {
        return now;
    }

    /// Says of when something is that this work keeps, when that was made before it began.
    ///
    /// @throws StoreFailed when that is too long ago to be kept now
    public void tellsOf(Instant when) {
        if (when.isBefore(now.minus(OLDEST))) {
            throw tooLate();
        }
        oldest = when.isBefore(oldest) ? when : oldest;
    }

    /// Whether what was made then can be kept with time to spare, so that nobody else of the same work fails for it.
    public boolean mayTellOf(Instant when) {
        return !when.isBefore(now.minus(OLDEST).plus(SPARE));
    }

    /// Whether what it keeps would be too old at that time.
    boolean isTooLate(Instant at) {
        return at.isAfter(oldest.plus(OLDEST));
    }

    static StoreFailed tooLate() {
        return new StoreFailed("it took too long to be told as of when it began");
    }

    /// The number of the group of writes that this one is committed with. Within a group nobody else writes,
    /// between two of them another process may have: whoever remembers what is in the store looks again when the
    /// number is new.
    public long group() {
        checkWrites();
        return group;
    }

    /// Does this once the work is durable, before the caller has its answer, in the order of the commits and on the
    /// thread that writes: it must be quick, and what it throws is only logged.
    public void afterCommit(Runnable hook) {
        checkWrites();
        afterCommit.add(hook);
    }

    /// Does this if the work is taken back, because it threw or because its group could not be committed. The last
    /// hook added is the first to run, also across the works of a group, so that each finds what it left.
    public void onRollback(Runnable hook) {
        checkWrites();
        onRollback.add(hook);
    }

    void end() {
        over = true;
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }

    void committed() {
        afterCommit.forEach(Tx::runLogged);
        onRollback.clear();
    }

    void rolledBack() {
        onRollback.reversed().forEach(Tx::runLogged);
        onRollback.clear();
        afterCommit.clear();
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void runLogged(Runnable hook) {
        try {
            hook.run();
        } catch (Throwable failure) {
            log.error("a hook of a transaction failed", failure);
        }
    }

    private void checkOpen() {
        if (over) {
            throw new IllegalStateException("this transaction is over");
        }
    }

    private void checkWrites() {
        checkOpen();
        if (group == 0) {
            throw new IllegalStateException("this transaction only reads");
        }
    }
}
