package dev.countersign.config;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Gathers the faults of one reading, so that all are told at once. One thread's own.
final class Faults {
    private final SortedSet<Fault> faults = new TreeSet<>();

    void add(Place at, String text) {
        faults.add(new Fault(at, text));
    }

    boolean none() {
        return faults.isEmpty();
    }

    /// By file and line, each once.
    List<Fault> sorted() {
        return List.copyOf(faults);
    }
}
