/// Whether what must always hold does hold in an installation, from its store, ledger and configuration alone and
/// without changing anything. Start at [dev.countersign.doctor.Doctor].
@NullMarked
package dev.countersign.doctor;

import org.jspecify.annotations.NullMarked;
