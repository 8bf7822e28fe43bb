package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;

/// One stay of a person in a group: from `since`, with it, to `until`, without it; empty while it lasts.
///
/// @param lapses from when on it gives no right any more, unless its provider says it again; empty when the
///     configuration says it
public record Membership(
        String group, PersonId person, Instant since, Optional<Instant> until, Optional<Instant> lapses) {
    /// A stay that the configuration says.
    public Membership(String group, PersonId person, Instant since, Optional<Instant> until) {
        this(group, person, since, until, Optional.empty());
    }

    /// Whether the person was in the group at that instant, as far as anybody has said. What holds a person back asks
    /// this: a provider that was not heard for long has not let them go.
    public boolean covers(Instant at) {
        return !at.isBefore(since) && until.map(at::isBefore).orElse(true);
    }

    /// Whether it gave the person a right at that instant.
    public boolean counts(Instant at) {
        return covers(at) && lapses.map(at::isBefore).orElse(true);
    }
}
