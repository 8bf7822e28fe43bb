package dev.countersign.signin;

import dev.countersign.http.Json;
import dev.countersign.outward.Reach;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Where a provider is asked what, as it says itself: OpenID Connect Discovery 1.0 §3.
///
/// @param saysIssuer whether its answers always say whose they are, RFC 9207 §3
/// @param methods how it lets a client prove itself at the token endpoint
record Endpoints(URI authorization, URI token, URI jwks, boolean saysIssuer, Set<String> methods) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    static Endpoints read(Provider provider, String body) throws Failed {
        JsonNode json;
        try {
            json = Json.read(body);
        } catch (Json.Malformed e) {
            throw new Failed(Failure.UNTRUSTED, "its configuration is not JSON: " + e.getMessage());
        }
        // §4.3: another issuer's configuration is how one provider is mistaken for another.
        if (!json.path("issuer").asString("").equals(provider.issuer())) {
            throw new Failed(
                    Failure.MISCONFIGURED,
                    "its configuration is of the issuer " + json.path("issuer").asString("(none)"));
        }
        var methods = json.path("token_endpoint_auth_methods_supported")
                .valueStream()
                .map(it -> it.asString(""))
                .collect(Collectors.toUnmodifiableSet());
        return new Endpoints(
                uri(json, "authorization_endpoint"),
                uri(json, "token_endpoint"),
                uri(json, "jwks_uri"),
                json.path("authorization_response_iss_parameter_supported").asBoolean(false),
                methods.isEmpty() ? Set.of("client_secret_basic") : methods);
    }

    private static URI uri(JsonNode json, String name) throws Failed {
        try {
            var uri = new URI(json.path(name).asString(""));
            boolean known = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            if (known && isSafe(uri)) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // It is told below.
        }
        throw new Failed(Failure.UNTRUSTED, "its " + name + " is missing or no https URL");
    }

    /// http leaves this machine neither here nor in the browser.
    private static boolean isSafe(URI uri) {
        return "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost()));
    }

    /// The operator named the issuer's host. Another one is the provider's choice, and may not be in our own network.
    static Reach reach(Provider provider, URI uri) {
        var host = URI.create(provider.issuer()).getHost().toLowerCase(Locale.ROOT);
        return uri.getHost().toLowerCase(Locale.ROOT).equals(host) ? Reach.OPERATOR : Reach.PUBLIC;
    }
}
