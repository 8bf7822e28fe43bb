package dev.countersign.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, one for each secret.
final class Signature {
    private static final String PREFIX = "whsec_";
    private static final int LEAST = 24;
    private static final int MOST = 64;

    private Signature() {}

    /// The key that a secret stands for: `whsec_` and base64 of 24 to 64 bytes. Empty when it is none.
    static Optional<SecretKeySpec> key(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            return bytes.length >= LEAST && bytes.length <= MOST
                    ? Optional.of(new SecretKeySpec(bytes, "HmacSHA256"))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// What `webhook-signature` says: with two keys, whoever knows one of them can verify it.
    static String of(List<SecretKeySpec> keys, String id, Instant at, String body) {
        var signed = (id + "." + at.getEpochSecond() + "." + body).getBytes(UTF_8);
        return keys.stream().map(it -> "v1," + hmac(it, signed)).collect(Collectors.joining(" "));
    }

    private static String hmac(SecretKeySpec key, byte[] signed) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has HMAC-SHA256
        }
    }
}
