package dev.countersign.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.ds.PGSimpleDataSource;

/// Tries to connect until it can, a few times a second. The pools' own pauses between two tries grow to 5 s, and so
/// long nothing would be issued after a database is back. Whoever waits for a connection of a pool does not wait here.
final class PatientSource extends PGSimpleDataSource implements AutoCloseable {
    private static final long serialVersionUID = 1;
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private volatile boolean closed;

    @Override
    public Connection getConnection() throws SQLException {
        for (long pause = SHORTEST_NANOS; ; pause = Math.min(2 * pause, LONGEST_NANOS)) {
            try {
                return super.getConnection();
            } catch (SQLException away) {
                if (closed) {
                    throw away;
                }
                LockSupport.parkNanos(pause);
            }
        }
    }

    /// Tries no longer.
    @Override
    public void close() {
        closed = true;
    }
}
