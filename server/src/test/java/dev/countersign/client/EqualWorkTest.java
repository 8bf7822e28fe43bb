package dev.countersign.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.countersign.TestClock;
import dev.countersign.client.Client.Authentication;
import dev.countersign.client.Client.Method;
import dev.countersign.client.Client.SecretHash;
import dev.countersign.oauth.Refusal;
import java.net.InetAddress;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long an answer takes must not tell which clients there are, so each failure checks one signature.
final class EqualWorkTest {
    private final AtomicInteger checked = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "disabled", "by-secret", "enabled"})
    void every_wrong_assertion_costs_one_signature(String client) throws Exception {
        var registered = key();
        var secret = new SecretHash("ab".repeat(32), Optional.empty());
        var all = Map.of(
                "enabled", ClientsTest.client("enabled", keys(registered), false),
                "disabled", ClientsTest.client("disabled", keys(registered), true),
                "by-secret",
                        ClientsTest.client(
                                "by-secret",
                                new Authentication.Secret(Method.CLIENT_SECRET_BASIC, List.of(secret)),
                                false));
        var clients = new Clients(
                (_, _, _) -> true, "https://auth.example.com", new Shares(1), new TestClock(), new Counting());
        var assertion = new Credentials.Assertion("", signed(client, key()));
        assertThatThrownBy(() -> clients.authenticate(all, assertion, InetAddress.getLoopbackAddress()))
                .isInstanceOfSatisfying(
                        Refusal.class, it -> assertThat(it.said).isEqualTo("client authentication failed"));
        assertThat(checked).hasValue(1);
    }

    /// The JDK's P-256, counted.
    private final class Counting extends Provider {
        Counting() {
            super("Counting", "1", "counts the signatures that are checked");
        }

        @Override
        public Service getService(String type, String algorithm) {
            if (type.equals("Signature")) {
                checked.incrementAndGet();
            }
            return Security.getProvider("SunEC").getService(type, algorithm);
        }
    }

    private static String signed(String client, ECKey key) throws JOSEException {
        var claims = "{\"iss\":\"%s\",\"sub\":\"%s\"}".formatted(client, client);
        var jws = new JWSObject(new JWSHeader(JWSAlgorithm.ES256), new Payload(claims));
        jws.sign(new ECDSASigner(key));
        return jws.serialize();
    }

    private static ECKey key() throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).generate();
    }

    private static Authentication keys(ECKey key) {
        return new Authentication.PrivateKeyJwt(new JWKSet(key.toPublicJWK()));
    }
}
