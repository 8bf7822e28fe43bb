package dev.countersign.token;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.InForce;
import dev.countersign.client.AuthenticatedClient;
import dev.countersign.client.Client;
import dev.countersign.http.Request;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.AuthorizationDetails;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import dev.countersign.oauth.Resource;
import dev.countersign.oauth.Scopes;
import dev.countersign.store.Ids;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// A client asking on its own behalf, RFC 6749 §4.4.
///
/// A grant proves who asks and what is asked. Whether they may have it is for policy.
public final class ClientCredentialsGrant {
    private final Ledger ledger;
    private final InstantSource clock;

    public ClientCredentialsGrant(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    AccessRequest prove(
            InForce now,
            AuthenticatedClient caller,
            TokenRequest.ClientCredentials asked,
            Optional<String> key,
            Request request) {
        var client = caller.client;
        if (!client.grants().contains(TokenRequest.CLIENT_CREDENTIALS)) {
            throw Refusal.of(ErrorCode.UNAUTHORIZED_CLIENT, "this client is not registered for this grant");
        }
        if (client.dpopRequired() && key.isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_DPOP_PROOF, "this client must prove a key: the DPoP header is missing");
        }
        var resource = resource(now, client, asked.resource());
        var scopes = scopes(client, resource, asked.scope());
        var details = details(client, resource, asked.details());
        // §3.3: nothing asked is refused rather than widened to all that the client is registered for.
        if (scopes.isEmpty() && details.isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_SCOPE, "ask for a scope or for authorization_details");
        }
        return new AccessRequest(
                Ids.next(),
                client.id(),
                client.id(),
                resource.id(),
                scopes,
                details,
                asked.lifetime(),
                ClientText.reason(asked.reason()),
                ClientText.ticket(asked.ticket()),
                key.orElse(""),
                AccessRequest.Origin.of(caller.method, caller.credential, request, ledger),
                clock.instant(),
                asked.start());
    }

    /// RFC 8707 §2: the resource that is named, or the only one the client has.
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
