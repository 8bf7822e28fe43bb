/// The object graph, put together by hand in the order a request meets the parts, and the life of a server. Start at
/// [dev.countersign.wiring.Wiring].
@NullMarked
package dev.countersign.wiring;

import org.jspecify.annotations.NullMarked;
