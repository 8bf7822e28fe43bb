package dev.countersign.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What Slack signs its calls with: HMAC-SHA256 over version, time and body, by a secret of the app.
final class SlackSignature {
    /// Who sends a call again after that is not heard.
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private SlackSignature() {}

    /// Whether Slack made the call, and just now.
    ///
    /// @param timestamp the header `X-Slack-Request-Timestamp`
    /// @param signature the header `X-Slack-Signature`
    static boolean isGood(String secret, String timestamp, String signature, byte[] body, Instant now) {
        if (!timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        var age = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now);
        return age.abs().compareTo(WINDOW) <= 0
                && MessageDigest.isEqual(of(secret, timestamp, body).getBytes(UTF_8), signature.getBytes(UTF_8));
    }

    /// What the header says.
    static String of(String secret, String timestamp, byte[] body) {
        var signed = new ByteArrayOutputStream();
        signed.writeBytes(("v0:" + timestamp + ":").getBytes(UTF_8));
        signed.writeBytes(body);
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return "v0=" + HexFormat.of().formatHex(mac.doFinal(signed.toByteArray()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // every JDK has HMAC-SHA256
        }
    }
}
