package dev.countersign.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The OAuth endpoints, as the client whose secret lies in a file. Authenticates by `client_secret_basic`.
final class ClientAccess {
    @Mixin
    private final Address server = new Address();

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            defaultValue = "${env:COUNTERSIGN_CLIENT_ID}",
            description = "The client; or COUNTERSIGN_CLIENT_ID.")
    private @Nullable String id;

    @Option(
            names = "--client-secret-file",
            paramLabel = "FILE",
            defaultValue = "${env:COUNTERSIGN_CLIENT_SECRET_FILE}",
            description = "A file with its secret; or COUNTERSIGN_CLIENT_SECRET_FILE.")
    private @Nullable Path secretFile;

    private final Web web = new Web();

    Web web() {
        return web;
    }

    /// A form for that endpoint, authenticated.
    HttpRequest.Builder form(String path, Map<String, String> fields) {
        var form = fields.entrySet().stream()
                .map(it -> Web.encoded(it.getKey()) + "=" + Web.encoded(it.getValue()))
                .collect(Collectors.joining("&"));
        return server.request(path)
                .header("Authorization", "Basic " + basic())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    /// RFC 6749 §2.3.1: both parts are encoded as in a form.
    private String basic() {
        if (id == null || id.isEmpty()) {
            throw new Failure("which client? Set COUNTERSIGN_CLIENT_ID, or give --client-id");
        }
        var pair = Web.encoded(id) + ":" + Web.encoded(secret());
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private String secret() {
        if (secretFile == null) {
            throw new Failure("which secret? Set COUNTERSIGN_CLIENT_SECRET_FILE, or give --client-secret-file");
        }
        try {
            return Files.readString(secretFile).strip();
        } catch (IOException e) {
            throw new Failure("the client's secret cannot be read from " + secretFile);
        }
    }
}
