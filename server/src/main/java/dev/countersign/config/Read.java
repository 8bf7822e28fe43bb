package dev.countersign.config;

import java.util.List;

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
    record Bad(List<Fault> faults) implements Read {}
}
