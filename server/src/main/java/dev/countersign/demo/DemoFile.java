package dev.countersign.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.countersign.http.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// `demo.json`: who is who in a demo and what to try, for people and scripts. It holds secrets, so it is its owner's
/// alone.
///
/// @param issuer the server's URL
/// @param dashboard where people go
public record DemoFile(
        String issuer, String dashboard, List<Client> clients, List<Person> people, List<Example> examples) {
    /// A client, with the secret that the configuration holds a hash of.
    public record Client(String id, String secret, List<String> grants, String note) {}

    /// Somebody who signs in.
    ///
    /// @param apiToken a bearer token for the API
    public record Person(
            String user,
            String password,
            String name,
            List<String> groups,
            @JsonProperty("api_token") String apiToken) {}

    /// Something to paste into a terminal.
    public record Example(String title, String curl) {}

    /// Keeps its own copies of the lists.
    public DemoFile {
        clients = List.copyOf(clients);
        people = List.copyOf(people);
        examples = List.copyOf(examples);
    }

    /// Reads the file.
    ///
    /// @throws Json.Malformed when it is none
    static DemoFile read(Path file) throws IOException {
        return Json.as(Files.readString(file), DemoFile.class);
    }

    /// Writes the file: whole or not at all, and ours alone from its first byte on.
    void write(Path file) throws IOException {
        var unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        Files.deleteIfExists(unfinished);
        Secrets.write(unfinished, pretty());
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// The client of that id.
    public Client client(String id) {
        return clients.stream()
                .filter(it -> it.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the demo has no client " + id));
    }

    /// The person of that user name.
    public Person person(String user) {
        return people.stream()
                .filter(it -> it.user().equals(user))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the demo has no user " + user));
    }

    /// One entry a line: people read it, too.
    private String pretty() {
        return "{\n  \"issuer\": " + Json.write(issuer) + ",\n  \"dashboard\": " + Json.write(dashboard) + ",\n"
                + lines("clients", clients) + ",\n" + lines("people", people) + ",\n" + lines("examples", examples)
                + "\n}\n";
    }

    private static String lines(String name, List<?> values) {
        return values.stream()
                .map(it -> "    " + Json.write(it))
                .collect(Collectors.joining(",\n", "  \"" + name + "\": [\n", "\n  ]"));
    }

    /// Files that nobody but their owner may read.
    static final class Secrets {
        private Secrets() {}

        static void write(Path file, String text) throws IOException {
            var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Set<StandardOpenOption> fresh = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var out = FileChannel.open(file, fresh, ours)) {
                var bytes = ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
        }
    }
}
