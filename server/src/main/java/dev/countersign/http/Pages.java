package dev.countersign.http;

import java.util.Map;

/// What every HTML page says to the browser: run nothing that is not ours, show us in no frame, tell nobody where one
/// was.
public final class Pages {
    /// No inline script or style, and none from elsewhere.
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", CONTENT_SECURITY_POLICY,
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "Permissions-Policy",
                    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), "
                            + "publickey-credentials-get=(self), publickey-credentials-create=(self)",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private Pages() {}

    /// The headers of a page.
    public static Map<String, String> headers() {
        return HEADERS;
    }
}
