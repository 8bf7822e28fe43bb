package dev.countersign.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.oauth.AuthorizationDetails;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {
    private static final Template TICKETS = new Template("https://tickets.example.com/api/{ticket}?of={client}");

    private static Inquiry inquiry(String ticket) {
        return new Inquiry(
                "refund-bot",
                "refund-bot",
                "https://payments.example.com",
                List.of("refunds:write"),
                AuthorizationDetails.NONE,
                60,
                "high",
                ticket);
    }

    private static URI filled(String ticket) {
        return ((Template.Filled.Url) TICKETS.fill(inquiry(ticket))).uri();
    }

    private static String unasked(String ticket) {
        return ((Template.Filled.Unasked) TICKETS.fill(inquiry(ticket))).why();
    }

    @Test
    void what_a_request_has_fills_path_and_query() {
        assertThat(filled("T-1")).hasToString("https://tickets.example.com/api/T-1?of=refund-bot");
        var resource = new Template("https://a.example/{resource}/{subject}");
        assertThat(((Template.Filled.Url) resource.fill(inquiry(""))).uri())
                .hasToString("https://a.example/https%3A%2F%2Fpayments.example.com/refund-bot");
    }

    /// Whatever a client writes, the same host is asked for one part of the same path, and nothing of it is a
    /// query.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "T-1?admin=1|T-1%3Fadmin%3D1",
                "T-1#top|T-1%23top",
                "T-1&of=other|T-1%26of%3Dother",
                "a/b|a%2Fb",
                "a\\b|a%5Cb",
                "@evil.example|%40evil.example",
                "//evil.example|%2F%2Fevil.example",
                "%2e%2e|%252e%252e",
                "{client}|%7Bclient%7D",
                "$1 \"x\"|%241%20%22x%22",
                "Übung|%C3%9Cbung",
                "...|...",
            })
    void what_fills_a_place_stays_in_it(String ticket, String encoded) {
        var uri = filled(ticket);
        assertThat(uri).hasToString("https://tickets.example.com/api/" + encoded + "?of=refund-bot");
        assertThat(uri.getHost()).isEqualTo("tickets.example.com");
        assertThat(uri.getRawQuery()).isEqualTo("of=refund-bot");
        assertThat(uri.getRawFragment()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../admin", "a/../admin", "a/..", "..\\admin", "./x"})
    void what_a_server_might_climb_by_is_not_asked(String ticket) {
        assertThat(unasked(ticket)).contains("lead elsewhere");
    }

    @Test
    void what_is_empty_or_no_part_of_a_url_is_not_asked() {
        assertThat(unasked("")).isEqualTo("was not asked, since the request has no ticket");
        assertThat(unasked("T-1\r\nHost: evil.example")).contains("cannot stand in a URL");
        assertThat(unasked("T\u0000")).contains("cannot stand in a URL");
        assertThat(unasked("x".repeat(10_240))).contains("cannot stand in a URL");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.example/{ticket}",
                "https://a.example:8443/x?y={client}&z={resource}",
                "http://localhost:9000/{subject}",
                "http://127.0.0.1/x",
                "http://[::1]/x",
                "https://a.example/v1.2/x"
            })
    void a_url_is_https_or_of_this_machine(String text) {
        assertThat(Template.problem(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://a.example/x|must be an https URL",
                "https://me:pw@a.example/x|must be an https URL",
                "https://a.example/x#y|must be an https URL",
                "ftp://a.example/x|must be an https URL",
                "https:///x|must be an https URL",
                "https://a.example/a b|must be an https URL",
                "https://a.example/ü|must be an https URL",
                "https://a.example/../x|must be an https URL",
                "tickets|must be an https URL",
                "https://{client}.example/x|path and query only",
                "https://a.example:{ticket}/|path and query only",
                "{ticket}|path and query only",
                "https://a.example/{reason}|is nothing that a request has",
                "https://a.example/{ticket|without its other half",
                "https://a.example/ticket}|without its other half",
            })
    void what_is_wrong_with_a_url_is_said(String text, String said) {
        assertThat(Template.problem(text)).get().asString().contains(said);
    }
}
