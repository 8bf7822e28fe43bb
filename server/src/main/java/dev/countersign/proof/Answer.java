package dev.countersign.proof;

import java.util.Map;

/// Whether a formula can be true.
sealed interface Answer {
    /// It can, by these values of its variables.
    record Yes(Map<String, Object> values) implements Answer {}

    /// It cannot.
    record No() implements Answer {}

    /// Nobody can say, and why.
    record Unknown(String because) implements Answer {}
}
