/// What is normal for a client: usage profiles, computed from the ledger alone, and the findings that come of them.
///
/// Start at [Profiles], which folds entries into counters and keeps them. [UsageFold] is the fold by itself, pure;
/// [UsageFacts] what it says of one request; [Finding] what of that a reviewer should see.
@NullMarked
package dev.countersign.usage;

import org.jspecify.annotations.NullMarked;
