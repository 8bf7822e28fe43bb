package dev.countersign.config;

import dev.countersign.config.Piece.Kind;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import tools.jackson.databind.JsonNode;

/// JSON as pieces, for a configuration that comes from the store or over the API. There a place is a JSON pointer.
final class Pieces {
    private Pieces() {}

    static Piece of(JsonNode node, String pointer) {
        var at = new Place(pointer.isEmpty() ? "/" : pointer, 1, 1);
        return switch (node.getNodeType()) {
            case OBJECT ->
                new Piece.Entries(
                        at,
                        node.properties().stream()
                                .map(it -> entry(it.getKey(), it.getValue(), pointer))
                                .toList());
            case ARRAY -> {
                var items = new ArrayList<Piece>();
                for (int i = 0; i < node.size(); i++) {
                    items.add(of(node.get(i), pointer + "/" + i));
                }
                yield new Piece.Items(at, List.copyOf(items));
            }
            case STRING -> scalar(at, node.stringValue(), Kind.TEXT);
            case NUMBER -> scalar(at, node.asString(), node.isIntegralNumber() ? Kind.INTEGER : Kind.DECIMAL);
            case BOOLEAN -> scalar(at, node.asString(), Kind.FLAG);
            case NULL, BINARY, MISSING, POJO -> scalar(at, "null", Kind.NOTHING);
        };
    }

    private static Piece.Entry entry(String key, JsonNode value, String pointer) {
        // RFC 6901 §3
        var below = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
        return new Piece.Entry(new Place(below, 1, 1), key, of(value, below));
    }

    private static Piece.Scalar scalar(Place at, String text, Kind kind) {
        var source = text.codePoints().toArray();
        return new Piece.Scalar(at, text, kind, new Spots(at.file(), source, 0, ScalarStyle.PLAIN, text));
    }
}
