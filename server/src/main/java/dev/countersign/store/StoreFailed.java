package dev.countersign.store;

/// The store cannot write or read now: a full disk, a failing one, another process that does not let go. Nothing
/// may be told done that ended so.
public final class StoreFailed extends RuntimeException {
    StoreFailed(String message, Throwable cause) {
        super(message, cause);
    }

    StoreFailed(String message) {
        super(message);
    }
}
