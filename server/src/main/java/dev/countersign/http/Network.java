package dev.countersign.http;

import java.net.InetAddress;
import java.util.Optional;

/// A range of addresses, RFC 4632: `10.0.0.0/8`, `2001:db8::/32`; without a slash, one address.
record Network(InetAddress base, int bits) {
    /// Reads one. Never asks DNS.
    static Network parse(String text) {
        int slash = text.indexOf('/');
        try {
            var base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int all = base.getAddress().length * 8;
            int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
            if (bits >= 0 && bits <= all) {
                return new Network(base, bits);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a range of addresses: " + text, e);
        }
        throw new IllegalArgumentException("not a range of addresses: " + text);
    }

    boolean contains(InetAddress address) {
        var wanted = base.getAddress();
        var given = address.getAddress();
        if (wanted.length != given.length) {
            return false;
        }
        for (int at = 0, left = bits; left > 0; at++, left -= 8) {
            int mask = left >= 8 ? 0xff : 0xff << (8 - left) & 0xff;
            if (((wanted[at] ^ given[at]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /// An address as proxies write it: IPv6 perhaps in brackets, either perhaps with a port.
    static Optional<InetAddress> address(String text) {
        var literal = text.strip();
        if (literal.startsWith("[")) {
            int end = literal.indexOf(']');
            literal = end < 0 ? literal : literal.substring(1, end);
        } else if (literal.indexOf(':') == literal.lastIndexOf(':') && literal.indexOf(':') > 0) {
            literal = literal.substring(0, literal.indexOf(':'));
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
