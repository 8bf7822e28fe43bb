package dev.countersign.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What is done inside one transaction. It runs on a thread of the store, so it neither waits for anybody nor asks
/// the store again.
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
    /// Does it. An exception takes back everything this work wrote, and reaches whoever asked for it.
    T in(Tx tx) throws SQLException;
}
