package dev.countersign.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A configuration folder on disk. Finds its YAML files, hidden ones left out, and reads no file outside of it: what
/// decides over tokens is what lies in the folder and nothing else.
final class Folder implements Source {
    static final int FILE_BYTES = 1 << 20;
    static final int FILES = 1_000;
    static final String TOO_LONG = "the file is longer than 1 MiB; cut it into several";
    private static final int DEPTH = 8;

    private final Path path;
    private final Faults faults;
    private final List<String> names = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();
    private final Map<String, String> taken = new TreeMap<>();

    Folder(Path path, Faults faults) {
        this.path = path;
        this.faults = faults;
    }

    @Override
    public Place whole() {
        var name = path.toAbsolutePath().normalize().getFileName();
        return new Place(name == null ? "/" : name.toString(), 1, 1);
    }

    /// Its `*.yaml` and `*.yml` by name, with `/` between the parts.
    @Override
    public List<Document> documents() {
        if (!Files.isDirectory(path)) {
            faults.add(whole(), "there is no such folder; `countersign init DIR` writes a first one");
            return List.of();
        }
        list(path, "", 0);
        if (names.isEmpty() && faults.none()) {
            faults.add(whole(), "the folder has no *.yaml file; `countersign init DIR` writes a first one");
        }
        if (names.size() > FILES) {
            faults.add(whole(), "the folder has more than " + FILES + " files; write fewer, longer ones");
            return List.of();
        }
        return names.stream().flatMap(name -> read(name).stream()).toList();
    }

    @Override
    public Optional<String> text(String name, Place at) {
        try {
            var file = path.resolve(name).toRealPath();
            if (!file.startsWith(path.toRealPath())) {
                faults.add(at, "`" + name + "` lies outside the folder; put the file into it");
                return Optional.empty();
            }
            return text(file, name);
        } catch (IOException | InvalidPathException _) {
            faults.add(at, "there is no file `" + name + "`; paths start at the configuration folder");
            return Optional.empty();
        }
    }

    private void list(Path folder, String prefix, int depth) {
        try (Stream<Path> entries = Files.list(folder)) {
            for (var entry : entries.sorted().toList()) {
                var name = String.valueOf(entry.getFileName());
                if (!name.startsWith(".")) {
                    visit(entry, prefix + name, depth);
                }
            }
        } catch (IOException e) {
            faults.add(new Place(prefix.isEmpty() ? whole().file() : prefix, 1, 1), unreadable(e));
        }
    }

    private void visit(Path entry, String name, int depth) throws IOException {
        var at = new Place(name, 1, 1);
        boolean link = Files.isSymbolicLink(entry);
        if (Files.isDirectory(entry)) {
            if (link) {
                faults.add(at, "a link to a folder is not followed; put the folder itself here");
            } else if (depth == DEPTH) {
                faults.add(at, "folders are nested more than " + DEPTH + " deep; flatten them");
            } else {
                list(entry, name + "/", depth + 1);
            }
        } else if (isYaml(name)) {
            if (!Files.isRegularFile(entry)) {
                faults.add(at, "this is not a file; take it out or give it another name");
            } else if (!entry.toRealPath().startsWith(path.toRealPath())) {
                faults.add(at, "this is a link out of the folder; put the file itself here");
            } else if (seen.add(entry.toRealPath())) {
                names.add(name);
            }
        }
    }

    private Optional<Document> read(String name) {
        return text(path.resolve(name), name)
                .flatMap(text -> Yaml.read(name, text, faults))
                .map(piece -> new Document(name, piece));
    }

    private Optional<String> text(Path file, String name) {
        var at = new Place(name, 1, 1);
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES + 1);
            if (bytes.length > FILE_BYTES) {
                faults.add(at, TOO_LONG);
                return Optional.empty();
            }
            return decode(bytes, name);
        } catch (IOException e) {
            faults.add(at, unreadable(e));
            return Optional.empty();
        }
    }

    private Optional<String> decode(byte[] bytes, String name) {
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        var result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        var text = out.flip().toString();
        if (result.isError()) {
            int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
            int column = text.codePointCount(text.lastIndexOf('\n') + 1, text.length()) + 1;
            faults.add(new Place(name, line, column), "this is not UTF-8; save the file as UTF-8");
            return Optional.empty();
        }
        var whole = text.startsWith("\uFEFF") ? text.substring(1) : text;
        taken.put(Path.of(name).normalize().toString(), whole);
        return Optional.of(whole);
    }

    private static String unreadable(IOException e) {
        return "cannot be read (" + e.getClass().getSimpleName() + "); let the server's user read it";
    }

    /// What was read of it so far, by name.
    Map<String, String> taken() {
        return Map.copyOf(taken);
    }

    static boolean isYaml(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }
}
