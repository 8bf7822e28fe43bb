package dev.countersign.outward;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Finds the addresses of a host.
@FunctionalInterface
public interface Resolver {
    /// The one of this machine.
    Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /// All addresses of a host, one at least.
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
