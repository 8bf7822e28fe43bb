package dev.countersign.store;

/// A standing wish to be told; ends when closed.
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
