package dev.countersign.config;

import dev.countersign.ledger.Entry;
import java.time.Instant;

/// One publication of a configuration.
///
/// @param number one more than the one before
/// @param hash the configuration's version, which an earlier publication may have had too
/// @param by who published it
/// @param signsLooks whether what people say of broken glass is signed where votes would be; what a
///     server published that does not know of that says no
public record Version(long number, String hash, Instant at, Entry.Actor by, boolean signsLooks) {}
