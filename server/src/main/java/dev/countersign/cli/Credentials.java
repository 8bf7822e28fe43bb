package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What `login` keeps on this machine: a token for each server, in a file that its user alone may read.
final class Credentials {
    private static final String FILE = "credentials.json";

    private Credentials() {}

    /// A token that is kept.
    record Kept(String id, String token, String user, String expiresAt) {}

    private static Path file() {
        return Path.of(System.getProperty("user.home", "."), ".config", "countersign", FILE);
    }

    static Optional<Kept> of(String url) {
        var it = all().path(key(url));
        return it.isObject()
                ? Optional.of(new Kept(
                        it.path("id").asString(""),
                        it.path("token").asString(""),
                        it.path("user").asString(""),
                        it.path("expires_at").asString("")))
                : Optional.empty();
    }

    static void keep(String url, Kept kept) {
        var all = all();
        var it = Json.object();
        it.put("id", kept.id());
        it.put("token", kept.token());
        it.put("user", kept.user());
        it.put("expires_at", kept.expiresAt());
        all.set(key(url), it);
        write(all);
    }

    static void forget(String url) {
        var all = all();
        if (all.remove(key(url)) != null) {
            write(all);
        }
    }

    private static String key(String url) {
        return url.replaceFirst("/+$", "");
    }

    private static ObjectNode all() {
        try {
            return Files.exists(file()) && Json.read(Files.readString(file(), UTF_8)) instanceof ObjectNode all
                    ? all
                    : Json.object();
        } catch (Json.Malformed e) {
            throw new Failure(file() + " is not what login wrote: take it away, and sign in again");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whole or not at all, and never readable by others, be it for a moment.
    private static void write(ObjectNode all) {
        try {
            var folder = Objects.requireNonNull(file().getParent());
            Files.createDirectories(folder);
            var fresh = Files.createTempFile(
                    folder,
                    FILE,
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, Json.write(all), UTF_8);
            Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
