package dev.countersign.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// A work as a transaction of PostgreSQL, as often as it takes.
final class PostgresTransactions {
    /// How often a work is run at most before whoever asked hears that too much happens at once.
    private static final int ATTEMPTS = 60;

    /// How often it is run again for a unique value that is taken, or a connection that went before the commit.
    private static final int LOOKS_AGAIN = 3;

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

    private final InstantSource clock;
    private final Vitals vitals;
    private final Pulse pulse;
    private final AtomicLong transactions = new AtomicLong();

    PostgresTransactions(InstantSource clock, Vitals vitals, Pulse pulse) {
        this.clock = clock;
        this.vitals = vitals;
        this.pulse = pulse;
    }

    enum Isolation {
        SERIALIZABLE,
        GUARDED,
        SNAPSHOT,
        STATEMENT;

        boolean writes() {
            return this == SERIALIZABLE || this == GUARDED;
        }
    }

    /// Runs the job until it is kept or cannot be, and tells its outcome.
    void run(DataSource pool, Isolation isolation, Job<?> job) {
        try {
            for (int attempt = 1; ; attempt++) {
                pulse.refuse(isolation.writes());
                try {
                    once(pool, isolation, job, attempt <= LOOKS_AGAIN);
                    return;
                } catch (CameBetween another) {
                    if (attempt == ATTEMPTS) {
                        throw new StoreFailed("too many others changed the same at once", another);
                    }
                    pause(attempt);
                }
            }
        } catch (RuntimeException failed) {
            job.fail(failed);
        } catch (SQLException unreachable) {
            suffered(unreachable);
            job.fail(Job.failed(unreachable));
        } catch (Error error) {
            job.fail(Job.failed(error));
            throw error;
        }
    }

    /// Another transaction came between: nothing of this one is kept, and it may be run again.
    private static final class CameBetween extends Exception {
        private static final long serialVersionUID = 1;

        CameBetween(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    /// Longer from time to time, and never as long as the others that were in the way.
    private static void pause(int attempt) {
        long most = Math.min(LONGEST_PAUSE_NANOS, 200_000L << Math.min(attempt, 12));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }

    private void once(DataSource pool, Isolation isolation, Job<?> job, boolean looksAgain)
            throws CameBetween, SQLException {
        try (var connection = pool.getConnection();
                var session = new PostgresSession(connection)) {
            connection.setAutoCommit(isolation == Isolation.STATEMENT);
            if (isolation == Isolation.SERIALIZABLE) {
                session.run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
            }
            long number = isolation.writes() ? transactions.incrementAndGet() : 0;
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var tx = new Tx(session, now, number);
            job.run(tx);
            var failure = job.failure();
            boolean again = false;
            if (failure == null && isolation.writes() && tx.isTooLate(clock.instant())) {
                failure = Tx.tooLate();
                rollBack(connection, failure);
                again = looksAgain;
            } else if (failure == null) {
                failure = end(connection, isolation);
            } else {
                if (isolation != Isolation.STATEMENT) {
                    rollBack(connection, failure);
                }
                again = looksAgain && (Trouble.isTaken(failure) || Trouble.isGone(failure));
            }
            if (failure != null) {
                job.rolledBack();
                if (again || Trouble.cameBetween(failure)) {
                    throw new CameBetween(failure);
                }
                suffered(failure);
                job.failedWith(failure);
            } else {
                vitals.good();
            }
        }
        job.tell();
    }

    private void suffered(Throwable failure) {
        if (Trouble.of(failure) != Trouble.NONE) {
            vitals.suffered(failure);
            pulse.doubt();
        }
    }

    /// Commits, or lets go of a snapshot. What it gives back is why that failed: then nobody knows whether it was kept.
    private static @Nullable Throwable end(Connection connection, Isolation isolation) {
        try {
            switch (isolation) {
                case SERIALIZABLE, GUARDED -> {
                    Failpoint.pass("commit.before");
                    connection.commit();
                    Failpoint.pass("commit.after");
                }
                case SNAPSHOT -> connection.rollback();
                case STATEMENT -> {}
            }
            return null;
        } catch (SQLException failure) {
            return failure;
        }
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException gone) {
            failure.addSuppressed(gone);
        }
    }
}
