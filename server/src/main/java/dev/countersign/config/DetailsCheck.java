package dev.countersign.config;

import dev.countersign.http.Json;
import dev.countersign.oauth.DetailsType;
import dev.countersign.oauth.Risk;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Loads the types of authorization details, with the schemas that stand in files of their own.
final class DetailsCheck {
    private final Optional<Source> source;
    private final Faults faults;
    private final Map<Place, JsonNode> files = new HashMap<>();
    private final Map<String, Set<String>> numbers = new TreeMap<>();

    /// @param source where files are; empty when the configuration does not come from one
    DetailsCheck(Optional<Source> source, Faults faults) {
        this.source = source;
        this.faults = faults;
    }

    /// What the files hold, by where they are named.
    Map<Place, JsonNode> files() {
        return files;
    }

    /// The members that are numbers, by the types whose schemas could be read.
    Map<String, Set<String>> numbers() {
        return numbers;
    }

    void check(View details) {
        var schema = details.entries().get("schema").flatMap(this::schema);
        schema.ifPresent(it -> numbers.computeIfAbsent(details.text("type"), _ -> new TreeSet<>())
                .addAll(DetailsType.numbers(it)));
        if (schema.isEmpty() || !complete(details)) {
            return;
        }
        switch (load(details, schema.get())) {
            case DetailsType.Ready _ -> {}
            case DetailsType.Faulty(var found) ->
                found.forEach(it -> {
                    var key = it.part().name().toLowerCase(Locale.ROOT);
                    faults.add(details.at(key), "`" + key + "` of a details type: " + it.what());
                });
        }
    }

    static DetailsType.Loaded load(View details, JsonNode schema) {
        return DetailsType.load(
                details.text("type"),
                details.text("title"),
                risk(details).orElseThrow(),
                schema.toString(),
                details.sorted("lowerable"));
    }

    static Optional<Risk> risk(View thing) {
        for (var risk : Risk.values()) {
            if (risk.word().equals(thing.text("risk"))) {
                return Optional.of(risk);
            }
        }
        return Optional.empty();
    }

    /// Whatever is missing has been told.
    private static boolean complete(View details) {
        return !details.text("type").isEmpty()
                && !details.text("title").isEmpty()
                && risk(details).isPresent();
    }

    private Optional<JsonNode> schema(Piece piece) {
        return switch (piece) {
            case Piece.Entries entries -> Optional.of(Content.plain(entries));
            case Piece.Scalar scalar -> file(scalar);
            case Piece.Items _ -> Optional.empty();
        };
    }

    private Optional<JsonNode> file(Piece.Scalar name) {
        if (source.isEmpty()) {
            faults.add(name.at(), "a published configuration has no files; write the schema itself");
            return Optional.empty();
        }
        var text = source.get().text(name.text(), name.at());
        try {
            var json = text.map(Json::read);
            json.ifPresent(it -> files.put(name.at(), it));
            return json;
        } catch (Json.Malformed e) {
            faults.add(name.at(), "`" + name.text() + "` cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }
}
