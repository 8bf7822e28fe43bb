package dev.countersign.config;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import dev.countersign.client.Client;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/// Holds each client's `auth` against its method: secrets or keys, and keys that are public and strong.
final class AuthCheck {
    private final Faults faults;
    private final Map<String, Place> secrets = new HashMap<>();

    AuthCheck(Faults faults) {
        this.faults = faults;
    }

    void check(View auth) {
        var method = auth.text("method");
        if (method.startsWith("client_secret_")) {
            refuse(auth, "jwks", method);
            secrets(auth, method);
        } else if (method.equals("private_key_jwt")) {
            refuse(auth, "secrets", method);
            publicKeys(auth);
        }
    }

    private void refuse(View auth, String key, String method) {
        if (auth.has(key)) {
            faults.add(
                    auth.at(key), "`" + method + "` has no use for `" + key + "`; take it out, or change the method");
        }
    }

    private void secrets(View auth, String method) {
        var all = auth.views("secrets");
        if (all.isEmpty()) {
            faults.add(
                    auth.at("secrets"), "`" + method + "` needs `secrets`; `countersign clients new-secret` makes one");
        } else if (all.size() > 2) {
            faults.add(auth.at("secrets"), "a client has one secret, or two while rotating; take the oldest out");
        }
        for (var secret : all) {
            secret.scalar("hash").ifPresent(hash -> {
                var earlier = secrets.putIfAbsent(hash.text(), hash.at());
                if (earlier != null) {
                    faults.add(hash.at(), "this secret is already at " + earlier + "; make one for this place alone");
                }
            });
        }
    }

    private void publicKeys(View auth) {
        if (auth.view("jwks").isEmpty()) {
            faults.add(auth.at("jwks"), "`private_key_jwt` needs `jwks`: the client's public keys");
            return;
        }
        var jwks = auth.view("jwks").get();
        try {
            var keys = keys(jwks).getKeys();
            weakness(new JWKSet(keys)).ifPresent(it -> faults.add(jwks.at(), it));
            var ids = new HashSet<String>();
            if (keys.size() > 1 && !keys.stream().allMatch(key -> key.getKeyID() != null && ids.add(key.getKeyID()))) {
                faults.add(jwks.at(), "with more than one key, each needs a `kid` of its own");
            }
        } catch (ParseException _) {
            faults.add(jwks.at(), "`jwks` is no JWK set (RFC 7517); write { keys: [ … ] } with public keys");
        }
    }

    static JWKSet keys(View jwks) throws ParseException {
        return JWKSet.parse(Content.plain(jwks.entries()).toString());
    }

    /// What the client's own check says of the keys; empty when they will do.
    private static Optional<String> weakness(JWKSet keys) {
        if (keys.getKeys().stream().anyMatch(key -> key.getKeyType().equals(KeyType.OCT))) {
            return Optional.of("a key of `jwks` is symmetric, so it is a secret; write the client's public key");
        }
        if (keys.getKeys().stream().anyMatch(JWK::isPrivate)) {
            return Optional.of("a key of `jwks` is private; make a new one, and write its public half only");
        }
        try {
            new Client.Authentication.PrivateKeyJwt(keys);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("`jwks`: " + e.getMessage());
        }
    }
}
