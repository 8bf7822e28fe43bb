/// What this server can do, for clients that ask it: metadata (RFC 8414) and keys (RFC 7517).
@NullMarked
package dev.countersign.discovery;

import org.jspecify.annotations.NullMarked;
