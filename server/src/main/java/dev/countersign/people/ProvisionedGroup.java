package dev.countersign.people;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A group that a provider provisions: one of RFC 7643 §4.2. Whether it is a group here is for the configuration.
///
/// @param id what we call it to the provider, and nowhere else
/// @param version counts the changes, from 1
public record ProvisionedGroup(String id, String issuer, Said said, Instant created, Instant changed, long version) {
    /// What the provider says of it.
    ///
    /// @param shown the display name
    /// @param members the ids of users; empty also where they were not asked for
    public record Said(String shown, Optional<String> externalId, Set<String> members) {
        /// Keeps its own copy of the members.
        public Said {
            members = Set.copyOf(members);
        }

        /// What `from` calls it; empty when the provider does not say.
        String name(Provisioner provisioner) {
            return provisioner.named().equals(Provisioner.EXTERNAL_ID) ? externalId.orElse("") : shown;
        }

        Said with(Set<String> others) {
            return new Said(shown, externalId, others);
        }
    }
}
