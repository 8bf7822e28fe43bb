/// Proves what a policy says of all requests, or refutes it by one. Start at [Proofs], which asks; [Prover] is the
/// process that answers, and `policy.Prospect` the formulas that it is asked about.
@NullMarked
package dev.countersign.proof;

import org.jspecify.annotations.NullMarked;
