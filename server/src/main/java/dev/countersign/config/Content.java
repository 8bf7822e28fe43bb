package dev.countersign.config;

import dev.countersign.config.Shape.Section;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A configuration without its layout: one JSON value, whichever files it was cut into and in whichever order. It is a
/// configuration itself, with what it took from other files written out, and reads as the same again.
final class Content {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /// What the files that it names hold, by where their names stand.
    private final Map<Place, JsonNode> files;

    Content(Map<Place, JsonNode> files) {
        this.files = files;
    }

    /// The versioned part: everything but what is the node's own.
    JsonNode versioned(Piece.Entries root) {
        var object = JSON.objectNode();
        for (var entry : root.entries()) {
            if (!Schema.NODE.contains(entry.key())) {
                object.set(entry.key(), json(entry.value(), shape(Schema.ROOT, entry.key()), false));
            }
        }
        return object;
    }

    /// @param within whether it stands inside a thing, which is written in one place and keeps its order
    private JsonNode json(Piece piece, Shape shape, boolean within) {
        return switch (shape) {
            case Shape.Text _, Shape.Choice _, Shape.Span _, Shape.Condition _ -> JSON.stringNode(text(piece));
            // Of a secret it has where it is kept.
            case Shape.Whole _, Shape.Flag _, Shape.Open _, Shape.Secret _ -> plain(piece);
            case Shape.SetOf(var of) ->
                array(items(piece).map(it -> json(it, of, within)).sorted(Comparator.comparing(JsonNode::stringValue)));
            case Shape.ListOf(var of) -> array(items(piece).map(it -> json(it, of, within)));
            case Shape.Things(var by, var of) -> {
                var things = items(piece).map(it -> json(it, of, true));
                yield array(
                        within
                                ? things
                                : things.sorted(
                                        Comparator.comparing(it -> it.path(by).stringValue(""))));
            }
            case Shape.MapOf(_, var of) -> object((Piece.Entries) piece, _ -> of, within);
            case Section section -> object((Piece.Entries) piece, key -> shape(section, key), within);
            case Shape.JsonFile() ->
                piece instanceof Piece.Scalar ? Objects.requireNonNull(files.get(piece.at())) : plain(piece);
        };
    }

    private JsonNode object(Piece.Entries entries, Function<String, Shape> shapes, boolean within) {
        var object = JSON.objectNode();
        entries.entries().forEach(it -> object.set(it.key(), json(it.value(), shapes.apply(it.key()), within)));
        return object;
    }

    private static JsonNode array(Stream<JsonNode> items) {
        var array = JSON.arrayNode();
        items.forEach(array::add);
        return array;
    }

    /// JSON as YAML means it, with no schema to ask.
    static JsonNode plain(Piece piece) {
        return switch (piece) {
            case Piece.Entries entries -> {
                var object = JSON.objectNode();
                entries.entries().forEach(it -> object.set(it.key(), plain(it.value())));
                yield object;
            }
            case Piece.Items items -> array(items.items().stream().map(Content::plain));
            case Piece.Scalar scalar ->
                switch (scalar.kind()) {
                    case TEXT -> JSON.stringNode(scalar.text());
                    case INTEGER -> JSON.numberNode(Long.parseLong(scalar.text()));
                    case DECIMAL -> JSON.numberNode(new BigDecimal(scalar.text()));
                    case FLAG -> JSON.booleanNode(Boolean.parseBoolean(scalar.text()));
                    case NOTHING, UNREAD -> JSON.nullNode();
                };
        };
    }

    private static Shape shape(Section section, String key) {
        return section.key(key).orElseThrow().shape();
    }

    private static Stream<Piece> items(Piece piece) {
        return ((Piece.Items) piece).items().stream();
    }

    private static String text(Piece piece) {
        return ((Piece.Scalar) piece).text();
    }
}
