package dev.countersign.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The files of a configuration folder as somebody sent them: names and texts in memory. No disk is looked at, whatever
/// a name says.
final class Sent implements Source {
    private static final int NAME = 200;
    private static final Pattern PLAIN = Pattern.compile("[^/\\\\\\p{C}]+(/[^/\\\\\\p{C}]+)*");

    private final Map<String, String> texts = new HashMap<>();
    private final Faults faults;

    /// @param texts by the file's name, with `/` between the parts
    Sent(Map<String, String> texts, Faults faults) {
        this.faults = faults;
        new TreeMap<>(texts).forEach(this::take);
        if (texts.size() > Folder.FILES) {
            faults.add(whole(), "the folder has more than " + Folder.FILES + " files; write fewer, longer ones");
            this.texts.clear();
        }
    }

    private void take(String name, String text) {
        if (!isPlain(name)) {
            faults.add(
                    whole(),
                    "a file's name is a path inside the folder: at most %d characters, and no part is hidden, `.` or `..`"
                            .formatted(NAME));
        } else if (text.codePointCount(0, text.length()) > Folder.FILE_BYTES) {
            faults.add(new Place(name, 1, 1), Folder.TOO_LONG);
        } else {
            texts.put(name, text);
        }
    }

    private static boolean isPlain(String name) {
        return name.length() <= NAME
                && PLAIN.matcher(name).matches()
                && List.of(name.split("/", -1)).stream().noneMatch(it -> it.startsWith("."));
    }

    @Override
    public Place whole() {
        return new Place("(sent)", 1, 1);
    }

    @Override
    public List<Document> documents() {
        var names = texts.keySet().stream().filter(Folder::isYaml).sorted().toList();
        if (names.isEmpty() && faults.none()) {
            faults.add(whole(), "no *.yaml file was sent");
        }
        return names.stream()
                .flatMap(
                        name -> Yaml.read(name, Objects.requireNonNull(texts.get(name)), faults)
                                .map(it -> new Document(name, it))
                                .stream())
                .toList();
    }

    @Override
    public Optional<String> text(String name, Place at) {
        var text = normal(name).flatMap(it -> Optional.ofNullable(texts.get(it)));
        if (text.isEmpty()) {
            faults.add(at, "there is no file `" + name + "` among those that were sent");
        }
        return text;
    }

    private static Optional<String> normal(String name) {
        try {
            return Optional.of(Path.of(name).normalize().toString());
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
