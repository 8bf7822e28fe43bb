package dev.countersign.approval;

import dev.countersign.policy.Amounts;
import dev.countersign.policy.FactSchema;
import dev.countersign.policy.Facts;

/// What a client was given of one API in the last 24 hours, as it is counted at one moment.
public sealed interface Counted {
    /// Nobody wants to know, and no token is counted.
    record Not() implements Counted {}

    /// Tokens are counted, but not for a day yet.
    record Partly() implements Counted {}

    /// So much, with what the client waits for and what it asks now.
    record Known(long tokens, Amounts amounts) implements Counted {}

    /// Tells it as facts; unknown where it is not known.
    default void tell(Facts.Builder facts) {
        switch (this) {
            case Known(var tokens, var amounts) -> facts.pastDay(tokens, amounts);
            case Not _, Partly _ -> facts.unknown(FactSchema.PAST_DAY_TOKENS).unknown(FactSchema.PAST_DAY_AMOUNTS);
        }
    }
}
