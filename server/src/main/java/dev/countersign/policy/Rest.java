package dev.countersign.policy;

import java.time.Duration;

/// That who approved much in a short time approves no more for now: what one agrees to by habit is looked at by nobody.
/// A denial always counts.
///
/// @param approvals from how many on, of any requests
/// @param per in which stretch before a vote they are counted
public record Rest(int approvals, Duration per) {
    public Rest {
        if (approvals < 1 || !per.isPositive()) {
            throw new IllegalArgumentException("one rests after an approval at least, and for a while: " + approvals);
        }
    }

    /// What this and another ask for together.
    Rest and(Rest other) {
        return new Rest(Math.min(approvals, other.approvals), per.compareTo(other.per) >= 0 ? per : other.per);
    }

    /// Whether who may approve by it may by that one, too.
    boolean isWithin(Rest other) {
        return approvals <= other.approvals && per.compareTo(other.per) >= 0;
    }
}
