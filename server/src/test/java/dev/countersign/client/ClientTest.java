package dev.countersign.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.countersign.client.Client.Authentication.PrivateKeyJwt;
import dev.countersign.client.Client.Authentication.Secret;
import dev.countersign.client.Client.SecretHash;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClientTest {
    private static final SecretHash HASH = new SecretHash("ab".repeat(32), Optional.empty());

    /// RFC 7638 §3.1.
    @Test
    void a_keys_thumbprint_is_that_of_the_standard() throws Exception {
        var key = JWK.parse("""
                {"kty":"RSA","alg":"RS256","kid":"2011-04-29","e":"AQAB",
                 "n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKR\
                XjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs\
                8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_x\
                BniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}
                """);
        assertThat(RegisteredKeys.of(new JWKSet(key), null).keys())
                .singleElement()
                .satisfies(it -> assertThat(it.thumbprint).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    }

    @Test
    void keys_that_cannot_be_used_are_refused_when_they_are_registered() throws Exception {
        var good = new ECKeyGenerator(Curve.P_256).generate();
        assertThat(new PrivateKeyJwt(new JWKSet(good.toPublicJWK())).wire()).isEqualTo("private_key_jwt");
        assertRefused(new JWKSet(good), "private key must never be");
        assertRefused(new JWKSet(new OctetSequenceKeyGenerator(256).generate()), "private key must never be");
        assertRefused(new JWKSet(new ECKeyGenerator(Curve.P_384).generate().toPublicJWK()), "neither P-256 nor RSA");
        assertRefused(new JWKSet(new RSAKeyGenerator(1024, true).generate().toPublicJWK()), "neither P-256 nor RSA");
        assertRefused(new JWKSet(), "1 to 8 public keys");
        assertRefused(new JWKSet(Collections.nCopies(9, good.toPublicJWK())), "1 to 8 public keys");
    }

    @Test
    void a_client_has_one_secret_or_two() {
        assertThat(new Secret(Client.Method.CLIENT_SECRET_POST, List.of(HASH, HASH)).wire())
                .isEqualTo("client_secret_post");
        assertThatThrownBy(() -> new Secret(Client.Method.CLIENT_SECRET_POST, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Secret(Client.Method.CLIENT_SECRET_POST, List.of(HASH, HASH, HASH)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SecretHash("AB".repeat(32), Optional.of(Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(JWKSet keys, String message) {
        assertThatThrownBy(() -> new PrivateKeyJwt(keys))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
