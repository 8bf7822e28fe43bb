package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;

/// A session as lists show one: it opens nothing.
///
/// @param id the keyed hash of its cookie
/// @param seen when it last called, to the minute
/// @param userAgent the family of the browser
/// @param authenticated when its person last proved who they are
/// @param issuer the provider that signed it in; empty when a password did
public record OpenSession(
        String id,
        PersonId person,
        Instant created,
        Instant seen,
        String userAgent,
        Instant authenticated,
        Optional<String> issuer) {}
