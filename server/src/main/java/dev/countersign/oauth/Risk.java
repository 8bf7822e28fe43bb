package dev.countersign.oauth;

import java.util.Locale;

/// How much harm a scope or a details type can do. The order of the constants is the order of risk; a request is as
/// risky as the riskiest thing it asks for.
public enum Risk {
    LOW(0),
    MEDIUM(1),
    HIGH(2),
    CRITICAL(3);

    /// The risk as a number to compare by, in policies and in the store.
    public final int level;

    Risk(int level) {
        this.level = level;
    }

    /// The word people and configuration files use: lower case.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The riskier of the two.
    public Risk or(Risk other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
