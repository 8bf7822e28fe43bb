package dev.countersign.access;

import java.util.Comparator;
import java.util.Locale;

/// One thing that a registration lets a client ask for.
///
/// @param resource the API; empty of a grant
/// @param name the scope, details type or grant type
public record Permission(Kind kind, String resource, String name) implements Comparable<Permission> {
    /// The kinds of what is registered.
    public enum Kind {
        GRANT,
        SCOPE,
        DETAILS;

        /// As it stands in the API.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public int compareTo(Permission other) {
        return Comparator.comparing(Permission::kind)
                .thenComparing(Permission::resource)
                .thenComparing(Permission::name)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case GRANT -> "grant " + name;
            case SCOPE -> name + " at " + resource;
            case DETAILS -> "details of type " + name + " at " + resource;
        };
    }
}
