package dev.countersign.client;

import com.nimbusds.jose.jwk.JWKSet;
import dev.countersign.oauth.Observe;
import dev.countersign.oauth.Scopes;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A client as it is registered, RFC 6749 §2.
///
/// @param owner the group that owns it; its members may not approve what the client asks for
/// @param grants the grant types it may use, as they stand on the wire
/// @param access the scopes it may ask for, by resource; a resource with no scopes is there for its details types
/// @param details the details types it may ask for, by resource
/// @param syncWait how long a request that did not opt in is held; empty for the server's default
/// @param observe until when what policy says of its requests is recorded and not followed; empty when it is followed
/// @param callback where it is called when what it takes a deferred answer of is decided; empty when it is not
/// @param attest who agrees when it is attested, and for how long that holds
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
        boolean disabled,
        Optional<Observe> observe,
        Optional<URI> callback,
        Attest attest) {
    /// How it proves who it is. What cannot be used is refused when it is made, so that a bad registration never waits
    /// for its first request to be found.
    public sealed interface Authentication {
        /// The method's name on the wire and in metadata, RFC 8414 §2.
        String wire();

        /// `client_secret_basic` and `client_secret_post`, RFC 6749 §2.3.1: only the one registered method is taken.
        ///
        /// @param secrets one, or two while they are rotated
        record Secret(Method method, List<SecretHash> secrets) implements Authentication {
            /// How many hashes a secret is compared with, whatever there is to compare with.
            static final int MOST = 2;

            public Secret {
                secrets = List.copyOf(secrets);
                if (secrets.isEmpty() || secrets.size() > MOST) {
                    throw new IllegalArgumentException("a client has one secret, or two while they are rotated");
                }
            }

            @Override
            public String wire() {
                return method.name().toLowerCase(Locale.ROOT);
            }
        }

        /// `private_key_jwt`, RFC 7523 §2.2, with the keys inline.
        ///
        /// @param keys the public keys, at most eight
        record PrivateKeyJwt(JWKSet keys) implements Authentication {
            /// Takes keys that can be used, and no others.
            ///
            /// @throws IllegalArgumentException when a key is private or of a kind that is not taken
            public PrivateKeyJwt {
                RegisteredKeys.check(keys);
            }

            @Override
            public String wire() {
                return "private_key_jwt";
            }
        }
    }

    /// Where a secret stands in the request.
    public enum Method {
        CLIENT_SECRET_BASIC,
        CLIENT_SECRET_POST;
    }

    /// SHA-256 of a generated 256-bit secret, as 64 lower-case hex digits, good until `until`.
    public record SecretHash(String hex, Optional<Instant> until) {
        public SecretHash {
            if (!hex.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("a secret's hash is 64 lower-case hex digits");
            }
        }

        boolean goodAt(Instant now) {
            return until.map(now::isBefore).orElse(true);
        }
    }
}
