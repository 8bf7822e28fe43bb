package dev.countersign.store;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The store: everything that must survive stands in it.
///
/// Each work is one transaction. Those of [#write] come out as if one had run after the other. Whoever asks waits, so
/// a virtual thread may; a write returns when it is durable, and not before. A work may run more than once before it
/// is kept, so what it does beside the store it does in a hook of its [Tx].
public sealed interface Store extends AutoCloseable permits SqliteStore, PostgresStore {
    /// Opens the store at an address, or makes one where there is none.
    ///
    /// @throws StoreRefused when it would not be safe to work with: not ours, damaged, too new, read-only, careless
    static Store open(StoreAddress address, InstantSource clock) {
        return switch (address) {
            case StoreAddress.Sqlite(var file) -> SqliteStore.open(file, clock);
            case StoreAddress.Postgres postgres -> PostgresStore.open(postgres, clock);
        };
    }

    /// Does the work and returns once it is durable. Its exception takes it back and is thrown here.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it was not made durable, or nobody can say whether it was; nothing may be told done
    <T extends @Nullable Object> T write(Work<T> work);

    /// The same for a work that guards itself against those that come between: by compare-and-swap on what it read, by
    /// a unique key, or by a row that it holds. It is not as if alone, and many are not in each other's way.
    <T extends @Nullable Object> T writeGuarded(Work<T> work);

    /// Does work that only reads, on one snapshot of all that was committed before.
    ///
    /// @throws Overloaded when too much waits already
    /// @throws StoreFailed when it cannot be read
    <T extends @Nullable Object> T read(Work<T> work);

    /// The same for a single statement, or for several that need not agree with each other: each may see more
    /// than the one before it. Where a transaction is a way to the database and back, it costs one less.
    default <T extends @Nullable Object> T look(Work<T> work) {
        return read(work);
    }

    /// How the store is.
    Health health();

    /// How many works wait.
    int waiting();

    /// Whether other nodes may write to it at the same time.
    boolean isShared();

    /// Does something whenever a node notifies a channel of a shared store. Only a hint, and never the only way to
    /// learn of anything: notices can be lost.
    default Subscription subscribe(String channel, Runnable heard) {
        return () -> {};
    }

    /// Looks the whole store through, as long as that takes, and says what is wrong with it; empty when nothing is.
    List<String> check();

    /// Writes a copy of the store as of one moment to a file that does not exist yet, while everything goes on.
    /// Returns when the copy was checked and is on the disk.
    ///
    /// @throws StoreRefused when there is such a file, none can be written, or this store is copied by other means
    /// @throws StoreFailed when no copy could be made
    void backup(Path target);

    /// Finishes what waits and lets go.
    @Override
    void close();
}
