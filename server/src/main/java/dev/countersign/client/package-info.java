/// Clients and how they prove who they are. The only maker of an authenticated client.
///
/// Start at [Clients]. What a request says of itself is [Credentials]; what is registered is [Client].
@NullMarked
package dev.countersign.client;

import org.jspecify.annotations.NullMarked;
