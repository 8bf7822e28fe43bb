package dev.countersign.doctor;

import java.util.ArrayList;
import java.util.List;

/// What a check has found so far. Only the first are kept: a store in which everything is wrong must fit the memory,
/// too.
final class Faults {
    private static final int KEPT = 20;

    private final Invariant invariant;
    private final List<Result.Fault> kept = new ArrayList<>();
    private long found;
    private long looked;
    private String note = "";
    private String unseen = "";

    Faults(Invariant invariant) {
        this.invariant = invariant;
    }

    void looked() {
        looked++;
    }

    void add(String where, String said) {
        found++;
        if (kept.size() < KEPT) {
            kept.add(new Result.Fault(where, said));
        }
    }

    void unless(boolean holds, String where, String said) {
        if (!holds) {
            add(where, said);
        }
    }

    /// Says what could not be seen beside what was.
    void note(String said) {
        note = said;
    }

    /// Nothing could be seen.
    void unseen(String why) {
        unseen = why;
    }

    Result result() {
        if (found > 0) {
            return new Result.Broken(invariant, List.copyOf(kept), found - kept.size());
        }
        return unseen.isEmpty() ? new Result.Holds(invariant, looked, note) : new Result.Unseen(invariant, unseen);
    }
}
