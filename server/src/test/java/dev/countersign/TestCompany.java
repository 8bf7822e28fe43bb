package dev.countersign;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.store.MasterKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/// The configuration that servers from the jar are tested with: clients that policy lets read at once, clients that
/// must ask before they write, and a reviewer.
final class TestCompany {
    /// How many clients there are of each kind: `reader-0` to `reader-5`, and `writer-0` to `writer-5`.
    static final int OF_EACH = 6;

    static final String READ = "orders:read";
    static final String WRITE = "orders:write";

    private TestCompany() {}

    /// Writes the folder.
    ///
    /// @param store as configurations write it
    static void configure(Path folder, URI issuer, String store) throws IOException, NoSuchAlgorithmException {
        var key = Files.writeString(folder.resolve("master.key"), MasterKey.generate());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        var clients = new StringBuilder("clients:\n");
        for (int i = 0; i < OF_EACH; i++) {
            clients.append(client("reader-" + i, READ));
            clients.append(client("writer-" + i, WRITE));
        }
        Files.writeString(folder.resolve("clients.yaml"), clients);
        Files.writeString(folder.resolve("countersign.yaml"), """
                issuer: %s
                server: { listen: "127.0.0.1:0" }
                store: %s
                keys: { master: { file: master.key } }
                limits: { pending_per_client: 10000 }
                login:
                  local:
                    - { user: ana, name: Ana Lima, email: ana@example.com, password_hash: "%s" }
                groups:
                  reviewers: { members: [ana] }
                  auditors: { members: [ana] }
                  builders: { members: [] }
                resources:
                  - id: https://orders.example.com
                    name: Orders API
                    owner: reviewers
                    introspected_by: [reader-0]
                    scopes:
                      - { name: "orders:read", title: Read orders, risk: low }
                      - { name: "orders:write", title: Change orders, risk: high }
                policies:
                  - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
                  - rule: what-can-hurt
                    when: risk >= HIGH
                    review: { stages: [ { group: reviewers, votes: 1 } ], within: 1h, lifetime: 15m }
                """.formatted(
                        issuer, store, TestPassword.hash("correct horse").text()));
    }

    /// Ana's bearer token, from the command line. A server must have put the configuration in force.
    static String bearer(Path folder) throws Exception {
        return TestNode.run(
                        "api-token",
                        "issue",
                        "--config",
                        folder.toString(),
                        "--scope",
                        "requests:read,requests:review,ledger:read",
                        "ana")
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /// How a client proves who it is.
    static String basic(String client) {
        return "Basic " + Base64.getEncoder().encodeToString((client + ":" + secret(client)).getBytes(UTF_8));
    }

    private static String secret(String client) {
        return (client + "-").repeat(6);
    }

    private static String client(String id, String scope) throws NoSuchAlgorithmException {
        var hash = HexFormat.of()
                .formatHex(
                        MessageDigest.getInstance("SHA-256").digest(secret(id).getBytes(UTF_8)));
        return """
                  - id: %s
                    name: %s
                    owner: builders
                    auth: { method: client_secret_basic, secrets: [ { hash: "sha256:%s" } ] }
                    grants: [client_credentials]
                    access: { "https://orders.example.com": ["%s"] }
                """.formatted(id, id, hash, scope);
    }
}
