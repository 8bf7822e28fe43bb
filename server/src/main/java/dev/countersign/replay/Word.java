package dev.countersign.replay;

import dev.countersign.policy.Verdict;
import java.util.Locale;

/// The three verdicts, the strictest last.
public enum Word {
    APPROVE,
    REVIEW,
    DENY;

    static Word of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Approve _ -> APPROVE;
            case Verdict.Review _ -> REVIEW;
            case Verdict.Deny _ -> DENY;
        };
    }

    /// As policies write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
