/// From a folder that somebody sends to the configuration in force: read and tested, held against what is in force, and
/// written with its ledger entry. Start at [dev.countersign.publish.Publishing].
@NullMarked
package dev.countersign.publish;

import org.jspecify.annotations.NullMarked;
