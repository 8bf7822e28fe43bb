package dev.countersign.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks a database every second whether it is there and what time it has, on a connection of its own: then nobody need
/// wait for one that is away, and work does not pile up before it.
///
/// Deadlines and memberships are compared across nodes, so a node whose clock goes wrong must not write: nothing is
/// minted until the clock is right again.
final class Pulse implements AutoCloseable {
    static final Duration MOST_OFF = Duration.ofSeconds(5);

    static final String NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
    private static final Logger log = LoggerFactory.getLogger(Store.class);
    private static final String AWAY = "the database does not answer, and is asked again all the time";
    private static final long ASKS_MILLIS = 1_000;
    private static final long ASKS_AGAIN_MILLIS = 200;

    private final DataSource database;
    private final InstantSource clock;
    private final Vitals vitals;
    private final boolean watchesClock;
    private final Semaphore doubts = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("store-pulse").unstarted(this::loop);
    private @Nullable Connection connection;
    private volatile Optional<String> trouble = Optional.empty();
    private volatile boolean away;
    private volatile boolean closed;

    /// @param watchesClock whether the clock must go like the database's
    Pulse(DataSource database, InstantSource clock, Vitals vitals, boolean watchesClock) {
        this.database = database;
        this.clock = clock;
        this.vitals = vitals;
        this.watchesClock = watchesClock;
    }

    /// Asks for the first time, and again each second from then on.
    ///
    /// @throws StoreRefused when the database cannot be asked, or the clock is off
    void start() {
        try {
            trouble = beat();
        } catch (SQLException e) {
            throw new StoreRefused("the database does not answer: " + e.getMessage(), e);
        }
        if (trouble.isPresent()) {
            throw new StoreRefused(trouble.get() + ": set the clock of this host right (NTP), then start again");
        }
        thread.start();
    }

    /// Why nothing is written now; empty when nothing stands in the way.
    Optional<String> trouble() {
        return trouble;
    }

    /// Somebody's connection has gone: asks at once.
    void doubt() {
        if (doubts.availablePermits() == 0) {
            doubts.release();
        }
    }

    /// @throws StoreFailed when the database is away, or this node's clock is not the store's and the work `writes`
    void refuse(boolean writes) {
        var now = trouble;
        if (now.isPresent() && (writes || away)) {
            throw new StoreFailed("nothing can be kept now: " + now.get());
        }
    }

    private void loop() {
        while (!closed) {
            try {
                var _ = doubts.tryAcquire(away ? ASKS_AGAIN_MILLIS : ASKS_MILLIS, TimeUnit.MILLISECONDS);
                doubts.drainPermits();
                look();
            } catch (InterruptedException closing) {
                break;
            } catch (RuntimeException ours) {
                log.error("the pulse of the store failed and goes on", ours);
            }
        }
        hangUp();
    }

    private void look() {
        try {
            found(again(), false);
        } catch (SQLException e) {
            if (!away) {
                log.error("the database does not answer; nothing is told done until it does", e);
            }
            found(Optional.of(AWAY), true);
        }
    }

    private void found(Optional<String> now, boolean nowAway) {
        if (now.isPresent() && !nowAway && (away || trouble.isEmpty())) {
            log.error("nothing is written: {}", now.get());
        }
        if (now.isEmpty() && trouble.isPresent()) {
            log.info("the database answers again");
        }
        away = nowAway;
        trouble = now;
        if (now.isEmpty()) {
            vitals.good();
        }
    }

    /// A connection that is gone says little of the database: one more is asked for.
    private Optional<String> again() throws SQLException {
        if (connection != null) {
            try {
                return beat();
            } catch (SQLException gone) {
                hangUp();
            }
        }
        return beat();
    }

    private Optional<String> beat() throws SQLException {
        try {
            if (connection == null) {
                connection = database.getConnection();
            }
            try (var statement = connection.createStatement()) {
                var before = clock.instant();
                try (var row = statement.executeQuery(NOW)) {
                    var after = clock.instant();
                    row.next();
                    var here = before.plus(Duration.between(before, after).dividedBy(2));
                    return wrong(Duration.between(Micros.instant(row.getLong(1)), here));
                }
            }
        } catch (SQLException e) {
            hangUp();
            throw e;
        }
    }

    private Optional<String> wrong(Duration off) {
        return watchesClock && off.abs().compareTo(MOST_OFF) > 0
                ? Optional.of("the clock of this node is %.1f s %s the store's"
                        .formatted(off.abs().toMillis() / 1000.0, off.isNegative() ? "behind" : "ahead of"))
                : Optional.empty();
    }

    private void hangUp() {
        try (var _ = connection) {
            connection = null;
        } catch (SQLException gone) {
            log.debug("a connection did not close; it is gone", gone);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
