package dev.countersign.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A store as it was at one moment, to be looked at as long as that takes while others write to it. Nothing in it
/// can be changed, and nothing is made where there is no store.
///
/// For one thread.
public sealed interface Snapshot extends AutoCloseable permits SqliteSnapshot, PostgresSnapshot {
    /// Takes the moment that is now.
    ///
    /// @throws StoreRefused when there is no store, it is not ours, or another version wrote it
    static Snapshot of(StoreAddress address, java.time.InstantSource clock) {
        return switch (address) {
            case StoreAddress.Sqlite(var file) -> SqliteSnapshot.of(file, clock);
            case StoreAddress.Postgres postgres -> PostgresSnapshot.of(postgres, clock);
        };
    }

    /// What reads it, open until this is closed.
    Tx tx();

    /// Whether several nodes may write to the store.
    boolean isShared();

    /// What of its settings would let it lose what was told done, as far as it can be seen from here.
    List<String> careless();

    /// What is wrong with its file or its tables, looked through as deep as can be from here.
    List<String> damaged();

    /// Which of the names that guard the schema, of triggers and unique indexes, are missing or switched off.
    List<String> unguarded();

    /// How far this host's clock is ahead of the store's own; empty when it has none.
    Optional<Duration> ahead();

    /// Lets go of it.
    @Override
    void close();
}
