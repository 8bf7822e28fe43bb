/// The words of OAuth as values: parameters, errors, scopes, details, proofs of possession, text of clients.
///
/// Start at [Edge], where every refusal becomes a reply, and [Params], what a request says. [DpopProofs] proves keys;
/// [AuthorizationDetails] reads RFC 9396 objects against their [DetailsType]. Nothing here knows a client, a policy or
/// a store: what has to be remembered goes through [SingleUse].
@NullMarked
package dev.countersign.oauth;

import org.jspecify.annotations.NullMarked;
