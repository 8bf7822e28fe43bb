package dev.countersign.usage.worlds;

import dev.countersign.usage.Finding;
import dev.countersign.usage.Report;
import java.util.function.Predicate;

/// When people are asked.
///
/// @param words that go on after "people are asked"
record Way(String words, Predicate<Report> asks) {
    static final Way FOR_ANY_FINDING = new Way(
            "for any finding", report -> !Finding.codes(report.findings()).isEmpty());

    static final Way ABOVE_THIRTY = new Way("for a score above 30", report -> report.score() > 30);

    /// For any finding but these.
    static Way without(String... codes) {
        return new Way(
                "for any finding but " + String.join(", ", codes),
                report -> report.findings().stream()
                        .filter(it -> it.tone() != Finding.Tone.GOOD)
                        .anyMatch(it -> !java.util.List.of(codes).contains(it.code())));
    }
}
