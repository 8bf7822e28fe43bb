package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;

/// One stay of a person in a group: from `since`, with it, to `until`, without it; empty while it lasts.
///
/// Whoever may be on call stays in the group as long as a calendar may name them, and has its rights during their
/// shifts: there is one of these for each shift, and one that gives none while there was no shift.
///
/// @param lapses from when on it gives no right any more, unless its provider says it again; empty when the
///     configuration says it
/// @param shift when it is by being on call
public record Membership(
        String group,
        PersonId person,
        Instant since,
        Optional<Instant> until,
        Optional<Instant> lapses,
        Optional<Shift> shift) {
    /// Somebody's time on call.
    ///
    /// @param planned when it ends by the calendar
    public record Shift(Instant since, Instant planned) {}

    /// A stay that the configuration says.
    public Membership(String group, PersonId person, Instant since, Optional<Instant> until) {
        this(group, person, since, until, Optional.empty(), Optional.empty());
    }

    /// Whether the person was in the group at that instant, as far as anybody has said. What holds a person back asks
    /// this: a provider that was not heard for long has not let them go.
    public boolean covers(Instant at) {
        return !at.isBefore(since) && until.map(at::isBefore).orElse(true);
    }

    /// Whether it gave the person a right at that instant.
    public boolean counts(Instant at) {
        return covers(at)
                && lapses.map(at::isBefore).orElse(true)
                && shift.map(it -> !at.isBefore(it.since())).orElse(true);
    }

    /// Whether it is by being on call.
    public boolean isShift() {
        return shift.isPresent();
    }

    /// Whether the person could be asked at that instant: whose provider was not heard for long may come back and be
    /// heard, and who is not on call is left alone.
    public boolean isThere(Instant at) {
        return isShift() ? counts(at) : covers(at);
    }

    /// Whether a vote that was cast at an instant still counts at another: nobody's does who was taken out of the group
    /// since, and everybody's whose shift is over since.
    public boolean stillCounts(Instant cast, Instant at) {
        return isShift() ? counts(cast) && covers(at) : counts(at);
    }
}
