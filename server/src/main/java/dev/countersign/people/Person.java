package dev.countersign.people;

/// A person as the pages show one.
///
/// @param id the pseudonym that the ledger knows
/// @param login where the person signs in: `local`, or the id of an OpenID provider
/// @param user the name typed at sign-in, unique within the login
/// @param name the name that others read
/// @param email empty when there is none
public record Person(PersonId id, String login, String user, String name, String email) {
    /// The login of those whose password hash stands in the configuration.
    public static final String LOCAL = "local";
}
