/// The token endpoint: parse, authenticate, prove, judge, settle, mint, answer. Start at
/// [dev.countersign.token.TokenEndpoint].
@NullMarked
package dev.countersign.token;

import org.jspecify.annotations.NullMarked;
