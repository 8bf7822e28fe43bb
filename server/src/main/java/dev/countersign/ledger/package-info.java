/// The ledger: entries, tree, checkpoints, proofs. Every table above writes to it in its own transaction.
@NullMarked
package dev.countersign.ledger;

import org.jspecify.annotations.NullMarked;
