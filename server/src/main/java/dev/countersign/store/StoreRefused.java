package dev.countersign.store;

/// A store, key or backup that is not safe to work with. The message is one sentence for the operator, which says
/// what to do about it.
public final class StoreRefused extends RuntimeException {
    StoreRefused(String message) {
        super(message);
    }

    StoreRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
