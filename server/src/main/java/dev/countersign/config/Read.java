package dev.countersign.config;

import java.util.List;
import java.util.Optional;

/// What reading a configuration gives: all of it, or all that is wrong with it.
public sealed interface Read {
    /// It can be served.
    ///
    /// @param warnings what it says and probably does not mean, by file and line
    /// @param rules where its rules and claims are written
    record Good(Configuration configuration, List<Fault> warnings, Rules rules) implements Read {}

    /// It cannot.
    ///
    /// @param faults all of them, by file and line
    /// @param unjudged the tests and claims of which nobody can say whether they hold, for the faults, and why
    /// @param rest what its claims can still be tried by; empty when that is nothing, or was done
    record Bad(List<Fault> faults, List<Fault> unjudged, Optional<Remainder> rest) implements Read {
        /// It has these faults, and nothing is left to look at.
        public Bad(List<Fault> faults) {
            this(faults, List.of(), Optional.empty());
        }
    }
}
