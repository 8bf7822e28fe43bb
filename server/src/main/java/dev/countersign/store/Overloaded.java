package dev.countersign.store;

/// More is waiting for the store than it will queue. Nothing was done; the same again later may succeed.
public final class Overloaded extends RuntimeException {
    /// @param waiting how many wait
    public Overloaded(int waiting) {
        super(waiting + " pieces of work are waiting for the store already", null, false, false);
    }
}
