package dev.countersign.config;

import java.net.InetAddress;
import java.util.regex.Pattern;

/// A network in CIDR form. Never asks a name server: only addresses are taken.
final class Network {
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)/([0-9]{1,3})");

    private Network() {}

    static boolean is(String text) {
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
}
