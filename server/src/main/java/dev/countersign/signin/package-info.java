/// Signing in with OpenID providers: where they are and which keys they sign with, the way of a browser there and back,
/// and whether what they say is to be believed.
///
/// Who somebody is here and what they may is for `people`. Start at [Logins].
@NullMarked
package dev.countersign.signin;

import org.jspecify.annotations.NullMarked;
