package dev.countersign.http;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of addresses, RFC 4632: `10.0.0.0/8`, `2001:db8::/32`; without a slash, one address.
public record Network(InetAddress base, int bits) {
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)/([0-9]{1,3})");

    /// Whether a text is one, with a slash. Never asks DNS.
    public static boolean is(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            return false;
        }
        try {
            int bits = InetAddress.ofLiteral(match.group(1)).getAddress().length * 8;
            return Integer.parseInt(match.group(2)) <= bits;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Reads one. Never asks DNS.
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        try {
            var base = literal(slash < 0 ? text : text.substring(0, slash));
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

    /// Whether an address is in it.
    public boolean contains(InetAddress address) {
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
    public static Optional<InetAddress> address(String text) {
        var written = text.strip();
        if (written.startsWith("[")) {
            int end = written.indexOf(']');
            written = end < 0 ? written : written.substring(1, end);
        } else if (written.indexOf(':') == written.lastIndexOf(':') && written.indexOf(':') > 0) {
            written = written.substring(0, written.indexOf(':'));
        }
        try {
            return Optional.of(literal(written));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Java also reads `10.1` as 10.0.0.1, which nobody means.
    private static InetAddress literal(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3) {
            throw new IllegalArgumentException("not an address: " + text);
        }
        return InetAddress.ofLiteral(text);
    }
}
