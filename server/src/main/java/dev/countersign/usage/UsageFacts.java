package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
    record Known(long idleDays, Optional<Counter> use, List<String> firstTimeScopes, boolean mature, Signs signs)
            implements UsageFacts {
        static Known of(Counter use, List<String> firstTimeScopes, boolean mature, Signs signs, Instant now) {
            return new Known(use.idleDays(now), Optional.of(use), firstTimeScopes, mature, signs);
        }

        static Known neverUsed(Instant since, List<String> scopes, Signs signs, Instant now) {
            long days = Math.max(0, Duration.between(since, now).toDays());
            return new Known(days, Optional.empty(), scopes, false, signs);
        }

        /// How many tokens it ever had.
        public long uses() {
            return use.map(Counter::uses).orElse(0L);
        }

        /// How long its usual gap between days of use is, in days; 0 while there is none.
        public long usualGap() {
            return use.map(it -> it.gaps().usual()).orElse(0L);
        }

        /// From how many gaps that is.
        public long gaps() {
            return use.map(it -> (long) it.gaps().count()).orElse(0L);
        }

        /// All of it by the names that policies know it by, but for what comes of the findings.
        public SortedMap<String, Object> facts() {
            var facts = new TreeMap<String, Object>();
            facts.put("usage.idle_days", idleDays);
            facts.put("usage.uses", uses());
            facts.put("usage.gap_days", usualGap());
            facts.put("usage.gaps", gaps());
            facts.put("usage.mature", mature);
            facts.put("usage.first_time_scopes", firstTimeScopes);
            signs.putInto(facts);
            return facts;
        }

        /// Unused for more than 14 days and more than four times its usual gap between days of use.
        public boolean dormant() {
            return Counter.isDormant(idleDays, usualGap());
        }

        /// Unused for more than 60 days and more than ten times its usual gap between days of use.
        public boolean revived() {
            return Counter.isRevived(idleDays, usualGap());
        }
    }
}
