package dev.countersign.http;

import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON, RFC 8259, read so strictly that two readers cannot disagree about it: a name twice in an object, half a
/// surrogate pair or anything behind the value is refused, and numbers keep every digit.
public final class Json {
    /// As deep as anything we read may be; callers that want less say so.
    private static final int MAX_DEPTH = 64;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .maxNameLength(1_000)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /// What is not the JSON that was wanted. Its message may go to whoever sent it.
    public static final class Malformed extends RuntimeException {
        Malformed(String said) {
            super(said, null, false, false);
        }
    }

    /// Reads one value, no deeper than we read anything.
    public static JsonNode read(String text) {
        return read(text, MAX_DEPTH);
    }

    /// Reads one value, at most so deep: a number has depth 0, an array of numbers 1.
    public static JsonNode read(String text, int maxDepth) {
        try {
            return checked(MAPPER.readTree(text), maxDepth);
        } catch (JacksonException e) {
            throw new Malformed(said(e));
        } catch (NumberFormatException e) {
            // Of an exponent beyond an int Jackson makes no exception of its own.
            throw new Malformed("not JSON: a number is too large or too small");
        }
    }

    /// Reads one value from UTF-8.
    public static JsonNode read(byte[] utf8) {
        return read(Utf8.decode(ByteBuffer.wrap(utf8)).orElseThrow(() -> new Malformed("the JSON is not UTF-8")));
    }

    /// Reads what [#write] wrote of a record of ours.
    public static <T> T as(String text, Class<T> type) {
        return MAPPER.readValue(text, type);
    }

    /// Writes a map, a list, a record or a node.
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// Writes a map, a list, a record or a node in UTF-8.
    public static byte[] bytes(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /// A map, a list or a record as a node.
    public static JsonNode node(Object value) {
        return MAPPER.valueToTree(value);
    }

    /// An object to be filled.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// A list to be filled.
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// The one text that all values equal to this one have, RFC 8785.
    public static String canonical(JsonNode value) {
        return CanonicalJson.write(value);
    }

    private static JsonNode checked(JsonNode node, int maxDepth) {
        if (node.isMissingNode()) {
            throw new Malformed("there is no JSON");
        }
        check(node, maxDepth);
        return node;
    }

    private static void check(JsonNode node, int depthLeft) {
        if (node.isString()) {
            whole(node.stringValue());
        } else if (node.isContainer()) {
            if (depthLeft == 0) {
                throw new Malformed("the JSON is nested too deeply");
            }
            for (var entry : node.properties()) {
                whole(entry.getKey());
            }
            for (var child : node) {
                check(child, depthLeft - 1);
            }
        }
    }

    private static void whole(String text) {
        if (!CanonicalJson.isWhole(text)) {
            throw new Malformed("the JSON has half a surrogate pair");
        }
    }

    /// Jackson's message without its quotations of the input.
    private static String said(JacksonException e) {
        var at = e.getLocation();
        return at == null ? "not JSON" : "not JSON, near line " + at.getLineNr() + ", column " + at.getColumnNr();
    }
}
