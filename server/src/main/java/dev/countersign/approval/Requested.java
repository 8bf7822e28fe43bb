package dev.countersign.approval;

import dev.countersign.client.Client;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Scopes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// What a client asks for, within its registration: what lies outside is refused before anybody is troubled.
public record Requested(Resource resource, Scopes scopes, AuthorizationDetails details) {
    /// Reads it.
    ///
    /// @param resource the one that is named, RFC 8707 §2; empty for the only one the client has
    /// @param scope as it stands on the wire
    /// @param details the same, as JSON; empty for none
    /// @throws Refusal when it lies outside, or nothing is asked
    public static Requested of(InForce now, Client client, Optional<String> resource, String scope, String details) {
        var at = resource(now, client, resource);
        var registered = new Requested(at, scopes(client, at, scope), details(client, at, details));
        // RFC 6749 §3.3: nothing asked is refused rather than widened to all that the client is registered for.
        if (registered.scopes.isEmpty() && registered.details.isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_SCOPE, "ask for a scope or for authorization_details");
        }
        return registered;
    }

    private static Resource resource(InForce now, Client client, Optional<String> named) {
        var registered = new LinkedHashSet<String>(client.access().keySet());
        registered.addAll(client.details().keySet());
        var id = named.orElseGet(() -> {
            if (registered.size() != 1) {
                throw Refusal.of(ErrorCode.INVALID_TARGET, "say which resource the token is for");
            }
            return registered.getFirst();
        });
        var resource = now.resources().get(id);
        if (resource == null || !registered.contains(id)) {
            throw Refusal.of(ErrorCode.INVALID_TARGET, "this client is not registered for that resource");
        }
        return resource;
    }

    private static Scopes scopes(Client client, Resource resource, String text) {
        var asked = Scopes.parse(text);
        var ceiling = client.access().getOrDefault(resource.id(), Scopes.NONE);
        if (!asked.within(ceiling)) {
            throw Refusal.of(ErrorCode.INVALID_SCOPE, "scope is wider than the client's registration")
                    .because(client.id() + " asked for " + asked + ", may ask for " + ceiling);
        }
        return asked;
    }

    private static AuthorizationDetails details(Client client, Resource resource, String json) {
        if (json.isEmpty()) {
            return AuthorizationDetails.NONE;
        }
        var details = AuthorizationDetails.parse(json, resource.details());
        var allowed = client.details().getOrDefault(resource.id(), List.of());
        if (!allowed.containsAll(details.types())) {
            throw Refusal.of(ErrorCode.INVALID_AUTHORIZATION_DETAILS, "a type is outside the client's registration");
        }
        return details;
    }
}
