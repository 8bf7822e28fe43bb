package dev.countersign;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Hosts on a bridge, each in a network namespace of its own, which a test cuts off from the others. It takes root.
final class TestNetwork {
    private static final String BRIDGE = "cs-bridge";
    private static final String SUBNET = "10.213.77.";

    /// Where a test itself stands between its hosts.
    static final String BETWEEN = SUBNET + "254";

    private final List<String> hosts = new ArrayList<>();

    /// Whether there may be one here: it is made once, with a host, and taken down.
    static boolean isPossible() throws Exception {
        if (!System.getProperty("user.name").equals("root")) {
            return false;
        }
        try {
            var probe = new TestNetwork();
            try {
                probe.host();
            } finally {
                probe.remove();
            }
            return true;
        } catch (IOException | AssertionError notHere) {
            return false;
        }
    }

    TestNetwork() throws Exception {
        ip("link", "add", BRIDGE, "type", "bridge");
        ip("address", "add", SUBNET + "1/24", "dev", BRIDGE);
        ip("address", "add", BETWEEN + "/24", "dev", BRIDGE);
        ip("link", "set", BRIDGE, "up");
    }

    /// A new host; its address.
    String host() throws Exception {
        int n = hosts.size() + 2;
        var name = "cs-host-" + n;
        ip("netns", "add", name);
        hosts.add(name);
        ip("link", "add", "cs-veth-" + n, "type", "veth", "peer", "name", "eth0", "netns", name);
        ip("link", "set", "cs-veth-" + n, "master", BRIDGE, "up");
        ip("-n", name, "address", "add", SUBNET + n + "/24", "dev", "eth0");
        ip("-n", name, "link", "set", "eth0", "up");
        ip("-n", name, "link", "set", "lo", "up");
        return SUBNET + n;
    }

    /// What stands before a command that runs on a host.
    static List<String> on(String address) {
        return List.of("ip", "netns", "exec", "cs-host-" + number(address));
    }

    /// Lets nothing come to one host from the other: what is sent is swallowed.
    void cut(String address, String from) throws Exception {
        ip("-n", "cs-host-" + number(address), "route", "add", "blackhole", from + "/32");
    }

    /// Lets it come again.
    void heal(String address, String from) throws Exception {
        ip("-n", "cs-host-" + number(address), "route", "delete", "blackhole", from + "/32");
    }

    private static int number(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf('.') + 1));
    }

    private static void ip(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        TestNode.command(command.toArray(String[]::new));
    }

    /// Takes all of it down.
    void remove() throws Exception {
        for (var host : hosts) {
            ip("netns", "delete", host);
        }
        ip("link", "delete", BRIDGE);
    }
}
