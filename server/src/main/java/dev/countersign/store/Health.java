package dev.countersign.store;

/// How the store is, for whoever shows or watches it.
public sealed interface Health {
    /// Whether a write may still succeed.
    default boolean writable() {
        return switch (this) {
            case Good _, Ailing _ -> true;
            case Paused _, Stopped _ -> false;
        };
    }

    /// The last group of writes was committed.
    record Good() implements Health {}

    /// The last group of writes failed, and the next may succeed: a full disk, or another process in the way.
    record Ailing(String because) implements Health {}

    /// Nothing is written until it is over, which is found out without a write: a database is away, or the clock
    /// of this node is not the database's. What it says may be shown to anybody.
    record Paused(String because) implements Health {}

    /// Nothing is written any more until the process is started again. A disk that failed once is not trusted: the
    /// system may have dropped what it could not write, and report the next fsync as done.
    record Stopped(String because) implements Health {}
}
