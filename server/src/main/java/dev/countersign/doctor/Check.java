package dev.countersign.doctor;

import dev.countersign.ledger.EntryView;
import java.sql.SQLException;

/// What one invariant is looked at by, while all of an installation goes by once.
interface Check {
    Invariant of();

    /// An entry of the ledger, in its order.
    default void entry(EntryView entry, Faults found) {}

    /// A request with all that is kept of it.
    default void life(Life life, Faults found) throws SQLException {}

    /// Once all has gone by.
    default void end(Faults found) throws SQLException {}
}
