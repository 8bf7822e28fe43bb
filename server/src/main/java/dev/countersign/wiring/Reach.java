package dev.countersign.wiring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Whether clients that go to the issuer find the server there.
final class Reach {
    private static final int HTTP = 80;

    private Reach() {}

    /// What does not work because the server listens elsewhere than at its issuer; empty when nothing is known to.
    ///
    /// An issuer with https is never the server itself, but a proxy that may stand anywhere. Whoever takes any port
    /// that is free finds out by other means which it is.
    static Optional<String> missed(String issuer, InetSocketAddress listens) {
        var told = URI.create(issuer);
        if (!"http".equals(told.getScheme()) || listens.getPort() == 0 || leads(told, listens)) {
            return Optional.empty();
        }
        var here = listens.getAddress().getHostAddress() + " port " + listens.getPort();
        return Optional.of("it listens on " + here + ", but the issuer is " + issuer
                + ": clients and reviewers are sent there and find nobody, and DPoP proofs (htu) for any other URL are"
                + " refused; change the issuer or where it listens");
    }

    /// What is poorer because the proxy that an https issuer needs is not believed; empty when one is.
    static Optional<String> blurred(String issuer, List<String> trustedProxies) {
        if (!issuer.startsWith("https:") || !trustedProxies.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "the issuer is " + issuer + ", so clients come through a proxy, but server.trusted_proxies is"
                        + " empty: all of them seem to come from the proxy's address, where one that fails to sign in slows"
                        + " down the others; name the proxy's network");
    }

    private static boolean leads(URI told, InetSocketAddress listens) {
        int port = told.getPort() < 0 ? HTTP : told.getPort();
        if (port != listens.getPort()) {
            return false;
        }
        try {
            return listens.getAddress().isAnyLocalAddress()
                    || Arrays.asList(InetAddress.getAllByName(told.getHost())).contains(listens.getAddress());
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
