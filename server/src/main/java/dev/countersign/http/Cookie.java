package dev.countersign.http;

import java.time.Duration;

/// A cookie that no script can read, for this host and all of its paths.
///
/// Under an https issuer it is sent as `__Host-name` with `Secure`. Browsers drop that prefix over http, so on loopback
/// it goes by its plain name.
///
/// @param lifetime how long the browser keeps it; zero takes it away
public record Cookie(String name, String value, SameSite sameSite, Duration lifetime) {
    /// Which requests from other sites carry it, RFC 6265bis §5.2.
    public enum SameSite {
        /// None.
        STRICT("Strict"),
        /// Those that navigate here by a safe method, such as a link followed.
        LAX("Lax");

        private final String wire;

        SameSite(String wire) {
            this.wire = wire;
        }
    }

    public Cookie {
        if (name.isEmpty() || !name.chars().allMatch(Cookie::inName)) {
            throw new IllegalArgumentException("not a cookie name: " + name);
        }
        if (!value.chars().allMatch(Cookie::inValue)) {
            throw new IllegalArgumentException("not a cookie value, for " + name);
        }
        if (lifetime.isNegative()) {
            throw new IllegalArgumentException("a cookie cannot last " + lifetime);
        }
    }

    /// One that requests from other sites never carry.
    public static Cookie strict(String name, String value, Duration lifetime) {
        return new Cookie(name, value, SameSite.STRICT, lifetime);
    }

    /// One that a link from another site carries too.
    public static Cookie lax(String name, String value, Duration lifetime) {
        return new Cookie(name, value, SameSite.LAX, lifetime);
    }

    /// Takes the cookie of that name away.
    public static Cookie gone(String name) {
        return strict(name, "", Duration.ZERO);
    }

    /// The name on the wire.
    static String wireName(String name, boolean https) {
        return https ? "__Host-" + name : name;
    }

    /// The value of `Set-Cookie`.
    String wire(boolean https) {
        return wireName(name, https) + "=" + value + "; Path=/; Max-Age=" + lifetime.toSeconds()
                + "; HttpOnly; SameSite=" + sameSite.wire + (https ? "; Secure" : "");
    }

    /// RFC 9110 §5.6.2: a token.
    private static boolean inName(int c) {
        return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }

    /// RFC 6265 §4.1.1: a cookie-octet.
    private static boolean inValue(int c) {
        return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
    }
}
