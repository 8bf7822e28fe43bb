package dev.countersign.people;

/// A person whose password hash stands in the configuration.
///
/// @param email empty when there is none
public record LocalPerson(String user, String name, String email, PasswordHash passwordHash) implements Named {
    /// The same from the hash's PHC form.
    ///
    /// @throws IllegalArgumentException with a sentence that says what is wrong with the hash
    public LocalPerson(String user, String name, String email, String passwordHash) {
        this(user, name, email, PasswordHash.parse(passwordHash));
    }
}
