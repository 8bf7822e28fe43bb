package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;

/// One stay of a person in a group: from `since`, with it, to `until`, without it; empty while it lasts.
public record Membership(String group, PersonId person, Instant since, Optional<Instant> until) {
    /// Whether the person was in the group at that instant.
    public boolean covers(Instant at) {
        return !at.isBefore(since) && until.map(at::isBefore).orElse(true);
    }
}
