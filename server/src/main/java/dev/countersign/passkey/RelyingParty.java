package dev.countersign.passkey;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/// Who a passkey is for. A browser gives an assertion for it to pages of its origin only, which is what makes a passkey
/// of no use to whoever lures people elsewhere.
///
/// @param id the host, WebAuthn §5.1.2
/// @param origin exactly, with scheme and port where it is not the scheme's own
public record RelyingParty(String id, String origin) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

    /// The server at its issuer's URL.
    ///
    /// @throws IllegalArgumentException when that is no URL with a host
    public static RelyingParty of(String issuer) {
        var uri = URI.create(issuer);
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new IllegalArgumentException("no URL with a host: " + issuer);
        }
        var host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean usual = uri.getPort() < 0
                || (uri.getScheme().equals("https") && uri.getPort() == 443)
                || (uri.getScheme().equals("http") && uri.getPort() == 80);
        return new RelyingParty(host, uri.getScheme() + "://" + host + (usual ? "" : ":" + uri.getPort()));
    }

    /// Whether it has a name. Browsers make no passkeys for an address.
    public boolean isNamed() {
        return !ADDRESS.matcher(id).matches();
    }
}
