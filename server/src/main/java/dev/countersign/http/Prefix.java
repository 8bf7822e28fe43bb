package dev.countersign.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// The network an address is in, as far as one household or office usually has it: /24 of IPv4, /48 of IPv6.
public record Prefix(String text) {
    /// The network of an address.
    public static Prefix of(InetAddress address) {
        int bits = address instanceof Inet4Address ? 24 : 48;
        var bytes = address.getAddress();
        Arrays.fill(bytes, bits / 8, bytes.length, (byte) 0);
        try {
            return new Prefix(InetAddress.getByAddress(bytes).getHostAddress() + "/" + bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address keeps its length", e);
        }
    }
}
