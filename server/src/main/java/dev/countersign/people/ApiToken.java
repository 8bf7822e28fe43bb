package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A bearer token for the JSON API, as the server knows it.
///
/// @param scopes of [ApiScope], sorted
/// @param label what its owner calls it; empty when nothing
/// @param revoked when it was ended early
public record ApiToken(
        String id,
        PersonId person,
        Set<String> scopes,
        String label,
        Instant created,
        Instant expires,
        Optional<Instant> revoked) {}
