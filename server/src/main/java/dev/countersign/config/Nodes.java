package dev.countersign.config;

import dev.countersign.store.StoreAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// Makes the node's own settings of what is written.
final class Nodes {
    private Nodes() {}

    /// @param folder where relative paths start
    static NodeSettings settings(View root, Path folder) {
        var server = root.view("server");
        return new NodeSettings(
                root.text("issuer"),
                listen(server.flatMap(it -> it.scalar("listen"))
                        .map(Piece.Scalar::text)
                        .orElse("127.0.0.1:8080")),
                server.map(it -> it.sorted("trusted_proxies")).orElse(List.of()),
                StoreAddress.of(root.has("store") ? root.text("store") : "sqlite:countersign.db", folder),
                root.view("ledger").flatMap(it -> it.scalar("anchor")).map(it -> folder.resolve(it.text())),
                folder.resolve(root.view("keys")
                        .flatMap(it -> it.view("master"))
                        .orElseThrow()
                        .text("file")),
                folder);
    }

    private static InetSocketAddress listen(String text) {
        int colon = text.lastIndexOf(':');
        var host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        return InetSocketAddress.createUnresolved(host, Integer.parseInt(text.substring(colon + 1)));
    }
}
