package dev.countersign.policy;

/// One rule: when it applies, and what it then asks for.
public record Rule(String name, Condition when, Effect then) {
    /// The unknown never helps whoever asks: it keeps an approving rule from applying, and lets the stricter ones
    /// apply.
    boolean applies(Truth truth) {
        return switch (then) {
            case Effect.Approve _ -> truth == Truth.YES;
            case Effect.Review _, Effect.Deny _ -> truth != Truth.NO;
        };
    }

    /// Whether its cap counts: the cap of an approving rule that might hold does, or a missing fact would lift it from
    /// a review that another rule demands.
    boolean caps(Truth truth) {
        return truth != Truth.NO;
    }
}
