package dev.countersign.store;

/// The store cannot write or read now: a full disk, a failing one, another process that does not let go. Nothing
/// may be told done that ended so.
public final class StoreFailed extends RuntimeException {
    StoreFailed(String message, Throwable cause) {
        super(message, cause);
    }

    /// One that is known beforehand: where it was thrown tells nothing, and it may be thrown often.
    StoreFailed(String message) {
        super(message, null, false, false);
    }
}
