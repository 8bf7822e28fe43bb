package dev.countersign.publish;

import dev.countersign.config.Changes;
import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import java.util.List;

/// What an offer would make otherwise.
public sealed interface Preview {
    /// It has faults, all of them named, or a test of it failed.
    record Faulty(List<Fault> faults) implements Preview {}

    /// It could come into force.
    ///
    /// @param inForce the hash of what is in force
    record Ready(Configuration candidate, List<Fault> warnings, String inForce, Changes changes, Looser looser)
            implements Preview {}
}
