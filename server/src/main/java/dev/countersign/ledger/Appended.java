package dev.countersign.ledger;

import java.time.Instant;
import java.util.Optional;

/// Where an entry came to stand.
///
/// @param hash what tokens and later entries of the same request name it by
/// @param at to the millisecond, as in the leaf
public record Appended(long index, LeafHash hash, Code code, Optional<String> request, Instant at) {}
