package dev.countersign.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// Asks a database every second whether it is there and what time it has.
///
/// Deadlines and memberships are compared across nodes, so a node whose clock goes wrong must not write: nothing is
/// minted until the clock is right again.
final class Pulse implements AutoCloseable {
    static final Duration MOST_OFF = Duration.ofSeconds(5);

    static final String NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";

    private final DataSource database;
    private final InstantSource clock;
    private final Vitals vitals;
    private final boolean watchesClock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("store-pulse").factory());
    private volatile Duration off = Duration.ZERO;

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
            beat();
        } catch (SQLException e) {
            throw new StoreRefused("the database does not answer: " + e.getMessage(), e);
        }
        if (isWrong()) {
            throw new StoreRefused(said() + ": set the clock of this host right (NTP), then start again");
        }
        var _ = thread.scheduleWithFixedDelay(this::tryBeat, 1, 1, TimeUnit.SECONDS);
    }

    private void tryBeat() {
        try {
            beat();
            if (!isWrong()) {
                vitals.good();
            }
        } catch (SQLException e) {
            vitals.suffered(e);
        } catch (RuntimeException e) {
            vitals.suffered(new SQLException(e));
        }
    }

    private void beat() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            var before = clock.instant();
            try (var row = statement.executeQuery(NOW)) {
                var after = clock.instant();
                row.next();
                var here = before.plus(Duration.between(before, after).dividedBy(2));
                off = Duration.between(Micros.instant(row.getLong(1)), here);
            }
            connection.rollback();
        }
        if (isWrong()) {
            vitals.suffered(new SQLException(said()));
        }
    }

    /// @throws StoreFailed when this node's clock is not the store's
    void refuseWrongClock() {
        if (isWrong()) {
            throw new StoreFailed(said() + ": nothing is written until it is right");
        }
    }

    private boolean isWrong() {
        return watchesClock && off.abs().compareTo(MOST_OFF) > 0;
    }

    private String said() {
        return "the clock of this node is %.1f s %s the store's"
                .formatted(off.abs().toMillis() / 1000.0, off.isNegative() ? "behind" : "ahead of");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
