package dev.countersign.config;

import java.util.Optional;

/// What a publication means to replace.
///
/// @param base the version it was made from, which must be in force still; empty for whatever is in force
/// @param again whether it may be a configuration that was superseded
public record Onto(Optional<String> base, boolean again) {
    /// Whatever is in force, unless it superseded the configuration itself.
    public static final Onto ANY = new Onto(Optional.empty(), false);

    /// Whatever is in force.
    public static final Onto AGAIN = new Onto(Optional.empty(), true);

    /// That version and no other.
    public static Onto version(String base) {
        return new Onto(Optional.of(base), false);
    }
}
