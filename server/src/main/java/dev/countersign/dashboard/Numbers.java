package dev.countersign.dashboard;

import java.util.Locale;

/// How pages write numbers.
public final class Numbers {
    private Numbers() {}

    /// "12,345".
    public static String of(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// Two digits after the point, for a place in a picture.
    static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
