package dev.countersign.approval;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How long people took of late to decide requests of the same rules, resource and risk.
///
/// @param median half were decided within
/// @param slow 19 of 20 were
/// @param decided how many people decided
/// @param undecided how many ran out before anybody had; they are in neither of the times
public record ExpectedWait(Duration median, Duration slow, int decided, int undecided) {
    /// Fewer say nothing.
    static final int LEAST = 10;

    /// From how long each took that was decided; empty when they were too few.
    static Optional<ExpectedWait> of(List<Duration> took, int undecided) {
        if (took.size() < LEAST) {
            return Optional.empty();
        }
        var sorted = took.stream().sorted().toList();
        return Optional.of(new ExpectedWait(part(sorted, 50), part(sorted, 95), sorted.size(), undecided));
    }

    /// The smallest of them that so many in a hundred do not exceed.
    public static Duration part(List<Duration> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
