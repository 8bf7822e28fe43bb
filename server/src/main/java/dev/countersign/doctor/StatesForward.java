package dev.countersign.doctor;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import dev.countersign.store.Micros;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// That a row stands where its entries led it; that they lead forward, they say themselves.
final class StatesForward implements Check {
    private final Rows rows;

    StatesForward(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Invariant of() {
        return Invariant.FORWARD;
    }

    @Override
    public void life(Life life, Faults found) {
        if (!life.waited()) {
            return;
        }
        found.looked();
        if (life.kept().isEmpty()) {
            found.add(life.where(), "it was made and has no row, or none that can be read");
            return;
        }
        var kept = life.kept().get();
        var told = state(life.entries());
        found.unless(
                kept.state().equals(told) && kept.approval().state().equals(told),
                life.where(),
                "its row is " + kept.state()
                        + (kept.approval().state().equals(kept.state())
                                ? ""
                                : " outside and " + kept.approval().state() + " inside")
                        + ", and its entries leave it " + told);
        found.unless(
                kept.lastLeaf().equals(life.told().getLast().entry().hash()),
                life.where(),
                "its row does not stand at its last entry");
        found.unless(
                micros(kept.deadline()).equals(micros(kept.approval().deadline()))
                        && kept.endedAt().isEmpty()
                                == kept.approval().deadline().isPresent(),
                life.where(),
                "its row has another deadline than its state");
    }

    private static Optional<Long> micros(Optional<Instant> at) {
        return at.map(Micros::of);
    }

    /// Where entries lead.
    private static String state(List<EntryView> entries) {
        var state = "pending";
        for (var entry : entries) {
            state = switch (entry.code()) {
                case REQUEST_DECIDED, REQUEST_ENDED -> entry.text(Member.OUTCOME);
                case TOKEN_MINTED -> "redeemed";
                default -> state; // stays as it is
            };
        }
        return state;
    }

    @Override
    public void end(Faults found) throws SQLException {
        rows.untold(request -> found.add("request " + request, "it has a row and no entry"));
    }
}
