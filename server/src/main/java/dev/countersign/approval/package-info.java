/// From a verdict to an outcome: the life of an approval. [dev.countersign.approval.Gate] is the only maker of permits;
/// [dev.countersign.approval.Approval] holds the states and their pure steps. `docs/approvals.md` has the table of
/// states, events and ledger codes. Start at `Gate`.
@NullMarked
package dev.countersign.approval;

import org.jspecify.annotations.NullMarked;
