package dev.countersign.publish;

import dev.countersign.config.Changes;
import dev.countersign.config.Configuration;
import dev.countersign.config.Fault;
import dev.countersign.config.Read;
import java.util.List;

/// What an offer would make otherwise.
public sealed interface Preview {
    /// It has faults, all of them named, or a test of it failed.
    record Faulty(Read.Bad why) implements Preview {}

    /// It could come into force.
    ///
    /// @param inForce the hash of what is in force
    record Ready(
            Configuration candidate,
            List<Fault> warnings,
            String inForce,
            Changes changes,
            Looser looser,
            Unattended unattended)
            implements Preview {}
}
