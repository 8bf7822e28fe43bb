/// Countersign: an OAuth 2.0 token server in which people countersign what machines ask for.
///
/// Start at [Countersign].
@NullMarked
package dev.countersign;

import org.jspecify.annotations.NullMarked;
