package dev.countersign.oauth;

import java.util.Locale;

/// An error as clients read it: its wire name and the HTTP status it travels with.
public enum ErrorCode {
    INVALID_REQUEST(400), // RFC 6749 §5.2
    INVALID_CLIENT(401), // RFC 6749 §5.2
    INVALID_GRANT(400), // RFC 6749 §5.2
    UNAUTHORIZED_CLIENT(400), // RFC 6749 §5.2
    UNSUPPORTED_GRANT_TYPE(400), // RFC 6749 §5.2
    INVALID_SCOPE(400), // RFC 6749 §5.2
    UNSUPPORTED_TOKEN_TYPE(400), // RFC 7009 §2.2.1
    INVALID_TARGET(400), // RFC 8707 §2
    INVALID_AUTHORIZATION_DETAILS(400), // RFC 9396 §5
    INVALID_DPOP_PROOF(400), // RFC 9449 §5
    AUTHORIZATION_PENDING(400), // RFC 8628 §3.5, Deferred Token Response
    SLOW_DOWN(400), // RFC 8628 §3.5
    EXPIRED_TOKEN(400), // RFC 8628 §3.5
    ACCESS_DENIED(400), // RFC 8628 §3.5
    TEMPORARILY_UNAVAILABLE(503), // overload and a store that cannot be written; always with Retry-After
    SERVER_ERROR(500);

    public final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    /// The name on the wire: lower case with underscores.
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
