package dev.countersign.token;

import dev.countersign.oauth.ErrorCode;
import dev.countersign.oauth.Params;
import dev.countersign.oauth.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a client may post to the token endpoint: one record a grant type, each with its own parameters and no others.
public sealed interface TokenRequest {
    String CLIENT_CREDENTIALS = "client_credentials";
    String DEFERRED = "urn:ietf:params:oauth:grant-type:deferred";

    /// RFC 6749 §4.4.2, with the parameters that RFC 8707, RFC 9396 and Countersign add. Values are as they came: the
    /// grant reads them against the client's registration.
    ///
    /// @param start when it is needed; empty for now
    /// @param breakGlass whether the client asks to go through before people have looked
    /// @param notificationToken what the client will know us by when it is called; empty when it gave none
    /// @param deferred whether the client takes a deferred answer, Deferred Token Response §2.1
    record ClientCredentials(
            String scope,
            String details,
            Optional<String> resource,
            Optional<Duration> lifetime,
            Optional<Instant> start,
            String reason,
            String ticket,
            boolean breakGlass,
            String notificationToken,
            boolean deferred)
            implements TokenRequest {}

    /// Deferred Token Response §2.3: collect what an approval allows.
    record Collect(String deferralCode) implements TokenRequest {}

    /// Reads what was posted.
    ///
    /// @throws Refusal `unsupported_grant_type`, `invalid_request`
    static TokenRequest parse(Params params) {
        return switch (params.one("grant_type")) {
            case CLIENT_CREDENTIALS ->
                new ClientCredentials(
                        params.optional("scope"),
                        params.optional("authorization_details"),
                        resource(params.all("resource")),
                        lifetime(params.optional("requested_lifetime")),
                        start(params.optional("requested_start")),
                        params.optional("reason"),
                        params.optional("ticket"),
                        breakGlass(params.optional("break_glass")),
                        notificationToken(params.optional("client_notification_token")),
                        List.of(params.optional("completion_mode").split(" ")).contains("deferred"));
            case DEFERRED -> collect(params);
            default -> throw Refusal.of(ErrorCode.UNSUPPORTED_GRANT_TYPE, "this server has no such grant type");
        };
    }

    /// A poll carries nothing that could change what was asked.
    private static Collect collect(Params params) {
        for (var name : List.of(
                "completion_mode",
                "client_notification_token",
                "scope",
                "resource",
                "audience",
                "authorization_details",
                "requested_lifetime",
                "requested_start",
                "reason",
                "ticket",
                "break_glass")) {
            if (params.has(name)) {
                throw Refusal.of(ErrorCode.INVALID_REQUEST, "a poll does not take " + name);
            }
        }
        return new Collect(params.one("deferral_code"));
    }

    /// One token, one audience.
    private static Optional<String> resource(List<String> all) {
        if (all.size() > 1) {
            throw Refusal.of(ErrorCode.INVALID_TARGET, "one token is for one resource");
        }
        return all.stream().findFirst();
    }

    /// Nobody breaks the glass by a slip of the pen.
    private static boolean breakGlass(String text) {
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, "break_glass is true or false");
        }
        return text.equals("true");
    }

    /// Deferred Token Response §2.4: a bearer token (RFC 6750 §2.1) of 128 bits at least, as far as its length tells.
    private static String notificationToken(String text) {
        if (!text.isEmpty() && !text.matches("[A-Za-z0-9._~+/-]{22,1024}={0,2}")) {
            throw Refusal.of(
                    ErrorCode.INVALID_REQUEST,
                    "client_notification_token is a bearer token of 22 to 1024 characters, 128 bits at least");
        }
        return text;
    }

    /// A NumericDate, RFC 7519 §2.
    private static Optional<Instant> start(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("[1-9][0-9]{0,10}")) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, "requested_start is a time in whole seconds since 1970, UTC");
        }
        return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    }

    private static Optional<Duration> lifetime(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("[1-9][0-9]{0,6}")) {
            throw Refusal.of(ErrorCode.INVALID_REQUEST, "requested_lifetime is a number of seconds, 1 or more");
        }
        return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
}
