package dev.countersign.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

/// How the server looks from outside: under which URL it is reached, and through which proxies.
///
/// Proxies say by `X-Forwarded-For` and `X-Forwarded-Proto` whom they speak for. From anyone but a trusted proxy these
/// headers mean nothing: a client could write what it likes.
final class Outside {
    private final List<Network> trusted;
    private final String authority;
    private final boolean https;

    Outside(String issuer, List<String> trustedProxies) {
        var uri = URI.create(issuer);
        if (uri.getScheme() == null || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("an issuer has a scheme and an authority: " + issuer);
        }
        authority = uri.getScheme() + "://" + uri.getRawAuthority();
        https = uri.getScheme().equals("https");
        trusted = trustedProxies.stream().map(Network::parse).toList();
    }

    /// Whether browsers reach us by https.
    boolean https() {
        return https;
    }

    /// Never from the `Host` header, which the client writes: DPoP's `htu` and links are checked against it.
    String url(String path) {
        return authority + path;
    }

    /// The nearest address that is not one of our proxies. What stands left of it in `X-Forwarded-For` came from there,
    /// and may be made up.
    InetAddress client(InetAddress peer, List<String> forwardedFor) {
        if (trusted.isEmpty() || !trusts(peer) || forwardedFor.isEmpty()) {
            return peer;
        }
        var hops = String.join(",", forwardedFor).split(",", -1);
        var nearest = peer;
        for (int at = hops.length - 1; at >= 0 && trusts(nearest); at--) {
            var hop = Network.address(hops[at]);
            if (hop.isEmpty()) {
                return nearest;
            }
            nearest = hop.get();
        }
        return nearest;
    }

    /// `http` or `https`, as the client spoke it to the outermost thing that we trust.
    String scheme(InetAddress peer, boolean secure, List<String> forwardedProto) {
        var own = secure ? "https" : "http";
        if (trusted.isEmpty() || !trusts(peer) || forwardedProto.isEmpty()) {
            return own;
        }
        var last = forwardedProto.getLast();
        return switch (last.substring(last.lastIndexOf(',') + 1).strip()) {
            case "https" -> "https";
            case "http" -> "http";
            default -> own;
        };
    }

    private boolean trusts(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }
}
