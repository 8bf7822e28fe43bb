package dev.countersign.config;

import dev.countersign.ledger.Entry;
import java.time.Instant;

/// One publication of a configuration.
///
/// @param number one more than the one before
/// @param hash the configuration's version, which an earlier publication may have had too
/// @param by who published it
public record Version(long number, String hash, Instant at, Entry.Actor by) {}
