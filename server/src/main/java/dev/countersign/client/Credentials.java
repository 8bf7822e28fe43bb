package dev.countersign.client;

import dev.countersign.http.Request;
import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// What a request says to prove which client sent it: read, not yet believed. RFC 6749 §2.3.
sealed interface Credentials {
    /// RFC 7521 §4.2, RFC 7523 §2.2.
    String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// A secret and the way it came.
    record Secret(String client, String secret, Client.Method method) implements Credentials {}

    /// A signed assertion. The client it is from is what the assertion says, and `client` has to agree if it is there.
    record Assertion(String client, String jws) implements Credentials {}

    /// A client's name and nothing that proves it.
    record Nothing(String client) implements Credentials {}

    /// Reads them.
    ///
    /// @throws Refusal `invalid_request` when there are two at once (§2.3) or half of one
    static Credentials of(Request request, Params params) {
        return of(request.headers("Authorization"), params);
    }

    /// The same.
    ///
    /// @param headers the values of all Authorization headers
    static Credentials of(List<String> headers, Params params) {
        boolean secret = params.has("client_secret");
        boolean assertion = params.has("client_assertion") || params.has("client_assertion_type");
        if (headers.size() + (secret ? 1 : 0) + (assertion ? 1 : 0) > 1) {
            throw refusal("a client authenticates in one way at a time");
        }
        if (!headers.isEmpty()) {
            return basic(headers.getFirst(), params.optional("client_id"));
        }
        if (secret) {
            return new Secret(params.one("client_id"), params.one("client_secret"), Client.Method.CLIENT_SECRET_POST);
        }
        if (assertion) {
            if (!params.one("client_assertion_type").equals(ASSERTION_TYPE)) {
                throw refusal("client_assertion_type is not known here");
            }
            return new Assertion(params.optional("client_id"), params.one("client_assertion"));
        }
        return new Nothing(params.optional("client_id"));
    }

    /// §2.3.1: the user and the password are each form-encoded, then joined and base64-encoded as RFC 7617 has it. A
    /// `client_id` in the body beside them is allowed when it says the same.
    private static Credentials basic(String header, String clientId) {
        int space = header.indexOf(' ');
        if (space < 0 || !header.substring(0, space).toLowerCase(Locale.ROOT).equals("basic")) {
            return new Nothing(clientId); // Bearer and the like prove no client
        }
        var pair = utf8(header.substring(space + 1).strip());
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw refusal("the Authorization header has no colon between client and secret");
        }
        var client = formDecoded(pair.substring(0, colon));
        if (!clientId.isEmpty() && !clientId.equals(client)) {
            throw refusal("client_id and the Authorization header name different clients");
        }
        return new Secret(client, formDecoded(pair.substring(colon + 1)), Client.Method.CLIENT_SECRET_BASIC);
    }

    private static String utf8(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException fault) {
            throw refusal("the Authorization header is not base64 of UTF-8");
        }
    }

    private static String formDecoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException fault) {
            throw refusal("client and secret in the Authorization header are not form-encoded");
        }
    }

    private static Refusal refusal(String said) {
        return Refusal.of(ErrorCode.INVALID_REQUEST, said);
    }
}
