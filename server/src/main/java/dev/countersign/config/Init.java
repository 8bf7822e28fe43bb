package dev.countersign.config;

import dev.countersign.people.PasswordHash;
import dev.countersign.store.Ids;
import dev.countersign.store.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/// Writes a first configuration folder: small files with comments, a master key, an administrator and an example client
/// to try it with.
public final class Init {
    /// The files of the folder that are YAML.
    private static final List<String> FILES =
            List.of("countersign.yaml", "people.yaml", "resources.yaml", "clients.yaml", "policies.yaml");

    private Init() {}

    /// What came of it.
    public sealed interface Written {
        /// The secrets are nowhere else: they are to be shown once.
        record Done(List<Path> files, String user, String password, String client, String secret) implements Written {}

        /// The folder holds something already, and nothing was touched.
        record NotEmpty(Path folder) implements Written {}
    }

    /// Writes it into a folder that is empty, or not there yet.
    public static Written write(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                return new Written.NotEmpty(folder);
            }
        }
        var password = Ids.secret(15);
        var passwordHash = PasswordHash.of(password).text();
        var secret = Ids.secret(32);
        secret(folder.resolve("master.key"), MasterKey.generate());
        for (var name : FILES) {
            var text = template(name)
                    .replace("@PASSWORD_HASH@", passwordHash)
                    .replace("@SECRET_HASH@", Hashes.sha256(secret));
            Files.writeString(folder.resolve(name), text, StandardOpenOption.CREATE_NEW);
        }
        Files.writeString(folder.resolve(".gitignore"), "master.key\n*.db\n*.db-*\n", StandardOpenOption.CREATE_NEW);
        var files = Stream.concat(FILES.stream(), Stream.of("master.key", ".gitignore"))
                .map(folder::resolve)
                .toList();
        return new Written.Done(files, "admin", password, "example-bot", secret);
    }

    /// Ours alone from its first byte on.
    private static void secret(Path file, String text) throws IOException {
        var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Set<StandardOpenOption> fresh = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var out = Files.newByteChannel(file, fresh, ours)) {
            out.write(StandardCharsets.US_ASCII.encode(text + "\n"));
        }
    }

    private static String template(String name) throws IOException {
        try (var in = Objects.requireNonNull(Init.class.getResourceAsStream("/init/" + name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
