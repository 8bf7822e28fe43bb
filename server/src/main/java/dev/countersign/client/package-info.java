/// Clients and how they prove who they are. The only maker of an authenticated client.
@NullMarked
package dev.countersign.client;

import org.jspecify.annotations.NullMarked;
