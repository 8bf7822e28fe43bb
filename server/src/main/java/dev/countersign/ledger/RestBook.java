package dev.countersign.ledger;

import dev.countersign.ledger.Auditor.Objection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// How much people approved of late by the entries so far, and whether who approved had to rest.
///
/// What stands within [Auditor#SKEW] of a vote or of the stretch's beginning is not held against it: entries of one
/// person on
/// several nodes need not be in the order in which they were counted.
final class RestBook {
    /// The longest stretch that a rule counts in.
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Map<String, Deque<Instant>> approvals = new HashMap<>();

    void voted(EntryView vote, EntryView judged) throws Objection {
        if (!vote.text(Member.VOTE).equals(Member.APPROVE)) {
            return;
        }
        var of = approvals.computeIfAbsent(vote.actor().id(), _ -> new ArrayDeque<>());
        of.removeIf(it -> it.isBefore(vote.at().minus(LONGEST).minus(Auditor.SKEW)));
        if (judged.body().get(Member.REST) instanceof Map<?, ?> rest
                && rest.get(Member.APPROVALS) instanceof Long most
                && rest.get(Member.PER) instanceof Long seconds) {
            var from = vote.at().minusSeconds(seconds).plus(Auditor.SKEW);
            var until = vote.at().minus(Auditor.SKEW);
            Objection.unless(
                    of.stream()
                                    .filter(it -> it.isAfter(from) && it.isBefore(until))
                                    .count()
                            < most,
                    Promise.QUORUM,
                    vote.actor().id() + " had approved so much that its verdict has them rest");
        }
        of.add(vote.at());
    }
}
