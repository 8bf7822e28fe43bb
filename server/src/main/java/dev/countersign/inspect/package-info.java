/// What a token is worth, and its end: introspection (RFC 7662) and revocation (RFC 7009).
@NullMarked
package dev.countersign.inspect;

import org.jspecify.annotations.NullMarked;
