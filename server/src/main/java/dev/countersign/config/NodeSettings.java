package dev.countersign.config;

import dev.countersign.store.StoreAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is the node's own: it is not versioned and may differ from node to node, but for the issuer.
///
/// @param listen unresolved, as it is written
/// @param trustedProxies networks in CIDR form
/// @param store where the store is
/// @param anchor the file of what was last signed of the ledger; empty when it has none
/// @param masterKey the file of the master key
/// @param folder the folder of the configuration
public record NodeSettings(
        String issuer,
        InetSocketAddress listen,
        List<String> trustedProxies,
        StoreAddress store,
        Optional<Path> anchor,
        Path masterKey,
        Path folder) {
    /// Keeps its own copy of the list.
    public NodeSettings {
        trustedProxies = List.copyOf(trustedProxies);
    }
}
