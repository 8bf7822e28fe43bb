/// What was handed out and may come back: deferral codes and revocations. Codes are stored as keyed hashes.
@NullMarked
package dev.countersign.issued;

import org.jspecify.annotations.NullMarked;
