package dev.countersign.people;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Somebody whom an OpenID provider has signed in, as it says.
///
/// @param login what the configuration calls the provider
/// @param user what it says others call them; nobody's identity
/// @param email empty when there is none that it vouches for
/// @param groups what it calls each of our groups that they are in
/// @param goodFor how long that gives them rights without being said again
/// @param authenticated when they proved to it who they are
/// @param providerSession what it calls its own session; empty when it does not say
/// @param from the address the browser came from, as far as trusted proxies tell
/// @param userAgent the header
/// @param session the cookie of the session the browser is in, which ends
public record Arrival(
        String login,
        Identity identity,
        String user,
        String name,
        String email,
        Map<String, String> groups,
        Duration goodFor,
        Instant authenticated,
        String providerSession,
        InetAddress from,
        Optional<String> userAgent,
        Optional<String> session) {
    /// Keeps its own copy of the groups.
    public Arrival {
        groups = Map.copyOf(groups);
    }

    /// The same of a provider that is not heard of groups.
    Arrival withoutGroups() {
        return new Arrival(
                login,
                identity,
                user,
                name,
                email,
                Map.of(),
                goodFor,
                authenticated,
                providerSession,
                from,
                userAgent,
                session);
    }

    /// Keeps the cookie out of logs.
    @Override
    public String toString() {
        return "Arrival[" + login + " from " + from + "]";
    }
}
