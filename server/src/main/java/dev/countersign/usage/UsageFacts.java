package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the ledger says of a client that asks for something.
public sealed interface UsageFacts {
    /// The ledger cannot be asked, or does not know the client.
    record Unknown(String because) implements UsageFacts {}

    /// What it knows.
    ///
    /// @param idleDays whole days since the last token, or since the client entered the ledger if it never had one
    /// @param use of the client in all; empty when it never had a token
    /// @param firstTimeScopes those asked for that it never had on that resource, sorted
    /// @param mature whether it is known well enough to say what is usual
    record Known(long idleDays, Optional<Counter> use, List<String> firstTimeScopes, boolean mature)
            implements UsageFacts {
        private static final int MATURE_USES = 30;
        private static final int MATURE_DAYS = 7;
        private static final Duration MATURE_AGE = Duration.ofDays(14);
        private static final int DORMANT_DAYS = 14;
        private static final int DORMANT_GAPS = 4;

        static Known of(Counter use, List<String> firstTimeScopes, Instant now) {
            boolean mature = use.uses() >= MATURE_USES
                    && use.days() >= MATURE_DAYS
                    && !use.first().plus(MATURE_AGE).isAfter(now);
            return new Known(days(use.last(), now), Optional.of(use), firstTimeScopes, mature);
        }

        static Known neverUsed(Instant since, List<String> scopes, Instant now) {
            return new Known(days(since, now), Optional.empty(), scopes, false);
        }

        /// How many tokens it ever had.
        public long uses() {
            return use.map(Counter::uses).orElse(0L);
        }

        /// Unused for more than 14 days and more than four times its usual gap between days of use.
        public boolean dormant() {
            return idleDays
                    > Math.max(
                            DORMANT_DAYS,
                            DORMANT_GAPS * use.map(Counter::usualGap).orElse(0L));
        }

        private static long days(Instant from, Instant now) {
            return Math.max(0, Duration.between(from, now).toDays());
        }
    }
}
