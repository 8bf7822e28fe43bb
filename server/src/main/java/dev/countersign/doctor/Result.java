package dev.countersign.doctor;

import java.util.List;

/// What came of looking at one invariant.
public sealed interface Result {
    Invariant invariant();

    /// It holds as far as can be seen.
    ///
    /// @param looked at how many things
    /// @param note what could not be seen of it; empty when nothing
    record Holds(Invariant invariant, long looked, String note) implements Result {}

    /// It does not.
    ///
    /// @param more how many faults there are besides
    record Broken(Invariant invariant, List<Fault> faults, long more) implements Result {}

    /// Nothing can be said of it here, and why.
    record Unseen(Invariant invariant, String why) implements Result {}

    /// One thing that is wrong.
    ///
    /// @param where the request, entry or row that it is about
    record Fault(String where, String said) {
        @Override
        public String toString() {
            return where.isEmpty() ? said : where + ": " + said;
        }
    }
}
