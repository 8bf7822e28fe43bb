package dev.countersign.outward;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// One request that the server makes.
///
/// @param method `GET` or `POST`
/// @param uri https, or http to this machine
/// @param headers beside those that every request has, `Accept` in its place; no log has them, since they may be secret
/// @param body empty when there is none
/// @param timeout for all of it: finding the host, connecting, asking, the whole answer
/// @param reach where it may go
/// @param most how many bytes of an answer are read
public record Call(
        String method, URI uri, Map<String, String> headers, String body, Duration timeout, Reach reach, int most) {
    /// One whose answer is read as far as most are, [OutwardClient#MOST].
    public Call(String method, URI uri, Map<String, String> headers, String body, Duration timeout, Reach reach) {
        this(method, uri, headers, body, timeout, reach, OutwardClient.MOST);
    }

    /// Refuses what would be another request on the wire than it is here.
    ///
    /// @throws IllegalArgumentException when it is not such a request
    public Call {
        headers = Map.copyOf(headers);
        if (!method.equals("GET") && !method.equals("POST")) {
            throw new IllegalArgumentException("neither GET nor POST");
        }
        boolean known = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        if (!known || uri.getHost() == null || uri.getRawUserInfo() != null || !visible(uri.toString())) {
            throw new IllegalArgumentException("not a URL that can be asked");
        }
        headers.forEach((name, value) -> {
            if (!name.matches("[A-Za-z-]{1,40}") || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
                throw new IllegalArgumentException("not a header: " + name.replaceAll("[^A-Za-z-]", "?"));
            }
        });
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("no time to ask in");
        }
    }

    private static boolean visible(String text) {
        return text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    boolean isSecure() {
        return "https".equals(uri.getScheme());
    }

    /// The host as it is resolved and proved: an IPv6 address without its brackets.
    String host() {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    int port() {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
    }

    /// Without its headers, and what is asked.
    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
