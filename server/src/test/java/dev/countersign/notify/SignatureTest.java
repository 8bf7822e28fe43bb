package dev.countersign.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SignatureTest {
    /// The example of the Standard Webhooks libraries.
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @Test
    void the_published_example_is_signed_as_it_says() {
        var key = Signature.key(SECRET).orElseThrow();
        assertThat(Signature.of(
                        List.of(key),
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1_614_265_330),
                        "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void what_is_no_secret_of_a_webhook_signs_nothing() {
        for (var text : List.of("", SECRET.substring(6), "whsec_", "whsec_not base64!", secret(23), secret(65))) {
            assertThat(Signature.key(text)).as(text).isEmpty();
        }
        assertThat(Signature.key(secret(24))).isPresent();
        assertThat(Signature.key(secret(64))).isPresent();
    }

    private static String secret(int bytes) {
        return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    }
}
