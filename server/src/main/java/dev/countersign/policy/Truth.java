package dev.countersign.policy;

import java.util.Locale;

/// How a condition weighs: `NO < UNKNOWN < YES`.
public enum Truth {
    NO,
    UNKNOWN,
    YES;

    /// The word in traces: lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
