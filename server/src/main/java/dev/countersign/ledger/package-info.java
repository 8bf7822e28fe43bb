/// The ledger: the leaves, the tree over them, its signed checkpoints, the proofs, and who checks them. Every table
/// above writes to it in its own transaction.
///
/// Start at [Ledger], which writes, and [Verifier], which believes nothing. Where one node writes, [Sequencer] gives
/// leaves their places; where several do, [Staging]. The tree is RFC 6962's, its files and
/// signatures are C2SP's: tlog-tiles, tlog-checkpoint, signed-note, tlog-proof.
@NullMarked
package dev.countersign.ledger;

import org.jspecify.annotations.NullMarked;
