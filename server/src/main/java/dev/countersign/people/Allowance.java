package dev.countersign.people;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/// How many ledger entries failures may write: some at once, then one an interval. What was not written is counted, and
/// the next entry says how much it was. Its own lock guards its state.
final class Allowance {
    private final int most;
    private final Duration every;
    private final InstantSource clock;
    private int left;
    private Instant refilled;
    private long passedOver;

    Allowance(int most, Duration every, InstantSource clock) {
        this.most = most;
        this.every = every;
        this.clock = clock;
        this.left = most;
        this.refilled = clock.instant();
    }

    /// Takes one, and says how many went without since the last; empty when there is none left.
    synchronized OptionalLong take() {
        refill();
        if (left == 0) {
            passedOver++;
            return OptionalLong.empty();
        }
        left--;
        long missed = passedOver;
        passedOver = 0;
        return OptionalLong.of(missed);
    }

    private void refill() {
        long more = Duration.between(refilled, clock.instant()).dividedBy(every);
        if (more < 0) { // the clock was set back
            refilled = clock.instant();
        } else if (more > 0) {
            left = (int) Math.min(most, left + more);
            refilled = refilled.plus(every.multipliedBy(more));
        }
    }
}
