package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// How often something was used.
///
/// @param uses how many tokens
/// @param first when the first was minted
/// @param last when the last was
/// @param days on how many days (UTC)
public record Counter(long uses, Instant first, Instant last, long days) {
    /// Used once, then.
    static Counter once(Instant at) {
        return new Counter(1, at, at, 1);
    }

    /// Used once more. Entries come in the order of the ledger; one that claims an earlier time than its predecessor
    /// starts no new day.
    Counter used(Instant at) {
        if (!at.isAfter(last)) {
            return new Counter(uses + 1, first, last, days);
        }
        return new Counter(uses + 1, first, at, sameDay(last, at) ? days : days + 1);
    }

    /// The usual gap between days of use, in days, rounded up; 0 while there was one day only.
    long usualGap() {
        return days < 2 ? 0 : Math.ceilDiv(Duration.between(first, last).toDays(), days - 1);
    }

    private static boolean sameDay(Instant a, Instant b) {
        return a.truncatedTo(ChronoUnit.DAYS).equals(b.truncatedTo(ChronoUnit.DAYS));
    }
}
