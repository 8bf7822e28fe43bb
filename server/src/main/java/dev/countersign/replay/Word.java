package dev.countersign.replay;

import dev.countersign.policy.Verdict;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

    /// The one of that word; empty when there is none.
    static Optional<Word> of(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }

    /// As policies write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
