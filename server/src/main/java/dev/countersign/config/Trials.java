package dev.countersign.config;

import java.util.List;

/// What running a folder's tests gives.
public sealed interface Trials {
    /// They were run, and some may have failed.
    ///
    /// @param trials in the order of their names
    record Run(Configuration configuration, List<Trial> trials, Rules rules) implements Trials {}

    /// The folder has other faults, which come first.
    record Bad(List<Fault> faults) implements Trials {}
}
