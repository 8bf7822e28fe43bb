/// What is normal for a client: usage profiles, computed from the ledger alone, and the findings that come of
/// them.
///
/// Start at [Profiles], which folds entries and keeps what comes of them. [UsageFold] is the fold by itself,
/// pure; a [Habit] is what it learns of one client, a [Group] what of all of one owner. [Look] holds one [Ask]
/// against that, and [Report] says what of it a reviewer should see. `docs/findings.md` has the formulas.
@NullMarked
package dev.countersign.usage;

import org.jspecify.annotations.NullMarked;
