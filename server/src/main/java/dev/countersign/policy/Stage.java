package dev.countersign.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A group and how many of its members must approve: one at least.
///
/// @param escalates who may in its place, too, after a while; empty for nobody
public record Stage(String group, int votes, Optional<Escalation> escalates) {
    public Stage {
        if (group.isEmpty() || votes < 1) {
            throw new IllegalArgumentException("a stage asks one member of a group at least: " + group + " " + votes);
        }
    }

    /// One that only its group decides.
    public Stage(String group, int votes) {
        this(group, votes, Optional.empty());
    }

    /// Who may decide in its group's place, of what was asked at `made`; empty while nobody may.
    public Optional<String> standIn(Instant made, Instant now) {
        return escalates.filter(it -> !now.isBefore(it.due(made))).map(Escalation::to);
    }

    /// Whether who met this one has met that one, too.
    public boolean covers(Stage wanted) {
        return group.equals(wanted.group)
                && votes >= wanted.votes
                && escalates.stream()
                        .allMatch(it -> wanted.escalates.filter(it::isWithin).isPresent());
    }

    /// What this and another of the same group ask for together: the more votes, and nobody in the group's place
    /// whom either does not let.
    Stage and(Stage other) {
        return new Stage(
                group,
                Math.max(votes, other.votes),
                escalates.flatMap(mine -> other.escalates.flatMap(theirs -> mine.isWithin(theirs)
                        ? Optional.of(mine)
                        : theirs.isWithin(mine) ? Optional.of(theirs) : Optional.empty())));
    }

    /// The same, decided within that time: whoever would be asked later never is.
    Stage within(Duration within) {
        return new Stage(group, votes, escalates.filter(it -> it.after().compareTo(within) < 0));
    }
}
