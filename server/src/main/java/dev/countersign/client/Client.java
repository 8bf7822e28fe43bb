package dev.countersign.client;

import com.nimbusds.jose.jwk.JWKSet;
import dev.countersign.oauth.Scopes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client as it is registered, RFC 6749 §2.
///
/// @param owner the group that owns it; its members may not approve what the client asks for
/// @param grants the grant types it may use, as they stand on the wire
/// @param access the scopes it may ask for, by resource; a resource with no scopes is there for its details types
/// @param details the details types it may ask for, by resource
/// @param syncWait how long a request that did not opt in is held; empty for the server's default
public record Client(
        String id,
        String name,
        String owner,
        List<String> tags,
        Authentication auth,
        List<String> grants,
        Map<String, Scopes> access,
        Map<String, List<String>> details,
        Optional<Duration> syncWait,
        boolean dpopRequired,
        boolean disabled) {
    /// How it proves who it is.
    public sealed interface Authentication {
        /// `client_secret_basic` and `client_secret_post`, RFC 6749 §2.3.1: only the one registered method is taken.
        record Secret(Method method, List<SecretHash> secrets) implements Authentication {}

        /// `private_key_jwt`, RFC 7523 §2.2, with the keys inline.
        record PrivateKeyJwt(JWKSet keys) implements Authentication {}
    }

    public enum Method {
        CLIENT_SECRET_BASIC,
        CLIENT_SECRET_POST;
    }

    /// SHA-256 of a generated 256-bit secret, as 64 lower-case hex digits, good until `until`.
    public record SecretHash(String hex, Optional<Instant> until) {}
}
