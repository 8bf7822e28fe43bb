package dev.countersign.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.http.Field;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CredentialsTest {
    private static final String TYPE = Credentials.ASSERTION_TYPE;

    /// RFC 6749 §2.3.1.
    @Test
    void the_example_of_the_standard_is_read() {
        assertThat(header("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"))
                .isEqualTo(new Credentials.Secret(
                        "s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw", Client.Method.CLIENT_SECRET_BASIC));
    }

    /// RFC 6749 §2.3.1 and Appendix B, whose example is ` %&+£€`.
    @Test
    void user_and_password_are_form_encoded() {
        assertThat(header(basic("a%3Ab:+%25%26%2B%C2%A3%E2%82%AC")))
                .isEqualTo(new Credentials.Secret("a:b", " %&+£€", Client.Method.CLIENT_SECRET_BASIC));
        assertThat(header(basic("bot:a:b")))
                .isEqualTo(new Credentials.Secret("bot", "a:b", Client.Method.CLIENT_SECRET_BASIC));
        assertThat(header("bAsIc  " + basic("bot:x").substring(6)))
                .isEqualTo(new Credentials.Secret("bot", "x", Client.Method.CLIENT_SECRET_BASIC));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            Basic !!!,           the Authorization header is not base64 of UTF-8
            Basic /w==,          the Authorization header is not base64 of UTF-8
            Basic Ym90,          the Authorization header has no colon between client and secret
            Basic Ym90OiV6eg==,  client and secret in the Authorization header are not form-encoded
            """)
    void a_header_that_cannot_be_read_is_refused(String header, String said) {
        assertRefused(List.of(header), said);
    }

    @Test
    void a_secret_in_the_body_needs_its_client() {
        assertThat(Credentials.of(List.of(), params("client_id", "bot", "client_secret", "x")))
                .isEqualTo(new Credentials.Secret("bot", "x", Client.Method.CLIENT_SECRET_POST));
        assertRefused(List.of(), "client_id is missing", "client_secret", "x");
    }

    @Test
    void an_assertion_comes_with_its_type() {
        assertThat(Credentials.of(List.of(), params("client_assertion_type", TYPE, "client_assertion", "a.b.c")))
                .isEqualTo(new Credentials.Assertion("", "a.b.c"));
        assertRefused(List.of(), "client_assertion_type is missing", "client_assertion", "a.b.c");
        assertRefused(List.of(), "client_assertion is missing", "client_assertion_type", TYPE);
        assertRefused(
                List.of(),
                "client_assertion_type is not known here",
                "client_assertion",
                "a",
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:saml2-bearer");
    }

    @Test
    void two_credentials_at_once_are_refused() {
        var basic = basic("bot:x");
        var said = "a client authenticates in one way at a time";
        assertRefused(List.of(basic, basic), said);
        assertRefused(List.of(basic), said, "client_id", "bot", "client_secret", "x");
        assertRefused(List.of(basic), said, "client_assertion_type", TYPE, "client_assertion", "a");
        assertRefused(List.of(basic), said, "client_assertion_type", TYPE);
        assertRefused(List.of("Bearer abc"), said, "client_id", "bot", "client_secret", "x");
        assertRefused(
                List.of(),
                said,
                "client_id",
                "b",
                "client_secret",
                "x",
                "client_assertion_type",
                TYPE,
                "client_assertion",
                "a");
    }

    @Test
    void the_body_may_repeat_the_clients_name_and_not_another() {
        assertThat(Credentials.of(List.of(basic("bot:x")), params("client_id", "bot")))
                .isInstanceOf(Credentials.Secret.class);
        assertRefused(
                List.of(basic("bot:x")),
                "client_id and the Authorization header name different clients",
                "client_id",
                "other");
    }

    @Test
    void a_name_alone_or_another_scheme_proves_nothing() {
        assertThat(Credentials.of(List.of(), params("client_id", "bot"))).isEqualTo(new Credentials.Nothing("bot"));
        assertThat(Credentials.of(List.of(), params())).isEqualTo(new Credentials.Nothing(""));
        assertThat(header("Bearer abc")).isEqualTo(new Credentials.Nothing(""));
        assertThat(header("Basic")).isEqualTo(new Credentials.Nothing(""));
    }

    private static Credentials header(String value) {
        return Credentials.of(List.of(value), params());
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static Params params(String... pairs) {
        var fields = new ArrayList<Field>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.add(new Field(pairs[i], pairs[i + 1]));
        }
        return Params.of(fields);
    }

    private static void assertRefused(List<String> headers, String said, String... pairs) {
        assertThatThrownBy(() -> Credentials.of(headers, params(pairs))).isInstanceOfSatisfying(Refusal.class, it -> {
            assertThat(it.code).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(it.said).isEqualTo(said);
        });
    }
}
