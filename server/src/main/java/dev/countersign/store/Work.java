package dev.countersign.store;

/// What is done inside one transaction.
@FunctionalInterface
public interface Work<T extends @org.jspecify.annotations.Nullable Object> {
    T in(Tx tx);
}
