package dev.countersign.outward;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Which addresses a request may go to. Looked at once the name is resolved, on the address that is then
/// connected to.
public enum Reach {
    /// Where an operator said in a file that it goes: private networks and this machine among it.
    OPERATOR,
    /// Where somebody else said that it goes: the public internet alone.
    PUBLIC;

    /// Networks of somebody's own, this machine, and what stands in books.
    private static final List<Network> OWN = networks(List.of(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "::1/128",
            "100::/64",
            "2001:db8::/32",
            "fc00::/7",
            "fec0::/10"));

    /// Nobody's service is there: unspecified, link-local, multicast, reserved. What clouds keep for their
    /// machines is link-local, or one of the single addresses, and gives credentials to whoever asks from
    /// inside.
    private static final List<Network> NEVER = networks(List.of(
            "0.0.0.0/8",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.192/32",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
            "fe80::/10",
            "ff00::/8"));

    /// Whether a request may go to this address.
    public boolean allows(InetAddress address) {
        return allowed(address.getAddress())
                && embedded(address.getAddress()).map(this::allowed).orElse(true);
    }

    private boolean allowed(byte[] address) {
        boolean own = OWN.stream().anyMatch(it -> it.has(address));
        return NEVER.stream().noneMatch(it -> it.has(address))
                && switch (this) {
                    case OPERATOR -> true;
                    case PUBLIC -> !own;
                };
    }

    /// The IPv4 address that an IPv6 one leads to: compatible, NAT64 (RFC 6052), 6to4 (RFC 3056). A mapped one
    /// Java takes for the IPv4 address that it is.
    private static Optional<byte[]> embedded(byte[] address) {
        if (address.length != 16) {
            return Optional.empty();
        }
        boolean low = LAST_FOUR.stream().anyMatch(it -> it.has(address)) && !isLoopback(address);
        if (low) {
            return Optional.of(Arrays.copyOfRange(address, 12, 16));
        }
        return SIX_TO_FOUR.has(address) ? Optional.of(Arrays.copyOfRange(address, 2, 6)) : Optional.empty();
    }

    private static boolean isLoopback(byte[] address) {
        for (int i = 0; i < 15; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[15] == 1;
    }

    private static final List<Network> LAST_FOUR = networks(List.of("::/96", "64:ff9b::/96", "64:ff9b:1::/48"));
    private static final Network SIX_TO_FOUR = Network.of("2002::/16");

    private static List<Network> networks(List<String> texts) {
        return texts.stream().map(Network::of).toList();
    }

    private static final class Network {
        private final byte[] prefix;
        private final int bits;

        private Network(byte[] prefix, int bits) {
            this.prefix = prefix;
            this.bits = bits;
        }

        static Network of(String text) {
            int slash = text.indexOf('/');
            try {
                // A literal: nothing is resolved.
                var address = InetAddress.getByName(text.substring(0, slash));
                return new Network(address.getAddress(), Integer.parseInt(text.substring(slash + 1)));
            } catch (UnknownHostException impossible) {
                throw new IllegalArgumentException(text, impossible);
            }
        }

        boolean has(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >>> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
