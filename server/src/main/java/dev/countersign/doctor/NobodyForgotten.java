package dev.countersign.doctor;

import dev.countersign.ledger.EntryView;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/// That no request waits on after its deadline while a server is there to end it. One that stood still cannot be
/// blamed, so what counts is that one ran for a while after the deadline, by what it wrote.
final class NobodyForgotten implements Check {
    /// Sixty times as long as a server takes.
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Rows rows;
    private Instant started = Instant.EPOCH;
    private Instant ran = Instant.EPOCH;

    NobodyForgotten(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Invariant of() {
        return Invariant.LIVENESS;
    }

    @Override
    public void entry(EntryView entry, Faults found) {
        switch (entry.code()) {
            case NODE_STARTED -> started = later(started, entry.at());
            case REQUEST_MADE, REQUEST_REFUSED, REQUEST_VOTED, REQUEST_DECIDED, TOKEN_MINTED -> {
                found.looked();
                ran = later(ran, entry.at());
            }
            default -> {
                // may be a command's, beside a server that stands still
            }
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    @Override
    public void end(Faults found) throws SQLException {
        if (ran.isBefore(started.plus(LONG))) {
            found.note("no server wrote anything long enough after its start");
            return;
        }
        rows.overdue(
                ran.minus(LONG),
                request -> found.add(
                        "request " + request,
                        "it waits, and its deadline was over when the server last" + " wrote, at " + ran));
    }
}
