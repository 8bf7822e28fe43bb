package dev.countersign.doctor;

import java.sql.SQLException;

/// That no value stands twice where each may stand once. What was forgotten too early leaves nothing to see.
final class SingleUse implements Check {
    private static final String[][] ONCE = {
        {"single_use", "digest"},
        {"mint", "token_id"},
        {"mint", "approval_id"},
        {"approval_use", "token_id"},
        {"approval_use", "request"},
        {"handle", "hash"},
        {"revocation", "token_id"},
        {"api_token", "token_hash"},
        {"ledger_entry", "jti"},
        {"vote", "approval_id || ' by ' || person"},
    };

    private final Rows rows;

    SingleUse(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Invariant of() {
        return Invariant.SINGLE_USE;
    }

    @Override
    public void end(Faults found) throws SQLException {
        for (var once : ONCE) {
            found.looked();
            rows.twice(once[0], once[1], value -> found.add(once[0] + " " + value, "it stands there more than once"));
        }
    }
}
