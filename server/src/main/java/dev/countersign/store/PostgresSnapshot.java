package dev.countersign.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A PostgreSQL store by a transaction that reads one snapshot and may take its time.
final class PostgresSnapshot implements Snapshot {
    private final StoreAddress.Postgres address;
    private final Connection connection;
    private final PostgresSession session;
    private final InstantSource clock;
    private final Tx tx;

    private PostgresSnapshot(StoreAddress.Postgres address, Connection connection, InstantSource clock)
            throws SQLException {
        this.address = address;
        this.connection = connection;
        this.session = new PostgresSession(connection);
        this.clock = clock;
        connection.setAutoCommit(false);
        session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        if (!Migrations.of(Migrations.POSTGRESQL).current(connection, address)) {
            throw Migrations.otherVersion(address);
        }
        this.tx = new Tx(session, clock.instant().truncatedTo(ChronoUnit.MICROS), 0);
    }

    static Snapshot of(StoreAddress.Postgres address, InstantSource clock) {
        try {
            var connection = PostgresPools.source(address).getConnection();
            try {
                return new PostgresSnapshot(address, connection, clock);
            } catch (SQLException | RuntimeException failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException e) {
            throw new StoreRefused(address + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Tx tx() {
        return tx;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public List<String> careless() {
        var found = new ArrayList<String>();
        for (var setting : PostgresOpening.DURABLE) {
            if (texts("SHOW " + setting).contains("off")) {
                found.add(setting + " = off");
            }
        }
        return found;
    }

    /// PostgreSQL keeps its own checksums and constraints; the tree of the ledger sees the rest.
    @Override
    public List<String> damaged() {
        return List.of();
    }

    @Override
    public List<String> unguarded() {
        var there = texts("""
                SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')
                UNION ALL SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid""");
        return Migrations.of(Migrations.POSTGRESQL).guards().stream()
                .filter(it -> !there.contains(it))
                .toList();
    }

    @Override
    public Optional<Duration> ahead() {
        var before = clock.instant();
        long there = Long.parseLong(texts(Pulse.NOW).getFirst());
        var here = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
        return Optional.of(Duration.between(Micros.instant(there), here));
    }

    private List<String> texts(String sql) {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(String.valueOf(rows.getString(1)));
            }
            return texts;
        } catch (SQLException e) {
            throw new StoreFailed(address + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        tx.end();
        session.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StoreFailed(address + " could not be closed", e);
        }
    }
}
