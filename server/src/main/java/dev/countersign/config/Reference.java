package dev.countersign.config;

import dev.countersign.config.Shape.Presence;
import dev.countersign.config.Shape.Section;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Prints docs/reference/configuration.md from the schema.
final class Reference {
    private static final String HEAD = """
            # Configuration

            A folder of `*.yaml` and `*.yml` files, hidden ones left out. Files merge by key, and where a file sits means
            nothing: sections are united key by key, lists of things one after the other. The same thing twice is a fault
            that names both places. Unknown keys are faults; `countersign check DIR` tells all of them at once as
            `file:line:column: what is wrong, and what to do`.

            The files are plain YAML 1.2 in UTF-8, of 1 MiB at most, without anchors, aliases and tags. Lengths of time carry
            their unit: `90s`, `15m`, `8h`, `30d`. A secret is never written here except as a hash.

            `issuer`, `server`, `store` and `keys` are the node's own. Everything else is versioned: its version is the
            SHA-256 of its canonical JSON, which does not depend on layout, order of keys or comments.

            This page is printed from the schema that folders are checked against.
            """;

    private final StringBuilder page = new StringBuilder(HEAD);

    private Reference() {}

    static String markdown() {
        var reference = new Reference();
        reference.section("Top level", Schema.ROOT);
        Schema.ROOT.keys().forEach(key -> reference.below(key.name(), key));
        return reference.page.toString();
    }

    private void section(String title, Section section) {
        page.append("\n## ").append(title).append("\n\n");
        page.append("| key | type | default | example | |\n| --- | --- | --- | --- | --- |\n");
        section.keys().stream().filter(key -> key.presence() != Presence.LATER).forEach(this::row);
        var later = section.keys().stream()
                .filter(key -> key.presence() == Presence.LATER)
                .toList();
        if (!later.isEmpty()) {
            page.append("\nNot in this version yet, and a fault that says so: ")
                    .append(later.stream()
                            .map(it -> "`" + it.name() + "` (" + sentence(it) + ")")
                            .collect(Collectors.joining(", ")))
                    .append(".\n");
        }
    }

    private static String sentence(Shape.Key key) {
        var about = key.about();
        return about.endsWith(".") ? about.substring(0, about.length() - 1) : about;
    }

    private void row(Shape.Key key) {
        var fallback = key.presence() == Presence.REQUIRED ? "required" : code(key.fallback());
        page.append("| `%s` | %s | %s | %s | %s |%n"
                .formatted(key.name(), cell(type(key.shape())), fallback, code(key.example()), cell(key.about()))
                .replace("\r", ""));
    }

    private void below(String path, Shape.Key key) {
        inner(key.shape()).ifPresent(section -> {
            section("`" + path + suffix(key.shape()) + "`", section);
            section.keys().forEach(it -> below(path + suffix(key.shape()) + "." + it.name(), it));
        });
    }

    private static Optional<Section> inner(Shape shape) {
        return switch (shape) {
            case Section section -> Optional.of(section);
            case Shape.Things(_, var of) -> Optional.of(of);
            case Shape.ListOf(var of) -> Optional.of(of);
            case Shape.MapOf(_, var of) -> inner(of);
            case Shape.Text _,
                    Shape.Choice _,
                    Shape.Whole _,
                    Shape.Flag _,
                    Shape.Span _,
                    Shape.Secret _,
                    Shape.Condition _,
                    Shape.SetOf _,
                    Shape.Open _,
                    Shape.JsonFile _ -> Optional.empty();
        };
    }

    private static String suffix(Shape shape) {
        return switch (shape) {
            case Shape.Things _, Shape.ListOf _ -> "[]";
            case Shape.MapOf _ -> ".NAME";
            case Section _,
                    Shape.Text _,
                    Shape.Choice _,
                    Shape.Whole _,
                    Shape.Flag _,
                    Shape.Span _,
                    Shape.Secret _,
                    Shape.Condition _,
                    Shape.SetOf _,
                    Shape.Open _,
                    Shape.JsonFile _ -> "";
        };
    }

    private static String type(Shape shape) {
        return switch (shape) {
            case Shape.Text(var form) -> form.word;
            case Shape.Choice(var words, var later) ->
                words(words) + (later.isEmpty() ? "" : "; not yet: " + words(later));
            case Shape.Whole(var least, var most) -> "number, " + least + " to " + most;
            case Shape.Flag() -> "`true` or `false`";
            case Shape.Span(var least, var most) ->
                "length of time, " + Units.written(least) + " to " + Units.written(most);
            case Shape.Secret() -> "secret: `{ file: PATH }`";
            case Shape.Condition() -> "CEL condition";
            case Shape.SetOf(var of) -> "set of: " + type(of);
            case Shape.ListOf _ -> "list";
            case Shape.Things(var by, _) -> "list, by `" + by + "`";
            case Shape.MapOf(var name, var of) -> "map from " + name.word + " to " + type(of);
            case Section _ -> "section";
            case Shape.Open() -> "map";
            case Shape.JsonFile() -> "JSON file, or a map";
        };
    }

    private static String words(List<String> words) {
        return words.stream().map(it -> "`" + it + "`").collect(Collectors.joining(", "));
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : text.startsWith("`") ? text : "`" + cell(text) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
