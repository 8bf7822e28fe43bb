package dev.countersign.people;

/// A person as the pages show one.
///
/// @param id the pseudonym that the ledger knows
/// @param login who names the person: `local` is the configuration, anything else the issuer of an OpenID provider
/// @param user what others read as the user name: of `local` the one in the configuration, else what the provider last
///     said, which is nobody's identity
/// @param name the name that others read
/// @param email empty when there is none
public record Person(PersonId id, String login, String user, String name, String email) {
    /// The login of those whom the configuration names.
    public static final String LOCAL = "local";

    /// Whether the configuration names them.
    public boolean isNamed() {
        return login.equals(LOCAL);
    }
}
