package dev.countersign.approval;

import java.time.Instant;
import java.util.List;

/// Something smaller that could be asked for instead: for those who may read the rules, and never for a client.
public sealed interface Alternative {
    /// What that is.
    Allowance what();

    /// Policy would let it through, or put it before people, by its rules in force and what was known then.
    ///
    /// @param verdict `approve` or `review`
    record ByPolicy(Allowance what, String verdict, List<String> rules) implements Alternative {}

    /// People granted it to the same client not long ago.
    record ByPeople(Allowance what, Instant at) implements Alternative {}
}
