package dev.countersign.policy;

import java.util.HashMap;
import java.util.Map;

/// Compiles the conditions of one configuration, each text once: while it is read several look at the same. For one
/// thread.
public final class Conditions {
    private final SourceFacts sources;
    private final Map<String, Condition.Compiled> compiled = new HashMap<>();

    /// @param sources the facts of sources that they may speak of
    public Conditions(SourceFacts sources) {
        this.sources = sources;
    }

    /// The facts of sources that they may speak of.
    public SourceFacts sources() {
        return sources;
    }

    /// Reads, checks and plans one, unless that was done.
    public Condition.Compiled compile(String text) {
        return compiled.computeIfAbsent(text, it -> Condition.compile(it, sources));
    }
}
