package dev.countersign.approval;

import dev.countersign.ledger.LeafHash;
import java.time.Instant;

/// The one token of an approval.
///
/// @param id its `jti`
/// @param granted what it allows; its lifetime is the token's own
/// @param at when it was minted, in whole seconds
/// @param expiresAt its `exp`, in whole seconds
/// @param entry its ledger entry
public record MintedToken(String id, Allowance granted, Instant at, Instant expiresAt, LeafHash entry) {}
