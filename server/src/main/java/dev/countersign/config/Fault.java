package dev.countersign.config;

import java.util.Comparator;

/// What is wrong with a configuration, where, and what to do about it.
public record Fault(Place at, String text) implements Comparable<Fault> {
    private static final Comparator<Fault> ORDER =
            Comparator.comparing(Fault::at).thenComparing(Fault::text);

    @Override
    public int compareTo(Fault other) {
        return ORDER.compare(this, other);
    }

    /// `file:line:column: what is wrong, and what to do`.
    @Override
    public String toString() {
        return at + ": " + text;
    }
}
