package dev.countersign.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/// What an exception says of the store.
enum Trouble {
    /// Nothing: a broken constraint, a wrong statement, a write on a connection that reads, whatever the work
    /// threw.
    NONE,
    /// It cannot now, and may be able to later: a full disk, a lock that another process holds.
    PASSING,
    /// It is not to be trusted with another write until the process starts again: a disk that fails, a damaged
    /// file.
    LASTING;

    static Trouble of(Throwable thrown) {
        var fault = sqlite(thrown);
        if (fault == null) {
            return postgres(state(thrown));
        }
        // The low byte is the kind, the rest its detail: https://www.sqlite.org/rescode.html
        return switch (fault.getResultCode().code & 0xff) {
            case BUSY, LOCKED, NOMEM, INTERRUPT, FULL, CANTOPEN, PROTOCOL -> PASSING;
            case IOERR, CORRUPT, NOTADB -> LASTING;
            default -> NONE;
        };
    }

    /// By the class of the code, https://www.postgresql.org/docs/current/errcodes-appendix.html. Nothing lasts: what a
    /// PostgreSQL cannot trust it refuses by itself, and another may take its place.
    private static Trouble postgres(String state) {
        return state.startsWith("08") // no connection
                        || state.startsWith("53") // no disk, memory or connection left
                        || state.startsWith("57") // shutting down, cancelled
                        || state.startsWith("58") // the system under it failed
                        || state.startsWith("XX") // it fails itself
                        || state.equals("25006") // it only reads: a standby
                        || state.equals("25P03") // we held a transaction open for too long
                        || state.equals("55P03") // a lock is not to be had
                ? PASSING
                : NONE;
    }

    /// True when the database took a transaction back because another came between: it may be run again.
    static boolean cameBetween(Throwable thrown) {
        var state = state(thrown);
        return state.equals("40001") || state.equals("40P01");
    }

    /// True when a unique value is there already. Another transaction may have brought it since this one looked; run
    /// again, this one sees it and knows what to do, or fails for good.
    static boolean isTaken(Throwable thrown) {
        return state(thrown).equals("23505");
    }

    /// True when the connection is gone, or is being ended: what it had not committed never was.
    static boolean isGone(Throwable thrown) {
        var state = state(thrown);
        return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
    }

    private static String state(Throwable thrown) {
        var fault = cause(thrown, SQLException.class);
        return fault == null || fault.getSQLState() == null ? "" : fault.getSQLState();
    }

    private static @Nullable SQLiteException sqlite(Throwable thrown) {
        return cause(thrown, SQLiteException.class);
    }

    private static <T> @Nullable T cause(Throwable thrown, Class<T> type) {
        var at = thrown;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int NOMEM = 7;
    private static final int INTERRUPT = 9;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int PROTOCOL = 15;
    private static final int NOTADB = 26;
}
