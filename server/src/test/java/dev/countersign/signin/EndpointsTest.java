package dev.countersign.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.http.Json;
import dev.countersign.outward.Reach;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a provider says of itself, and what of it is not followed.
final class EndpointsTest {
    private static final Provider CORP = new Provider(
            "corp",
            "Acme",
            "https://idp.example.com",
            "countersign",
            Optional.empty(),
            Provider.SUBJECT,
            Provider.GROUPS,
            List.of(),
            Optional.empty(),
            Provider.GOOD_FOR,
            Optional.empty());

    private static String document(String name, Object value) {
        var document = new HashMap<String, Object>(Map.of(
                "issuer", CORP.issuer(),
                "authorization_endpoint", "https://idp.example.com/authorize",
                "token_endpoint", "https://idp.example.com/token",
                "jwks_uri", "https://keys.example.net/jwks"));
        document.put(name, value);
        return Json.write(document);
    }

    @Test
    void its_endpoints_are_those_it_names() throws Failed {
        var endpoints = Endpoints.read(CORP, document("authorization_response_iss_parameter_supported", true));
        assertThat(endpoints.token()).isEqualTo(URI.create("https://idp.example.com/token"));
        assertThat(endpoints.saysIssuer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://idp.example.com/", "https://other.example.com", "HTTPS://idp.example.com", ""})
    void another_issuers_document_is_not_its_own(String issuer) {
        assertThatThrownBy(() -> Endpoints.read(CORP, document("issuer", issuer)))
                .isInstanceOf(Failed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://idp.example.com/token", "file:///etc/passwd", "https://me@idp.example.com/token", ""})
    void no_endpoint_is_anything_but_https(String endpoint) {
        assertThatThrownBy(() -> Endpoints.read(CORP, document("token_endpoint", endpoint)))
                .isInstanceOf(Failed.class);
    }

    @Test
    void only_the_host_that_the_operator_named_may_be_in_our_own_network() {
        assertThat(Endpoints.reach(CORP, URI.create("https://idp.example.com/token")))
                .isEqualTo(Reach.OPERATOR);
        assertThat(Endpoints.reach(CORP, URI.create("https://keys.example.net/jwks")))
                .isEqualTo(Reach.PUBLIC);
    }
}
