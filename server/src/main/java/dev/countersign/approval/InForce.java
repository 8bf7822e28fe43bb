package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.oauth.Resource;
import dev.countersign.people.Group;
import dev.countersign.policy.Policy;
import dev.countersign.policy.Surroundings;
import dev.countersign.source.FactSource;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// The configuration in force, as far as those who decide need it: one version, read once a request.
///
/// @param surroundings what facts of time and place are told by
/// @param sources those that rules speak of, by name
/// @param passkeysAgreedBy the group whose members agree to passkeys
public record InForce(
        Map<String, Client> clients,
        Map<String, Resource> resources,
        Policy policy,
        Surroundings surroundings,
        Map<String, FactSource> sources,
        Limits limits,
        String passkeysAgreedBy) {

    /// One where administrators agree to passkeys.
    public InForce(
            Map<String, Client> clients,
            Map<String, Resource> resources,
            Policy policy,
            Surroundings surroundings,
            Map<String, FactSource> sources,
            Limits limits) {
        this(clients, resources, policy, surroundings, sources, limits, Group.ADMINISTRATORS);
    }

    /// The groups whose members are on a client's side: who owned it then, and who owns it today.
    Set<String> owners(String client, String then) {
        var now = clients.get(client);
        return now == null || now.owner().equals(then) ? Set.of(then) : Set.of(then, now.owner());
    }

    /// The same with any number of requests waiting for each reviewer.
    InForce uncapped() {
        return new InForce(clients, resources, policy, surroundings, sources, limits.uncapped(), passkeysAgreedBy);
    }

    /// What one client may take up.
    ///
    /// @param againAfter how long the same request is refused after a denial or expiry
    /// @param pendingPerClient how many requests of one client may wait for votes
    /// @param pendingPerReviewer how many requests may wait for one reviewer; empty for any
    /// @param syncWait how long a request is held when its client does not say
    public record Limits(Duration againAfter, int pendingPerClient, OptionalInt pendingPerReviewer, Duration syncWait) {
        /// One that leaves it to reviewers how many wait for them.
        public Limits(Duration againAfter, int pendingPerClient, Duration syncWait) {
            this(againAfter, pendingPerClient, OptionalInt.empty(), syncWait);
        }

        /// The same where reviewers are asked whatever waits for them.
        Limits uncapped() {
            return new Limits(againAfter, pendingPerClient, syncWait);
        }
    }
}
