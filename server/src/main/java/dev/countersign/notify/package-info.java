/// Tells others outside what happens: notifiers, as a configuration calls them.
///
/// Start at [Outbox], which makes a [Message] of each entry of the ledger that a [Notifier] wants to hear of,
/// and sends it until it is taken or given up. Nothing on the way of a request waits for it. What a message
/// says is in its [Letter]; how it is said is each channel's own.
@NullMarked
package dev.countersign.notify;

import org.jspecify.annotations.NullMarked;
