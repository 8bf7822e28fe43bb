package dev.countersign.cli;

/// Numbers with their nouns.
final class Counts {
    private Counts() {}

    /// `1 test`, `3 tests`.
    static String of(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
