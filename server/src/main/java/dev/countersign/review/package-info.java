/// The reviewers' JSON API under `/api/v1`: requests, votes, events, the ledger, what is configured, and the switch.
/// Errors are RFC 9457 problem documents. Start at [dev.countersign.review.Api].
@NullMarked
package dev.countersign.review;

import org.jspecify.annotations.NullMarked;
