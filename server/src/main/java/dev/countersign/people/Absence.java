package dev.countersign.people;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// A time in which somebody is away, by their own word.
///
/// @param zone by whose clocks they said it
/// @param substitute who may vote in their place meanwhile, where policy lets them; empty when nobody does
public record Absence(
        String id, PersonId person, Instant from, Instant until, ZoneId zone, Optional<PersonId> substitute) {
    /// Whether it has begun and is not over.
    public boolean covers(Instant now) {
        return !now.isBefore(from) && now.isBefore(until);
    }
}
