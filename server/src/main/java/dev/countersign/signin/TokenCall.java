package dev.countersign.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import dev.countersign.outward.Answer;
import dev.countersign.outward.Call;
import dev.countersign.outward.OutwardClient;
import dev.countersign.source.Secrets;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// Gives a provider the code that a browser brought, for an ID token: RFC 6749 §4.1.3, RFC 7636 §4.5.
final class TokenCall {
    /// So many at once for each provider, so that one that hangs leaves the others, and who asks for facts, their
    /// threads.
    static final int AT_ONCE = 8;

    private final OutwardClient client;
    private final Secrets secrets;
    private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();

    TokenCall(OutwardClient client, Secrets secrets) {
        this.client = client;
        this.secrets = secrets;
    }

    /// The ID token, as it came.
    String idToken(Provider provider, Endpoints endpoints, String code, String verifier, String redirect)
            throws Failed {
        var turn = turns.computeIfAbsent(provider.issuer(), _ -> new Semaphore(AT_ONCE));
        if (!turn.tryAcquire()) {
            throw new Failed(Failure.BUSY, "its token endpoint is asked " + AT_ONCE + " times at once already");
        }
        try {
            return read(client.send(call(provider, endpoints, code, verifier, redirect))
                    .join());
        } finally {
            turn.release();
        }
    }

    private Call call(Provider provider, Endpoints endpoints, String code, String verifier, String redirect)
            throws Failed {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect);
        form.put("code_verifier", verifier);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        if (provider.secret().isEmpty()) {
            form.put("client_id", provider.clientId());
        } else {
            var secret = secrets.read(provider.secret().get())
                    .orElseThrow(() ->
                            new Failed(Failure.MISCONFIGURED, provider.secret().get() + " holds nothing to be sent"));
            if (endpoints.methods().contains("client_secret_basic")) {
                headers.put("Authorization", "Basic " + basic(provider.clientId(), secret));
            } else if (endpoints.methods().contains("client_secret_post")) {
                form.put("client_id", provider.clientId());
                form.put("client_secret", secret);
            } else {
                throw new Failed(
                        Failure.MISCONFIGURED,
                        "its token endpoint takes neither client_secret_basic nor client_secret_post");
            }
        }
        return new Call(
                "POST",
                endpoints.token(),
                headers,
                form(form),
                Discovery.TIMEOUT,
                Endpoints.reach(provider, endpoints.token()));
    }

    /// RFC 6749 §2.3.1: both are form-encoded before they are put together.
    private static String basic(String id, String secret) {
        var both = URLEncoder.encode(id, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8);
        return Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(it -> URLEncoder.encode(it.getKey(), UTF_8) + "=" + URLEncoder.encode(it.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String read(Answer answer) throws Failed {
        return switch (answer) {
            case Answer.Nothing(var silence) ->
                throw new Failed(
                        silence == Answer.Silence.BUSY ? Failure.BUSY : Failure.AWAY,
                        "its token endpoint did not answer: " + silence);
            case Answer.Said(var status, var body, _) when status == 200 -> idToken(body);
            case Answer.Said(var status, var body, _) when status < 500 -> throw refused(status, body);
            case Answer.Said(var status, _, _) ->
                throw new Failed(Failure.AWAY, "its token endpoint answered with status " + status);
        };
    }

    private static String idToken(String body) throws Failed {
        try {
            var token = Json.read(body).path("id_token").asString("");
            if (!token.isEmpty()) {
                return token;
            }
        } catch (Json.Malformed _) {
            // It is told below.
        }
        throw new Failed(Failure.UNTRUSTED, "its token endpoint gave no ID token");
    }

    /// RFC 6749 §5.2. What is wrong with the client is for whoever runs it; anything else is the code's.
    private static Failed refused(int status, String body) {
        String error;
        try {
            error = Json.read(body).path("error").asString("");
        } catch (Json.Malformed _) {
            error = "";
        }
        var ours = error.equals("invalid_client") || error.equals("unauthorized_client");
        var shown = error.matches("[a-z_]{1,40}") ? error : "no error of OAuth";
        return new Failed(
                ours ? Failure.MISCONFIGURED : Failure.REFUSED,
                "its token endpoint answered with status " + status + ": " + shown);
    }
}
