package dev.countersign.approval;

import dev.countersign.oauth.Risk;
import dev.countersign.policy.Verdict;
import dev.countersign.usage.Finding;
import java.time.Instant;
import java.util.List;

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
        Instant decideBy) {}
