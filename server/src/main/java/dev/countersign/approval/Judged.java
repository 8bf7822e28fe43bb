package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.policy.Policy;
import dev.countersign.policy.RuleTrace;
import dev.countersign.policy.Verdict;
import dev.countersign.usage.Finding;
import java.util.List;
import java.util.Optional;

/// A request with what policy says of it and what that was based on.
///
/// @param ask the most that can be granted: what is asked, with policy's cap on the lifetime
/// @param facts the decision inputs in their stored form
/// @param trace each rule's part in the verdict; in words once people are asked
/// @param reasonDigest the ledger's digest of the client's reason; empty when it gave none
/// @param ownedBy the group that owns the client
/// @param observed that the verdict is recorded and not followed; empty when it is followed
/// @param limits what one client may take up, by the configuration that the verdict comes from
/// @param policy what the verdict comes from
/// @param counted what the client was given in the last 24 hours, as the facts have it
public record Judged(
        AccessRequest request,
        Verdict verdict,
        Allowance ask,
        Risk risk,
        String facts,
        List<RuleTrace> trace,
        List<Finding> findings,
        String reasonDigest,
        String ownedBy,
        Optional<Observed> observed,
        InForce.Limits limits,
        Policy policy,
        Counted counted) {
    /// The same, observed only.
    Judged observed(Observed only) {
        return new Judged(
                request,
                verdict,
                ask,
                risk,
                facts,
                trace,
                findings,
                reasonDigest,
                ownedBy,
                Optional.of(only),
                limits,
                policy,
                counted);
    }

    /// As much of it as is granted when it passes at once.
    Allowance granted() {
        return observed.map(Observed::granted).orElse(ask);
    }

    /// Whether what comes of it is what policy says: it is not observed only, or that makes no difference.
    boolean isFollowed() {
        return observed.isEmpty()
                || (verdict instanceof Verdict.Approve
                        && observed.get().granted().equals(ask));
    }
}
