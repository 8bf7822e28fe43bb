package dev.countersign.store;

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
            return NONE;
        }
        // The low byte is the kind, the rest its detail: https://www.sqlite.org/rescode.html
        return switch (fault.getResultCode().code & 0xff) {
            case BUSY, LOCKED, NOMEM, INTERRUPT, FULL, CANTOPEN, PROTOCOL -> PASSING;
            case IOERR, CORRUPT, NOTADB -> LASTING;
            default -> NONE;
        };
    }

    private static @Nullable SQLiteException sqlite(Throwable thrown) {
        var at = thrown;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (at instanceof SQLiteException fault) {
                return fault;
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
