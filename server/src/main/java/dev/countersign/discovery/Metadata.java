package dev.countersign.discovery;

import dev.countersign.approval.InForce;
import dev.countersign.http.Reply;
import dev.countersign.http.Request;
import dev.countersign.mint.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// GET /.well-known/oauth-authorization-server, RFC 8414, and GET /jwks, RFC 7517 §5. The metadata lists what works and
/// nothing else.
public final class Metadata {
    private static final List<String> CLIENT_AUTHENTICATION =
            List.of("client_secret_basic", "client_secret_post", "private_key_jwt");

    private final String issuer;
    private final Keys keys;
    private final Supplier<InForce> inForce;
    private final String ledgerKey;
    private final List<String> assertionAlgorithms;
    private final List<String> dpopAlgorithms;

    /// @param ledgerKey the ledger's key in its verifier form (`vkey`)
    public Metadata(
            String issuer,
            Keys keys,
            Supplier<InForce> inForce,
            String ledgerKey,
            List<String> assertionAlgorithms,
            List<String> dpopAlgorithms) {
        this.issuer = issuer;
        this.keys = keys;
        this.inForce = inForce;
        this.ledgerKey = ledgerKey;
        this.assertionAlgorithms = assertionAlgorithms;
        this.dpopAlgorithms = dpopAlgorithms;
    }

    public Reply metadata(Request request) {
        var now = inForce.get();
        var body = new LinkedHashMap<String, Object>();
        body.put("issuer", issuer);
        body.put("token_endpoint", issuer + "/token");
        body.put("jwks_uri", issuer + "/jwks");
        body.put("introspection_endpoint", issuer + "/introspect");
        body.put("revocation_endpoint", issuer + "/revoke");
        body.put("grant_types_supported", List.of("client_credentials", "urn:ietf:params:oauth:grant-type:deferred"));
        body.put("response_types_supported", List.of()); // §2 requires the member; no authorization endpoint here
        for (var endpoint : List.of("token", "introspection", "revocation")) {
            body.put(endpoint + "_endpoint_auth_methods_supported", CLIENT_AUTHENTICATION);
            body.put(endpoint + "_endpoint_auth_signing_alg_values_supported", assertionAlgorithms);
        }
        body.put("dpop_signing_alg_values_supported", dpopAlgorithms);
        body.put("deferred_token_response_supported", true);
        body.put(
                "revocation_endpoint_token_type_values_supported",
                List.of(
                        "urn:ietf:params:oauth:token-type:access_token",
                        "urn:ietf:params:oauth:token-type:deferral-code"));
        body.put(
                "scopes_supported",
                now.resources().values().stream()
                        .flatMap(it -> it.scopes().keySet().stream())
                        .distinct()
                        .sorted()
                        .toList());
        body.put(
                "authorization_details_types_supported",
                now.resources().values().stream()
                        .flatMap(it -> it.details().keySet().stream())
                        .distinct()
                        .sorted()
                        .toList());
        body.put("countersign_status_endpoint", issuer + "/status");
        body.put("countersign_ledger_key", ledgerKey);
        return cacheable(Reply.json(200, body));
    }

    public Reply jwks(Request request) {
        return cacheable(Reply.json(200, keys.jwks().toJSONObject(true)));
    }

    private static Reply cacheable(Reply reply) {
        return reply.withHeaders(Map.of("Cache-Control", "public, max-age=300", "Access-Control-Allow-Origin", "*"));
    }
}
