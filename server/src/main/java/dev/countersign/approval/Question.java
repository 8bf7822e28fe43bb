package dev.countersign.approval;

import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Risk;
import dev.countersign.oauth.Scopes;
import dev.countersign.policy.Verdict;
import dev.countersign.usage.Finding;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What people are asked: the request, and why policy wants them to decide. Frozen when the request is made.
///
/// @param ask the most that can be granted: what is asked, with policy's cap on the lifetime
/// @param facts the decision inputs as policy read them, in their stored form
/// @param trace each rule's part in the verdict, in words
/// @param ownedBy the group that owned the client when the request was made
/// @param decideBy when silence becomes a denial
public record Question(
        AccessRequest request,
        Allowance ask,
        Risk risk,
        Verdict.Review verdict,
        String facts,
        List<String> trace,
        List<Finding> findings,
        String ownedBy,
        Instant decideBy) {

    /// When others may decide in place of a stage's group, the first time after `now`; empty when that is over.
    Optional<Instant> escalates(Instant now) {
        return verdict.stages().stream()
                .flatMap(it -> it.escalates().stream())
                .map(it -> it.due(request.madeAt()))
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    }

    /// What all of these votes allow. Nothing when a details type has changed since one of them narrowed, so that
    /// theirs is no narrowing any more.
    public Allowance granted(List<Vote> heard, Map<String, DetailsType> types) {
        var narrowed = heard.stream().flatMap(it -> it.narrowed().stream()).toList();
        if (narrowed.stream().anyMatch(it -> it.beyond(ask, types).isPresent())) {
            return new Allowance(Scopes.NONE, AuthorizationDetails.NONE, ask.lifetime());
        }
        return narrowed.stream().reduce(ask, (a, b) -> a.meet(b, ask, types));
    }
}
