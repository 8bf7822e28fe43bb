package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// How all who vote together do so: what tells whether people still look at what they approve. It names nobody.
///
/// @param people how many voted
/// @param busiest of all votes, how many the one cast who cast the most
/// @param peak the most that one person approved in any hour
/// @param byRisk the riskiest first; none of what nobody voted on
public record ReviewHabit(int people, int busiest, int peak, List<OfRisk> byRisk) {
    /// A vote sooner than this after its request was shown was hardly thought about.
    public static final Duration HASTY = Duration.ofSeconds(5);

    /// The votes on what is of one risk.
    ///
    /// @param approvals how many of them approve
    /// @param timed of how many it is known when the request was shown
    /// @param median how long half of these took at most from then on; empty when there are none
    /// @param hasty how many of these took less than [#HASTY]
    public record OfRisk(Risk risk, int votes, int approvals, int timed, Optional<Duration> median, int hasty) {
        static OfRisk of(Risk risk, Collection<ReviewHabits.Cast> all) {
            var took = all.stream().flatMap(it -> it.took().stream()).sorted().toList();
            return new OfRisk(
                    risk,
                    all.size(),
                    (int) all.stream().filter(ReviewHabits.Cast::approves).count(),
                    took.size(),
                    took.isEmpty() ? Optional.empty() : Optional.of(ExpectedWait.part(took, 50)),
                    (int) took.stream().filter(it -> it.compareTo(HASTY) < 0).count());
        }
    }

    /// How many votes there were in all.
    public int votes() {
        return byRisk.stream().mapToInt(OfRisk::votes).sum();
    }
}
