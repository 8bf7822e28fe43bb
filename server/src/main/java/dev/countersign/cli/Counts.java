package dev.countersign.cli;

import java.util.Locale;

/// Numbers with their nouns.
final class Counts {
    private Counts() {}

    /// `1 test`, `3 tests`.
    static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /// `12 min`, and `40 s` below a minute.
    static String minutes(long seconds) {
        return seconds < 60 ? seconds + " s" : String.format(Locale.ROOT, "%,d min", Math.round(seconds / 60.0));
    }
}
