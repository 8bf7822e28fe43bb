/// A process that answers whether formulas can be true. It knows nothing of policies; start at [Main].
@NullMarked
package dev.countersign.prover;

import org.jspecify.annotations.NullMarked;
