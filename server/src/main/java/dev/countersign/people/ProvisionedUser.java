package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;

/// Somebody whom a provider provisions: a user of RFC 7643 §4.1.
///
/// @param id what we call them to the provider, and nowhere else
/// @param version counts the changes, from 1
public record ProvisionedUser(String id, String issuer, Said said, Instant created, Instant changed, long version) {
    /// What the provider says of them.
    ///
    /// @param active whether they may come
    /// @param name the name that others read
    /// @param email empty when there is none
    /// @param attributes the resource as it is kept, as JSON
    public record Said(
            String userName,
            Optional<String> externalId,
            boolean active,
            String name,
            String email,
            String attributes) {}

    /// The identity that they sign in with; empty when the provider does not say.
    Optional<Identity> identity(Provisioner provisioner) {
        var subject =
                provisioner.subject().equals(Provisioner.USER_NAME) ? Optional.of(said.userName()) : said.externalId();
        return subject.map(it -> new Identity(issuer, it));
    }
}
