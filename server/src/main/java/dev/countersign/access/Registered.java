package dev.countersign.access;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/// A client as it is registered now.
///
/// @param permissions each with when it was registered, as far as that is after the time that is looked at began; what
///     was taken out and came back counts from then
record Registered(
        String id, String name, String owner, boolean disabled, SortedMap<Permission, Optional<Instant>> permissions) {}
