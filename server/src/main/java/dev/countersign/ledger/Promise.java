package dev.countersign.ledger;

/// What the entries of a request promise together, and an entry that should not have been written breaks.
public enum Promise {
    /// A token follows an approval that still stood.
    LEAVE,
    /// A request is decided once, and nobody votes after that.
    ONE_DECISION,
    /// An approval gives as many tokens as were agreed to.
    ONE_TOKEN,
    /// No token outlives what was approved.
    LIFETIME,
    /// Enough people agreed, each for themselves and none for their own request.
    QUORUM,
    /// A request goes from state to state and never back, and each entry follows the one before it.
    FORWARD,
    /// What is granted is what was asked and agreed to, or less.
    TERMS,
    /// What was ended stays ended.
    END
}
