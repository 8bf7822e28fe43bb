package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.policy.RuleTrace;
import dev.countersign.policy.Verdict;
import dev.countersign.usage.Finding;
import java.util.List;

/// A request with what policy says of it and what that was based on.
///
/// @param ask the most that can be granted: what is asked, with policy's cap on the lifetime
/// @param facts the decision inputs in their stored form
/// @param trace each rule's part in the verdict; in words once people are asked
/// @param reasonDigest the ledger's digest of the client's reason; empty when it gave none
/// @param ownedBy the group that owns the client
/// @param limits what one client may take up, by the configuration that the verdict comes from
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
        InForce.Limits limits) {}
