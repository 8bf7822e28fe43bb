package dev.countersign.people;

/// Somebody whom the configuration names.
public sealed interface Named permits LocalPerson, KnownPerson {
    /// The name that the configuration calls them by.
    String user();

    /// The name that others read.
    String name();

    /// Empty when there is none.
    String email();
}
