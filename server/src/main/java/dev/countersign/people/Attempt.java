package dev.countersign.people;

import java.net.InetAddress;
import java.util.Optional;

/// Somebody's try to sign in.
///
/// @param from the address it came from, as far as trusted proxies tell
/// @param userAgent the header
/// @param device the cookie of an earlier sign-in with this browser, see [SignIn.Done]
/// @param session the cookie of the session the browser is in, which ends
public record Attempt(
        String user,
        String password,
        InetAddress from,
        Optional<String> userAgent,
        Optional<String> device,
        Optional<String> session) {
    /// Keeps the password and the cookies out of logs.
    @Override
    public String toString() {
        return "Attempt[from " + from + "]";
    }
}
