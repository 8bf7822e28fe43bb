package dev.countersign.usage;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// How often something was used.
///
/// @param uses how many tokens
/// @param first when the first was minted
/// @param last when the last was
/// @param days on how many days (UTC)
/// @param gaps between days of use
public record Counter(long uses, Instant first, Instant last, long days, Gaps gaps) {
    private static final int DORMANT_DAYS = 14;
    private static final int DORMANT_GAPS = 4;
    private static final int REVIVED_DAYS = 60;
    private static final int REVIVED_GAPS = 10;

    /// Used once, then.
    static Counter once(Instant at) {
        return new Counter(1, at, at, 1, Gaps.NONE);
    }

    /// Used once more. Entries come in the order of the ledger; one that claims an earlier time than its
    /// predecessor starts no new day.
    Counter used(Instant at) {
        if (!at.isAfter(last)) {
            return new Counter(uses + 1, first, last, days, gaps);
        }
        long gap = ChronoUnit.DAYS.between(last.truncatedTo(ChronoUnit.DAYS), at.truncatedTo(ChronoUnit.DAYS));
        return gap == 0
                ? new Counter(uses + 1, first, at, days, gaps)
                : new Counter(uses + 1, first, at, days + 1, gaps.and(gap));
    }

    /// Whole days since it was used.
    long idleDays(Instant now) {
        return Math.max(0, Duration.between(last, now).toDays());
    }

    /// Unused for more than 14 days and more than four times its usual gap.
    boolean isDormant(Instant now) {
        return isDormant(idleDays(now), gaps.usual());
    }

    static boolean isDormant(long idleDays, long usualGap) {
        return idleDays > Math.max(DORMANT_DAYS, DORMANT_GAPS * usualGap);
    }

    /// Unused for more than 60 days and more than ten times its usual gap.
    static boolean isRevived(long idleDays, long usualGap) {
        return idleDays > Math.max(REVIVED_DAYS, REVIVED_GAPS * usualGap);
    }

    List<Object> form() {
        return List.of(uses, first.toEpochMilli(), last.toEpochMilli(), days, gaps.form());
    }

    static Counter of(Form form) {
        return new Counter(form.number(), form.instant(), form.instant(), form.number(), Gaps.of(form.list()));
    }
}
