package dev.countersign.token;

import dev.countersign.approval.AccessRequest;
import dev.countersign.approval.InForce;
import dev.countersign.approval.Requested;
import dev.countersign.client.AuthenticatedClient;
import dev.countersign.http.Request;
import dev.countersign.ledger.Ledger;
import dev.countersign.oauth.ClientText;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Refusal;
import dev.countersign.store.Ids;
import java.time.InstantSource;
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
        var registered = Requested.of(now, client, asked.resource(), asked.scope(), asked.details());
        return new AccessRequest(
                Ids.next(),
                client.id(),
                client.id(),
                registered.resource().id(),
                registered.scopes(),
                registered.details(),
                asked.lifetime(),
                ClientText.reason(asked.reason()),
                ClientText.ticket(asked.ticket()),
                key.orElse(""),
                AccessRequest.Origin.of(caller.method, caller.credential, request, ledger),
                clock.instant(),
                asked.start());
    }
}
