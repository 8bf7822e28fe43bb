package dev.countersign.bench;

import dev.countersign.people.PasswordHash;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// A configuration folder with many clients of two kinds: readers, whose requests policy approves at once, and writers,
/// whose requests people approve.
final class Folder {
    static final int READERS = 16;
    static final int WRITERS = 100;
    static final String READ = "orders:read";
    static final String WRITE = "orders:write";
    static final String REVIEWER = "ana";
    static final String INTROSPECTOR = "gateway";

    final Path path;

    /// The reviewer's password.
    final String password = Ids.secret(15);

    /// As the configuration writes it.
    final String store;

    private final Map<String, String> secrets = new HashMap<>();

    private Folder(Path path, String store) {
        this.path = path;
        this.store = store;
    }

    static Folder write(Path path, String store) throws IOException {
        var folder = new Folder(Files.createDirectories(path), store);
        var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(path.resolve("master.key"), ours);
        Files.writeString(path.resolve("master.key"), MasterKey.generate() + "\n");
        Files.writeString(path.resolve("countersign.yaml"), folder.base());
        Files.writeString(path.resolve("policies.yaml"), POLICIES);
        Files.writeString(path.resolve("clients.yaml"), folder.clients());
        return folder;
    }

    /// The headers of a token request of that client.
    String headers(String client) {
        var basic = Base64.getEncoder()
                .encodeToString((client + ":" + secrets.get(client)).getBytes(StandardCharsets.UTF_8));
        return "Authorization: Basic " + basic + "\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    }

    private String clients() {
        var all = new StringBuilder("clients:\n").append(client(INTROSPECTOR, READ));
        for (int i = 0; i < READERS; i++) {
            all.append(client("reader-" + i, READ));
        }
        for (int i = 0; i < WRITERS; i++) {
            all.append(client("writer-" + i, WRITE));
        }
        return all.toString();
    }

    private String client(String id, String scope) {
        var secret = Ids.secret(32);
        secrets.put(id, secret);
        return """
                  - id: %s
                    name: %s
                    owner: builders
                    auth: { method: client_secret_basic, secrets: [ { hash: "sha256:%s" } ] }
                    grants: [client_credentials]
                    access: { "https://orders.example.com": ["%s"] }
                """.formatted(id, id, sha256(secret), scope);
    }

    private String base() {
        return """
                issuer: http://127.0.0.1:8080
                server: { listen: "127.0.0.1:0" }
                store: %s
                keys: { master: { file: master.key } }
                login:
                  local:
                    - { user: ana, name: Ana Lima, email: ana@example.com, password_hash: "%s" }
                groups:
                  reviewers: { members: [ana] }
                  builders: { members: [] }
                limits: { pending_per_client: 10000 }
                resources:
                  - id: https://orders.example.com
                    name: Orders API
                    owner: reviewers
                    introspected_by: [gateway]
                    scopes:
                      - { name: "orders:read", title: Read orders, risk: low }
                      - { name: "orders:write", title: Change orders, risk: high }
                """.formatted(store, PasswordHash.of(password).text());
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static final String POLICIES = """
            policies:
              - { rule: routine, when: "risk == LOW", approve: { lifetime: 60s } }
              - rule: what-can-hurt
                when: risk >= HIGH
                review: { stages: [ { group: reviewers, votes: 1 } ], within: 1d, collect: 1d, lifetime: 15m }
              - { rule: dormant, when: "usage.idle_days > 90 && risk >= HIGH", deny: "not used for {usage.idle_days} days" }
              - { rule: long-lived, when: "lifetime > 864000000", deny: lives too long }
              - { rule: builders-at-night, when: "client.owner == 'night' && time.hour < 6", deny: not at night }
              - { rule: untagged-admin, when: "scopes.exists(s, s.startsWith('admin:')) && !('admin' in client.tags)", deny: no }
            """;
}
