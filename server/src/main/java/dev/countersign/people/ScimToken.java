package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;

/// What a provider shows when it provisions, as the server knows it. It opens nothing else.
///
/// @param issuer the provider; what it says is of that one's people alone
/// @param label what an administrator calls it; empty when nothing
/// @param revoked when it was ended early
public record ScimToken(
        String id, String issuer, String label, Instant created, Instant expires, Optional<Instant> revoked) {}
