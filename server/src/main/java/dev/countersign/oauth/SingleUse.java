package dev.countersign.oauth;

import java.time.Instant;

/// The memory of what may be used once: identifiers of proofs and assertions. The store keeps it.
@FunctionalInterface
public interface SingleUse {
    /// Spends a value; false when it was spent before.
    ///
    /// @param kind what the value is, so that values of different kinds never meet
    /// @param until from when the value is refused on other grounds, so that it may be forgotten
    boolean spend(String kind, String value, Instant until);
}
