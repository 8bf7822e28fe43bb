package dev.countersign.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/// A piece of work on its way from a caller to a thread of the store, and its outcome on the way back.
final class Job<T extends @Nullable Object> {
    private final Work<T> work;
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable Throwable failure;
    private @Nullable Tx tx;

    Job(Work<T> work) {
        this.work = work;
    }

    /// Runs the work and keeps what comes of it, in place of what came of it before. Whoever asked is told later.
    void run(Tx tx) {
        this.tx = tx;
        result = null;
        failure = null;
        try {
            result = work.in(tx);
            tx.end();
        } catch (Throwable thrown) {
            failure = thrown;
            endAfter(tx, thrown);
        }
    }

    private static void endAfter(Tx tx, Throwable thrown) {
        try {
            tx.end();
        } catch (RuntimeException alsoThrown) {
            thrown.addSuppressed(alsoThrown);
        }
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /// Takes in a failure that came after the work.
    void failedWith(Throwable thrown) {
        failure = thrown;
        result = null;
    }

    void rolledBack() {
        if (tx != null) {
            tx.rolledBack();
        }
    }

    /// Tells the outcome, which nothing can change any more.
    void tell() {
        if (tx != null && failure == null) {
            tx.committed();
        }
        told.complete(null);
    }

    /// Tells that the work was not done, or that nobody knows, whatever it said itself.
    void fail(RuntimeException because) {
        failure = because;
        result = null;
        told.complete(null);
    }

    /// Waits for the outcome. An interrupt does not end the wait: the work may be on the disk already, and who
    /// asked has to know.
    @SuppressWarnings("NullAway") // null only where T says so
    T outcome() {
        told.join();
        return switch (failure) {
            case null -> result;
            case Error error -> throw error;
            case RuntimeException thrown -> throw Trouble.of(thrown) == Trouble.NONE ? thrown : failed(thrown);
            case SQLException thrown
            when Trouble.of(thrown) == Trouble.NONE ->
                throw new UnableToExecuteStatementException(thrown.getMessage(), thrown, null);
            case Throwable thrown -> throw failed(thrown);
        };
    }

    static StoreFailed failed(Throwable cause) {
        return new StoreFailed("the store failed: " + cause.getMessage(), cause);
    }
}
