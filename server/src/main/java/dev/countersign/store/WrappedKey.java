package dev.countersign.store;

import java.time.Instant;
import java.util.Optional;

/// A key of the store, as far as everyone may know it. The secret part is asked of [WrappedKeys].
///
/// @param kind what it is for: `token`, `ledger`, …
/// @param algorithm how it signs or encrypts
/// @param publicPart in the form its kind has, as text; empty for a key that is all secret
/// @param activeFrom from when on it is used
/// @param retiredAt since when nothing new is made with it; empty while it is in use
public record WrappedKey(
        String id,
        String kind,
        String algorithm,
        String publicPart,
        Instant createdAt,
        Instant activeFrom,
        Optional<Instant> retiredAt) {}
