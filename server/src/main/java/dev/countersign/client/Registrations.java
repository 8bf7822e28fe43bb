package dev.countersign.client;

import dev.countersign.client.Client.Authentication;
import dev.countersign.client.Client.SecretHash;
import java.security.Provider;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The clients of a configuration, each with its keys translated when it first comes. What was translated is kept for
/// as long as the same map is asked about.
final class Registrations {
    private final @Nullable Provider provider;
    private volatile Known known = new Known(Map.of(), new ConcurrentHashMap<>());

    /// One configuration and what was found in it.
    private record Known(Map<String, Client> clients, Map<String, Registered> found) {}

    Registrations(@Nullable Provider provider) {
        this.provider = provider;
    }

    /// A client and its keys, of which one that authenticates by secret has none.
    record Registered(Client client, RegisteredKeys keys) {
        /// Its secrets, if it is registered for this method.
        Optional<List<SecretHash>> secrets(Client.Method method) {
            return client.auth() instanceof Authentication.Secret(var registered, var secrets) && registered == method
                    ? Optional.of(secrets)
                    : Optional.empty();
        }

        /// Whether the credential of this short name may still prove it, see [AuthenticatedClient#credential].
        boolean has(String credential, Instant now) {
            return switch (client.auth()) {
                case Authentication.PrivateKeyJwt _ ->
                    keys.keys().stream().anyMatch(it -> it.thumbprint.equals(credential));
                case Authentication.Secret(_, var secrets) ->
                    secrets.stream().anyMatch(it -> Clients.credential(it.hex()).equals(credential) && it.goodAt(now));
            };
        }
    }

    Optional<Registered> find(Map<String, Client> clients, String id) {
        var current = known(clients);
        var client = current.clients().get(id);
        return client == null
                ? Optional.empty()
                : Optional.of(current.found().computeIfAbsent(id, _ -> new Registered(client, keys(client))));
    }

    private RegisteredKeys keys(Client client) {
        return switch (client.auth()) {
            case Authentication.PrivateKeyJwt(var keys) -> RegisteredKeys.of(keys, provider);
            case Authentication.Secret _ -> RegisteredKeys.NONE;
        };
    }

    @SuppressWarnings("ReferenceEquality") // another map is another configuration; comparing contents would cost
    private Known known(Map<String, Client> now) {
        var current = known;
        if (current.clients() != now) {
            current = new Known(now, new ConcurrentHashMap<>());
            known = current;
        }
        return current;
    }
}
