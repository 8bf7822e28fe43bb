package dev.countersign.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.ledger.Entry;
import dev.countersign.wiring.TestGate.Answer;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A provider that provisions, over the wire.
final class TestScim {
    static final String TYPE = "application/scim+json";

    private final TestGate gate;
    final String token;

    /// One with a token for that login.
    TestScim(TestGate gate, String login) {
        this(gate, issue(gate, login));
    }

    private TestScim(TestGate gate, Token token) {
        this.gate = gate;
        this.token = token.text();
    }

    private record Token(String text) {}

    private static Token issue(TestGate gate, String login) {
        var installation = gate.parts().installation;
        var by = new Entry.Actor("operator", "test");
        return new Token(installation
                .store
                .write(tx -> installation.scimTokens.issue(tx, login, "test", Duration.ofDays(180), by))
                .text());
    }

    /// The same provider at another node.
    TestScim at(TestGate node) {
        return new TestScim(node, new Token(token));
    }

    Answer get(String path) {
        return send("GET", path, "");
    }

    /// @param headers names and values
    Answer send(String method, String path, String json, String... headers) {
        var request = gate.request("/scim/v2" + path).header("Authorization", "Bearer " + token);
        if (json.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", TYPE).method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return gate.send(request.build());
    }

    Answer patch(String path, String... operations) {
        return send(
                "PATCH",
                path,
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":["
                        + String.join(",", operations) + "]}");
    }

    static String filter(String path, String filter) {
        return path + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }

    /// Provisions somebody who signs in as that subject; the id.
    String user(String subject) {
        var added = send("POST", "/Users", """
                { "userName": "%s@example.com", "externalId": "%s", "displayName": "Person %s", "active": true }
                """.formatted(subject, subject, subject));
        assertThat(added.status()).as(added.raw().body()).isEqualTo(201);
        return added.text("id");
    }

    /// Provisions a group; the id.
    String group(String name, String... members) {
        var added = send(
                "POST", "/Groups", "{ \"displayName\": \"%s\", \"members\": [%s] }".formatted(name, list(members)));
        assertThat(added.status()).as(added.raw().body()).isEqualTo(201);
        return added.text("id");
    }

    static String list(String... members) {
        return Arrays.stream(members).map("{ \"value\": \"%s\" }"::formatted).collect(Collectors.joining(","));
    }
}
