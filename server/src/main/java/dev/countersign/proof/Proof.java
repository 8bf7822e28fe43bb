package dev.countersign.proof;

/// What comes of asking whether something can happen.
public sealed interface Proof {
    /// It cannot.
    record Never() implements Proof {}

    /// It can: this request shows it.
    record Shown(Witness by) implements Proof {}

    /// Nobody can say. What must not happen may.
    record Inconclusive(String because) implements Proof {}
}
