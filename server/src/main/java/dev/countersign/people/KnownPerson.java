package dev.countersign.people;

import java.util.List;

/// Somebody whom the configuration names without a password: who signs in with providers, or a bot that has
/// tokens alone. Under the name of a local person it says by which identities that one signs in, too.
///
/// @param email empty when there is none
/// @param identities all of them are this person, who counts once
public record KnownPerson(String user, String name, String email, List<Identity> identities) implements Named {
    /// Keeps its own copy of the identities.
    public KnownPerson {
        identities = List.copyOf(identities);
    }
}
