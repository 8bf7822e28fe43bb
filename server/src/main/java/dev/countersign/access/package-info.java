/// What clients may do and do not: registrations of the past held against the use that the ledger tells of. Start at
/// [dev.countersign.access.Reports].
@NullMarked
package dev.countersign.access;

import org.jspecify.annotations.NullMarked;
