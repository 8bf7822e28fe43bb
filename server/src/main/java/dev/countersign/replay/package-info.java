/// Decisions of the past, judged again by the policy of then or by another: why one request got what it got, and what a
/// candidate would have done. Reads the store and changes nothing. Start at [dev.countersign.replay.Past].
@NullMarked
package dev.countersign.replay;

import org.jspecify.annotations.NullMarked;
