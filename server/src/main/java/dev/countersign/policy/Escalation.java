package dev.countersign.policy;

import java.time.Duration;
import java.time.Instant;

/// Who may decide in place of a stage's group, too, when a request still waits after a while. It adds people, and
/// lowers no number of votes.
///
/// @param after how long after the request was made
/// @param to the group whose members may
public record Escalation(Duration after, String to) {
    public Escalation {
        if (to.isEmpty() || !after.isPositive()) {
            throw new IllegalArgumentException("a request escalates after a while and to a group: " + after + " " + to);
        }
    }

    /// When it falls due for what was asked at `made`.
    public Instant due(Instant made) {
        return made.plus(after);
    }

    /// Whether it lets nobody decide whom that one does not let, and nobody sooner.
    boolean isWithin(Escalation other) {
        return to.equals(other.to) && after.compareTo(other.after) >= 0;
    }
}
