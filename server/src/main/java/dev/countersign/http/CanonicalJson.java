package dev.countersign.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// The JSON Canonicalization Scheme, RFC 8785. A value that it cannot tell from another one is refused, so that what
/// was approved under a hash is one thing only.
final class CanonicalJson {
    private static final String HEX = "0123456789abcdef";

    /// §3.2.3: by UTF-16 code units, as Java compares strings.
    private static final Comparator<Map.Entry<String, JsonNode>> BY_NAME = Map.Entry.comparingByKey();

    private CanonicalJson() {}

    static String write(JsonNode value) {
        var out = new StringBuilder(256);
        append(value, out);
        return out.toString();
    }

    private static void append(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> appendObject(value, out);
            case ARRAY -> appendArray(value, out);
            case STRING -> appendString(value.stringValue(), out);
            case NUMBER -> appendNumber(value, out);
            case BOOLEAN, NULL -> out.append(value.asString("null"));
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not JSON: " + value.getNodeType());
        }
    }

    private static void appendObject(JsonNode object, StringBuilder out) {
        var members = new ArrayList<>(object.properties());
        members.sort(BY_NAME);
        char separator = '{';
        for (var member : members) {
            out.append(separator);
            appendString(member.getKey(), out);
            out.append(':');
            append(member.getValue(), out);
            separator = ',';
        }
        out.append(members.isEmpty() ? "{}" : "}");
    }

    private static void appendArray(JsonNode array, StringBuilder out) {
        char separator = '[';
        for (var element : array) {
            out.append(separator);
            append(element, out);
            separator = ',';
        }
        out.append(array.isEmpty() ? "[]" : "]");
    }

    /// §3.2.2.2
    private static void appendString(String text, StringBuilder out) {
        if (!isWhole(text)) {
            throw new Json.Malformed("the JSON has half a surrogate pair");
        }
        out.append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /// §3.2.2.3. A number that is no IEEE 754 double would be rounded to one, and two amounts would look the same.
    private static void appendNumber(JsonNode number, StringBuilder out) {
        if (number.isInt()) {
            out.append(number.intValue());
            return;
        }
        boolean binary = number.isDouble() || number.isFloat();
        double rounded = binary ? number.doubleValue() : number.decimalValue().doubleValue();
        if (!Double.isFinite(rounded)) {
            throw new Json.Malformed("the JSON has a number that is too large");
        }
        var text = EcmaNumber.toString(rounded);
        if (!binary && new BigDecimal(text).compareTo(number.decimalValue()) != 0) {
            throw new Json.Malformed("the JSON has a number of more digits than a double holds");
        }
        out.append(text);
    }

    /// Whether all surrogates come in pairs, as I-JSON wants, RFC 7493 §2.1.
    static boolean isWhole(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || at + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(at + 1))) {
                    return false;
                }
                at++;
            }
        }
        return true;
    }
}
